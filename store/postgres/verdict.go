package postgres

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"strings"

	"github.com/callastar/syslog/store"
	"github.com/jackc/pgx/v5/pgconn"
)

// verdict judges an error of a write: by SQLSTATE, and, where the same one has
// several causes, by what else the server tells.
func (l *layout) verdict(err error, table string) (store.Verdict, bool) {
	switch e := err.(type) { //nolint:errorlint // store.Judge does the unwrapping
	case *pgconn.PgError:
		return l.byServer(e, table), true
	case *pgconn.ConnectError:
		return byConnect(e), true
	case unreadable:
		return store.Verdict{Class: store.Misconfigured, Hint: "; correct it, or put the file back"}, true
	case interface{ SQLState() string }: // of another driver
		return store.SQLState(e.SQLState()), true
	}
	return store.Verdict{}, false
}

func (l *layout) byServer(e *pgconn.PgError, table string) store.Verdict {
	if e.ConstraintName == within {
		return store.Verdict{} // only until a Repartition is over
	}
	said := store.ServerError{Code: e.Code, Table: e.TableName, Column: e.ColumnName, Constraint: e.ConstraintName, Routine: e.Routine}
	return said.Verdict(table, "id", "level", "type", "actor", strings.Trim(l.actorID, `"`), "message", "metadata", strings.Trim(l.createdAt, `"`))
}

// refusedTLS is what pgx says, in text only.
const refusedTLS = "refused TLS"

// byConnect goes by the last address that was tried: the driver goes on to others,
// or without TLS, for as long as there may be a better answer. There is no event in
// it yet to be at fault.
func byConnect(e *pgconn.ConnectError) store.Verdict {
	err := last(e)
	var coded *pgconn.PgError
	if errors.As(err, &coded) {
		v := store.SQLState(coded.Code)
		if v.Class == store.Poison {
			v = store.Verdict{Class: store.Misconfigured, Hint: "; correct the connection string"}
		}
		return v
	}
	v := store.Verdict{Hint: connectHint(e)}
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		name        x509.HostnameError
		invalid     x509.CertificateInvalidError
	)
	if strings.Contains(err.Error(), refusedTLS) || errors.As(err, &certificate) || errors.As(err, &authority) ||
		errors.As(err, &name) || errors.As(err, &invalid) {
		v.Class = store.Misconfigured
	}
	return v
}

// last is the last one of the errors that are joined in an error, or itself.
func last(err error) error {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if joined, ok := inner.(interface{ Unwrap() []error }); ok { //nolint:errorlint // errors.Unwrap does not see into these
			if all := joined.Unwrap(); len(all) > 0 {
				return last(all[len(all)-1])
			}
		}
	}
	return err
}
