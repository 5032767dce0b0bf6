package postgres

import (
	"cmp"
	"errors"
	"net/url"
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
	if err := suspicious(dsn); err != nil {
		return nil, err
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

// suspicious refuses URLs that can be read but are not meant so: then parts of a
// password would be taken for a host, and shown, and asked the name server for.
func suspicious(dsn string) error {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return nil
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return errURL
	}
	if u.Fragment != "" || strings.Contains(u.Path, "@") || strings.Contains(u.RawQuery, "@") {
		return errors.New("postgres: the connection string seems to have a special character in its password (one of @ / ? #) that is not %-escaped; want " + wantDSN)
	}
	var foreign []string
	for _, name := range []string{"schema", "pgbouncer", "connection_limit", "pool_timeout", "socket_timeout", "statement_cache_size", "sslaccept", "sslidentity"} {
		if u.Query().Has(name) {
			foreign = append(foreign, name)
		}
	}
	if len(foreign) > 0 {
		return errors.New("postgres: the connection string has parameters of Prisma (" + strings.Join(foreign, ", ") +
			"): leave them out; name the schema in Options.Table (public.Log), and through PgBouncer add default_query_exec_mode=simple_protocol")
	}
	return nil
}

var errURL = errors.New("postgres: the connection string is no valid URL: a password must have its special characters %-escaped; want " + wantDSN)

const wantDSN = "postgres://user:password@host:5432/database?sslmode=require, with %-escapes in the password, or host=… port=… user=… password=… dbname=…"

// reason says in words of our own why a connection string was refused.
func reason(err error) string {
	text := err.Error()
	for _, r := range []struct{ sign, reason string }{
		{"failed to parse as URL", "it is no valid URL"},
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
		if strings.Contains(err.Error(), "MigrateSQL") {
			return "" // the store has said what to do
		}
		return hints[coded.Code]
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		text := err.Error()
		switch {
		case strings.Contains(text, "refused TLS"):
			return "; the server has no TLS: switch ssl on there, or, where the network is safe, say sslmode=disable"
		case strings.Contains(text, "tls:"), strings.Contains(text, "x509:"):
			return "; the server's certificate is not one that sslmode and sslrootcert in the connection string accept"
		case strings.Contains(text, "refused"):
			return "; is the server running, and does it listen at this address and port?"
		case strings.Contains(text, "no such host"):
			return "; the name of the host is not known here"
		}
		return "; check the address, the network between, and the server's log"
	}
	return ""
}

// ofRepartition recognises an event that is refused only until a Repartition is
// over.
func ofRepartition(err error) bool {
	var coded *pgconn.PgError
	return errors.As(err, &coded) && coded.ConstraintName == within
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
	"42704": "; if it is a parameter of the connection string that the server does not know, leave it out",
}
