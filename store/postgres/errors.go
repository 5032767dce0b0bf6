package postgres

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"github.com/callastar/syslog/store"
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
			"): leave them out; name the schema in Options.Table (public.Log), and through PgBouncer add default_query_exec_mode=cache_describe")
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
	if strings.Contains(err.Error(), "MigrateSQL") {
		return "" // the store has said what to do
	}
	var coded *pgconn.PgError
	if errors.As(err, &coded) {
		return store.SQLState(coded.Code).Hint
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return connectHint(connect)
	}
	return ""
}

// connectHint says what to do where no connection could be made.
func connectHint(err *pgconn.ConnectError) string {
	text := err.Error()
	switch {
	case strings.Contains(text, refusedTLS):
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

// plain replaces an error that quotes a connection string: what hides the password
// there goes by its form. It comes where the driver reads the string again for each
// connection, and a file that it names is gone since.
func plain(err error) error {
	var quoting *pgconn.ParseConfigError
	if !errors.As(err, &quoting) {
		return err
	}
	return unreadable{reason(quoting)}
}

// unreadable is a connection string that can no longer be read.
type unreadable struct{ reason string }

func (e unreadable) Error() string { return "the connection string cannot be read: " + e.reason }
