package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// errNotRaw says that a driver lacks what eachRaw needs.
var errNotRaw = errors.New("store: the driver has no ExecContext")

// eachRaw has the statement prepared by the driver itself and calls f with a function
// that runs it. That spares a row a tenth of its time on SQLite: database/sql locks,
// converts and allocates for each. The arguments must be values that every driver
// takes: string, int64, []byte, time.Time or nil.
func eachRaw(ctx context.Context, conn *sql.Conn, query string, f func(exec execer) error) error {
	return conn.Raw(func(c any) (err error) {
		stmt, err := prepareRaw(ctx, c, query)
		if err != nil {
			return err
		}
		defer func() { _ = stmt.Close() }()
		raw, ok := stmt.(driver.StmtExecContext)
		if !ok {
			return errNotRaw
		}
		var named []driver.NamedValue
		return f(func(ctx context.Context, args ...any) (sql.Result, error) {
			named = named[:0]
			for i, a := range args {
				named = append(named, driver.NamedValue{Ordinal: i + 1, Value: a})
			}
			return raw.ExecContext(ctx, named)
		})
	})
}

func prepareRaw(ctx context.Context, conn any, query string) (driver.Stmt, error) {
	switch c := conn.(type) {
	case driver.ConnPrepareContext:
		return c.PrepareContext(ctx, query)
	case driver.Conn:
		return c.Prepare(query)
	}
	return nil, errNotRaw
}

// execer runs a prepared statement.
type execer func(ctx context.Context, args ...any) (sql.Result, error)
