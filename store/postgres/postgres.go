// Package postgres keeps events in a PostgreSQL database: of their own, or
// beside a host's tables.
//
// Batches go in by binary COPY on a connection of the pool, which was measured at
// the speed of psql's \copy. One that may be there already, because its connection
// was lost or its key exists, goes in by INSERT … ON CONFLICT DO NOTHING: an event
// is there once, whatever happened on the way.
//
// [Options] split the table into partitions that Cleanup drops, work on the table
// that Prisma made, add an index for searching, or spread the table over a Citus
// cluster.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog/store"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	gormpg "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The pools of a store that Open made.
const (
	// MaxWriteConns is how many connections write, delete and migrate, and
	// MaxReadConns how many answer queries: slow queries never hold writes back.
	MaxWriteConns = 4
	MaxReadConns  = 8
	// connectTimeout holds where the connection string has no connect_timeout.
	connectTimeout = 10 * time.Second
	// connLife is after how long a connection is replaced, so that a database
	// that has moved is found again.
	connLife = 30 * time.Minute
	// application is what pg_stat_activity shows, unless the connection string
	// says otherwise.
	application = "syslog"
)

// Open connects to the database that dsn names, as
// postgres://user:password@host:5432/database or host=… user=… dbname=…, and makes
// or migrates the table. What dsn leaves out comes from where psql takes it: PG*
// in the environment, ~/.pgpass and the service file.
//
// Errors say what to do, and never contain the password. A table that was
// migrated by a newer version of the library is [store.ErrSchemaNewer]. The pools
// have at most [MaxWriteConns] and [MaxReadConns] connections.
func Open(ctx context.Context, dsn string) (*store.Store, error) {
	return OpenWithOptions(ctx, dsn, nil)
}

// OpenWithOptions is Open with other settings than the defaults.
func OpenWithOptions(ctx context.Context, dsn string, opts *Options) (*store.Store, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	cfg, err := parse(dsn)
	if err != nil {
		return nil, err
	}
	o, err := opts.check()
	if err != nil {
		return nil, err
	}
	write, read := pool(cfg, MaxWriteConns), pool(cfg, MaxReadConns)
	closers := []func() error{read.Close, write.Close}
	s, err := open(ctx, write, read, closers, &o)
	if err != nil {
		for _, c := range closers {
			err = errors.Join(err, c())
		}
		return nil, fmt.Errorf("postgres: open database %q at %s:%d: %w%s", cfg.Database, cfg.Host, cfg.Port, err, hint(err))
	}
	return s, nil
}

func pool(cfg *pgx.ConnConfig, conns int) *sql.DB {
	db := stdlib.OpenDB(*cfg)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxLifetime(connLife)
	return db
}

func open(ctx context.Context, write, read *sql.DB, closers []func() error, o *Options) (*store.Store, error) {
	if err := write.PingContext(ctx); err != nil {
		return nil, err
	}
	db, err := gorm.Open(gormpg.New(gormpg.Config{Conn: write}), &gorm.Config{Logger: logger.Discard, DisableAutomaticPing: true})
	if err != nil {
		return nil, err
	}
	return attach(ctx, db, read, closers, o)
}

// New makes a store in a host's database, reached with the host's handle: it is
// never closed, and its settings stay as they are. nil opts are the defaults.
//
// The handle's connections should be pgx's, as gorm.io/driver/postgres has them;
// with another driver batches go in by INSERT, at about a quarter of the speed. A
// handle with PreferSimpleProtocol works, also through a pooler that gives each
// transaction another connection.
func New(db *gorm.DB, opts *Options) (*store.Store, error) {
	o, err := opts.check()
	if err != nil {
		return nil, err
	}
	if db == nil || db.Config == nil || db.Dialector == nil {
		return nil, errors.New("postgres: nil *gorm.DB; open it with gorm.Open first")
	}
	if name := db.Name(); name != "postgres" {
		return nil, fmt.Errorf("postgres: the handle is of dialect %q: use store.New, or the package for that database", name)
	}
	s, err := attach(context.Background(), db, nil, nil, &o)
	if err != nil {
		err = plain(err)
		return nil, fmt.Errorf("postgres: %w%s", err, hint(err))
	}
	return s, nil
}
