package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

const liteInsert = "INSERT INTO system_logs (" + liteColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"

// insert adds rows as people who know the driver would: with a prepared statement
// on one connection, and a context without end, for which the driver needs no
// goroutine.
func (li *lite) insert(size int) func(ctx context.Context, path string) (time.Duration, error) {
	return func(ctx context.Context, path string) (took time.Duration, err error) {
		rows, err := li.kept(ctx, li.rows)
		if err != nil {
			return 0, err
		}
		endless := context.WithoutCancel(ctx)
		err = opened(ctx, path, func(conn *sql.Conn) (err error) {
			start := time.Now()
			defer func() { took = time.Since(start) }()
			stmt, err := conn.PrepareContext(endless, liteInsert)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, stmt.Close()) }()
			for batch := range slices.Chunk(rows, size) {
				if _, err := conn.ExecContext(endless, "BEGIN"); err != nil {
					return err
				}
				for i := range batch {
					r := &batch[i]
					if _, err := stmt.ExecContext(endless, r.ID, r.Level, r.Type, r.Actor, r.ActorID, r.Message, r.Metadata, r.CreatedAt); err != nil {
						return err
					}
				}
				if _, err := conn.ExecContext(endless, "COMMIT"); err != nil {
					return err
				}
			}
			return nil
		})
		return took, err
	}
}

// bare is insert below database/sql.
func (li *lite) bare(ctx context.Context, path string) (took time.Duration, err error) {
	rows, err := li.kept(ctx, li.rows)
	if err != nil {
		return 0, err
	}
	endless := context.WithoutCancel(ctx)
	err = opened(ctx, path, func(conn *sql.Conn) error {
		return conn.Raw(func(c any) (err error) {
			start := time.Now()
			defer func() { took = time.Since(start) }()
			prepared, err := c.(driver.Conn).Prepare(liteInsert)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, prepared.Close()) }()
			stmt := prepared.(driver.StmtExecContext)
			exec := c.(driver.ExecerContext)
			args := make([]driver.NamedValue, 8)
			for i := range args {
				args[i].Ordinal = i + 1
			}
			for batch := range slices.Chunk(rows, syslog.DefaultBatchSize) {
				if _, err := exec.ExecContext(endless, "BEGIN", nil); err != nil {
					return err
				}
				for i := range batch {
					r := &batch[i]
					for j, v := range [...]any{r.ID, r.Level, r.Type, r.Actor, r.ActorID, r.Message, r.Metadata, r.CreatedAt} {
						args[j].Value = v
					}
					if _, err := stmt.ExecContext(endless, args); err != nil {
						return err
					}
				}
				if _, err := exec.ExecContext(endless, "COMMIT", nil); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return took, err
}
