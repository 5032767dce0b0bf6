package postgres

import (
	"cmp"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// parse reads a connection string. The errors of pgx quote it, and what hides the
// password there goes by its form: so none of their text is passed on.
func parse(dsn string) (*pgx.ConnConfig, error) {
	if strings.TrimSpace(dsn) == "" {
		return nil, errors.New("postgres: empty connection string: want " + wantDSN)
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, errors.New("postgres: the connection string cannot be read: " + reason(err) + "; want " + wantDSN)
	}
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, connectTimeout)
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = application
	}
	return cfg, nil
}

const wantDSN = "postgres://user:password@host:5432/database?sslmode=require, with %-escapes in the password, or host=… port=… user=… password=… dbname=…"

// reason says in words of our own why a connection string was refused.
func reason(err error) string {
	text := err.Error()
	for _, r := range []struct{ sign, reason string }{
		{"failed to parse as URL", "it is no valid URL: a password must have its special characters %-escaped"},
		{"invalid port", "the port is not a number from 1 to 65535"},
		{"sslmode is invalid", "sslmode is none of disable, allow, prefer, require, verify-ca and verify-full"},
		{"target_session_attrs", "target_session_attrs is not one that exists"},
		{"connect_timeout", "connect_timeout is not a number of seconds"},
		{"service", "its service is not in the service file"},
		{"failed to configure TLS", "a file of sslrootcert, sslcert or sslkey cannot be read"},
		{"failed to parse as DSN", "it is no list of key=value"},
		{"failed to parse as keyword/value", "it is no list of key=value"},
	} {
		if strings.Contains(text, r.sign) {
			return r.reason
		}
	}
	return "it has a wrong form"
}

// hint says what to do about an error of the server or the network.
func hint(err error) string {
	var coded *pgconn.PgError
	if errors.As(err, &coded) {
		return hints[coded.Code]
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		text := err.Error()
		switch {
		case strings.Contains(text, "refused"):
			return "; is the server running, and does it listen at this address and port?"
		case strings.Contains(text, "no such host"):
			return "; the name of the host is not known here"
		case strings.Contains(text, "refused TLS"), strings.Contains(text, "tls:"):
			return "; the server and sslmode in the connection string do not agree"
		}
		return "; check the address, the network between, and the server's log"
	}
	return ""
}

// hints by SQLSTATE.
var hints = map[string]string{
	"28P01": "; the password is wrong, or the user is: correct the connection string",
	"28000": "; the server does not let this user in from here: see its pg_hba.conf",
	"3D000": "; create the database first: CREATE DATABASE …",
	"3F000": "; create the schema first: CREATE SCHEMA …, or choose another with Options.Table",
	"42501": "; GRANT the right that is missing, or have a role that has it run what MigrateSQL prints, and set Options.NoMigrate",
	"53300": "; the server has no connection left: end some, or raise its max_connections",
	"57P03": "; the server is starting up or shutting down: try again",
	"42704": "; what the table needs is missing in the database: see Options.Layout",
}
