// Package sqlite keeps events in an SQLite file of their own, or beside a host's
// tables in its database.
//
// With cgo it uses the driver of gorm.io/driver/sqlite, without it the same
// engine in pure Go: a program that sets CGO_ENABLED=0 needs no other code.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/callastar/syslog/store"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// How a database that Open opened is set up.
const (
	// busyTimeout is how long a statement waits for another process.
	busyTimeout = 10 * time.Second
	// writerTimeout is that of the one connection that writes.
	writerTimeout = 100 * time.Millisecond
	// readers is the size of the pool for queries; writes have one connection.
	readers = 4
	// cacheKiB and checkpointPages are larger than SQLite's own, which a batch
	// of some thousand events outgrows. The cache is what the whole process may
	// spend, while memory is counted in tens of MiB.
	cacheKiB        = 16 << 10
	checkpointPages = 10_000
)

// Options are the settings of a store on a host's handle.
type Options = store.Options

// Open opens, and where it is missing makes, a database file for events, in WAL
// mode, so that queries and writes go on beside each other, also from several
// processes. ":memory:" is a private database that ends with the store, for
// tests. A path that starts with "file:" is taken as SQLite's URI.
//
// Before anything is changed, an existing file is looked at: the error says what
// to do about one that is no database, is damaged, read-only, or was migrated by
// a newer version of the library ([store.ErrSchemaNewer]).
func Open(path string) (*store.Store, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*busyTimeout)
	defer cancel()
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %q: %w%s", path, err, hint(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (*store.Store, error) {
	at, err := locate(path)
	if err != nil {
		return nil, err
	}
	if at.file == "" {
		db, err := sql.Open(driverName, dsn(at.uri, ""))
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1) // each connection would be a database of its own
		return attach(ctx, db, nil)
	}
	uri := at.uri
	if err := at.writable(); err != nil {
		return nil, err
	}
	if err := inspect(ctx, at); err != nil {
		return nil, err
	}
	write, err := sql.Open(driverName, dsn(uri, "writer"))
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1) // SQLite has one writer; a queue here beats waiting in it
	// The store waits for other processes itself, so that a context can end it.
	settings := fmt.Sprintf("PRAGMA wal_autocheckpoint=%d; PRAGMA busy_timeout=%d", checkpointPages, writerTimeout.Milliseconds())
	if err := connect(ctx, write, settings); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := sql.Open(driverName, dsn(uri, "reader"))
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	return attach(ctx, write, read)
}

// connect makes the writer's connection. Switching to WAL does not wait for
// another process that does the same, so the waiting is done here.
func connect(ctx context.Context, write *sql.DB, settings string) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(busyTimeout); ; {
		_, err := write.ExecContext(ctx, settings)
		if err == nil || !strings.Contains(err.Error(), "database is locked") || time.Now().After(until) {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

// attach makes the store of pools that are ours, and closes them if it fails.
func attach(ctx context.Context, write, read *sql.DB) (*store.Store, error) {
	h := store.Handles{Read: read, Close: []func() error{write.Close}}
	if read != nil {
		h.Close = []func() error{read.Close, write.Close}
	}
	db, err := gorm.Open(gormsqlite.Dialector{Conn: write}, &gorm.Config{Logger: logger.Discard, DisableAutomaticPing: true})
	var s *store.Store
	if err == nil {
		s, err = store.Open(ctx, db, h, nil)
	}
	if err != nil {
		for _, c := range h.Close {
			err = errors.Join(err, c())
		}
		return nil, err
	}
	return s, nil
}

// New makes a store in a host's SQLite database, reached with the host's handle:
// it is never closed, and its settings stay as they are. nil opts are the
// defaults.
//
// The store writes beside the host's transactions. SQLite fails one of those that has
// read something and then writes with "database is locked", whatever its busy timeout,
// if anybody wrote in between. Open the handle so that transactions begin with the write
// lock, and wait for it: with
// "file:app.db?_txlock=immediate&_busy_timeout=5000&_journal_mode=WAL", or in pure Go
// "file:app.db?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)".
func New(db *gorm.DB, opts *Options) (*store.Store, error) {
	if db != nil && db.Config != nil && db.Dialector != nil && db.Name() != "sqlite" {
		return nil, fmt.Errorf("sqlite: the handle is of dialect %q: use store.New, or the package for that database", db.Name())
	}
	return store.New(db, opts)
}

// inspect looks at an existing database without changing it.
func inspect(ctx context.Context, at location) error {
	if info, err := os.Stat(at.file); err != nil || info.Size() == 0 {
		if strings.Contains(at.params, "mode=ro") {
			return errReadOnly
		}
		return nil // new, or SQLite will say what is wrong
	}
	db, err := sql.Open(driverName, dsn(at.uri, ""))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	var tables int
	err = conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master").Scan(&tables)
	if err == nil { // a transaction that will write tells whether it may, without writing
		_, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, "ROLLBACK")
	}
	if err = errors.Join(err, conn.Close()); err != nil {
		return err
	}
	g, err := gorm.Open(gormsqlite.Dialector{Conn: db}, &gorm.Config{Logger: logger.Discard, DisableAutomaticPing: true})
	if err != nil {
		return err
	}
	return store.CheckVersion(ctx, g, nil)
}

var errReadOnly = errors.New("the database is read-only")

// hint says what to do about an error of the engine, which both drivers word
// alike.
func hint(err error) string {
	text := err.Error()
	for _, h := range []struct{ sign, advice string }{
		{"not a database", "; the file is something else: choose another path, or move it away"},
		{"malformed", "; the file is damaged: restore it from a backup, or save what is left with sqlite3's .recover, and move it away"},
		{"readonly", "; make the file and its folder writable for this process, and open it without mode=ro"},
		{"read-only", "; make the file and its folder writable for this process, and open it without mode=ro"},
		{"unable to open", "; check that the folder exists and that this process may write to it"},
		{"locked", "; another program holds the file: end its transaction"},
	} {
		if strings.Contains(text, h.sign) {
			return h.advice
		}
	}
	return ""
}
