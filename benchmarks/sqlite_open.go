package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// liteSettings are those of the connection that store/sqlite writes with.
var liteSettings = []string{"journal_mode=WAL", "synchronous=FULL", "cache_size=-16384", "wal_autocheckpoint=10000"}

// liteDriver is the driver that store/sqlite uses: with cgo it brings no other one
// along.
func liteDriver() string {
	if slices.Contains(sql.Drivers(), "sqlite") {
		return "sqlite"
	}
	return "sqlite3"
}

// opened calls do with the only connection of a pool, set up as the store's.
func opened(ctx context.Context, path string, do func(conn *sql.Conn) error) error {
	return pooled(ctx, path, func(pool *sql.DB) (err error) {
		conn, err := pool.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, conn.Close()) }()
		return do(conn)
	})
}

// pooled calls do with a pool of one connection, set up as the store's.
func pooled(ctx context.Context, path string, do func(pool *sql.DB) error) (err error) {
	pool, err := sql.Open(liteDriver(), "file:"+path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	for _, s := range liteSettings {
		if _, err := pool.ExecContext(ctx, "PRAGMA "+s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return do(pool)
}

// describeLite puts into the report what the figures are of.
func (li *lite) describeLite(ctx context.Context, shell string) error {
	var found []string
	var version string
	err := opened(ctx, li.made, func(conn *sql.Conn) error {
		for _, name := range []string{"journal_mode", "synchronous", "cache_size", "wal_autocheckpoint", "page_size"} {
			var value string
			if err := conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value); err != nil {
				return err
			}
			found = append(found, name+"="+value)
		}
		return conn.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
	})
	li.describeMachine()
	li.report.machine = append(li.report.machine, fmt.Sprintf("driver %s with SQLite %s, shell %s: %s",
		liteDriver(), version, shell, strings.Join(found, ", ")))
	return err
}
