package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/jackc/pgx/v5"
)

// settings of the server: durable as a server for production is. Autovacuum is
// off because it would hit one side and spare another; what it does is done
// between the turns where it matters.
var settings = []string{
	"shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=1h", "fsync=on", "full_page_writes=on", "synchronous_commit=on", "autovacuum=off",
}

// cluster is a server of its own, for one run.
type cluster struct {
	dsn string
	end func()
}

func startCluster(ctx context.Context, b *bench) (*cluster, error) {
	dsn, end, err := pgtest.Run(settings...)
	if err != nil {
		return nil, err
	}
	return &cluster{dsn, end}, b.describe(ctx, dsn)
}

// database makes a database anew, as a copy of another one if template is set.
func (c *cluster) database(ctx context.Context, name, template string) (dsn string, err error) {
	create := "CREATE DATABASE " + name
	if template != "" {
		create += " TEMPLATE " + template + " STRATEGY file_copy"
	}
	if err := execute(ctx, c.dsn, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", create); err != nil {
		return "", err
	}
	u, err := url.Parse(c.dsn)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// execute runs statements, one after the other.
func execute(ctx context.Context, dsn string, statements ...string) error {
	return connected(ctx, dsn, func(conn *pgx.Conn) error {
		for _, s := range statements {
			if _, err := conn.Exec(ctx, s, pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%.80s: %w", s, err)
			}
		}
		return nil
	})
}

// query reads one row.
func query(ctx context.Context, dsn, statement string, dest ...any) error {
	return queryWith(ctx, dsn, statement, nil, dest...)
}

func queryWith(ctx context.Context, dsn, statement string, args []any, dest ...any) error {
	return connected(ctx, dsn, func(conn *pgx.Conn) error { return conn.QueryRow(ctx, statement, args...).Scan(dest...) })
}

func connected(ctx context.Context, dsn string, do func(conn *pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(context.WithoutCancel(ctx)))
}
