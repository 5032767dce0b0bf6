package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/callastar/syslog/store"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATEs of a key that is there already, of an ON CONFLICT for a key that the
// table has not, and of what a COPY is refused for.
const (
	uniqueViolation   = "23505"
	noSuchKey         = "42P10"
	notSupported      = "0A000"
	protocolViolation = "08P01"
)

// untyped are the classes of SQLSTATEs that a COPY into a column of another type can
// meet: bytes that are no such value, too large, or not of that type at all.
var untyped = []string{"22", "42", "54"}

// writer stores batches by COPY, and those that may be there already by INSERT.
//
// A COPY is one statement and so all or nothing. When its outcome is unknown,
// because the connection was lost, or a key is there already, the same events go
// through INSERT … ON CONFLICT DO NOTHING, which leaves those alone that are
// there and, when the lost COPY is still at work in the server, waits for it.
type writer struct {
	layout *layout
	// simple says that the host's handle avoids the extended protocol: arrays
	// cannot be sent there.
	simple bool
	copy   string
	insert string
	// insertTimed is for a table whose key has the time in it, since it was
	// partitioned behind our back.
	insertTimed string
	timed       atomic.Bool
	// failed counts the writes that have failed since one went well: what comes next may
	// be the same batch again.
	failed atomic.Int64
	lost   lost
}

func newWriter(table string, l *layout, simple bool) *writer {
	insert := "INSERT INTO " + table + " (" + l.columns() + ") SELECT id, " + l.cast("level", l.levelType) +
		", type, " + l.cast("actor", l.actorType) + ", actor_id, message, metadata, created_at" +
		" FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::" + l.timeType + "[])" +
		" AS e(id, level, type, actor, actor_id, message, metadata, created_at) ON CONFLICT "
	const ignore = " DO NOTHING"
	return &writer{
		layout: l, simple: simple,
		copy:   "COPY " + table + " (" + l.columns() + ") FROM STDIN (FORMAT binary)",
		insert: insert + l.key + ignore, insertTimed: insert + timedKey + ignore,
	}
}

// write is the Write of the store's dialect.
//
// A large batch goes in as two halves at the same time, each with a connection and a
// transaction of its own: while one waits for its commit, the other works. If only
// one fails, both come again, and what is there is left alone. What has failed twice
// goes in as one: two halves with the same IDs in another order wait for each other.
func (w *writer) write(ctx context.Context, b store.Batch) (written int, err error) {
	failed := w.failed.Load()
	if failed > 1 || w.simple || len(b.Logs) < minHalved {
		written, err = w.part(ctx, b, failed > 0)
	} else {
		written, err = w.halves(ctx, b, failed > 0)
	}
	if err == nil || errors.Is(err, store.ErrInsert) {
		w.failed.Store(0)
	} else {
		w.failed.Add(1)
	}
	return written, err
}

// minHalved is from how many events on a batch is large: half of it is still one
// that either statement is fast with.
const minHalved = 2000

func (w *writer) halves(ctx context.Context, b store.Batch, again bool) (int, error) {
	first, second := b, b
	middle := len(b.Logs) / 2
	first.Logs, second.Logs = b.Logs[:middle], b.Logs[middle:]
	var n [2]int
	var errs [2]error
	var wg sync.WaitGroup
	wg.Go(func() { n[1], errs[1] = w.part(ctx, second, again) })
	n[0], errs[0] = w.part(ctx, first, again)
	wg.Wait()
	return n[0] + n[1], errors.Join(errs[:]...)
}

// part stores events in one transaction. again says that they may be there.
func (w *writer) part(ctx context.Context, b store.Batch, again bool) (written int, err error) {
	conn, err := b.DB.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }() // gives it back to the pool
	err = conn.Raw(func(dc any) error {
		pg, ok := connOf(dc)
		if ok && again {
			w.lost.end(ctx, pg, w.copy)
		}
		if !ok || again && w.simple {
			return store.ErrInsert
		}
		if !again {
			written, err = w.copyFrom(ctx, pg, b)
			if !onlyCopy(err) || pg.IsClosed() {
				return err
			}
			if w.simple {
				return store.ErrInsert
			}
		}
		written, err = w.insertAll(ctx, pg, b)
		return err
	})
	return written, err
}

// copyFrom stores a batch by COPY, encoding it while the server takes it in.
func (w *writer) copyFrom(ctx context.Context, pg *pgconn.PgConn, b store.Batch) (int, error) {
	rows := newCopyReader(b.Logs, w.layout)
	defer rows.release()
	tag, err := pg.CopyFrom(ctx, rows, w.copy)
	if err != nil {
		if pg.IsClosed() {
			w.lost.add(pg.PID())
		}
		return 0, fmt.Errorf("COPY: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// insertAll stores what is not there yet of a batch.
func (w *writer) insertAll(ctx context.Context, pg *pgconn.PgConn, b store.Batch) (int, error) {
	formats := []int16{pgx.BinaryFormatCode}
	values := arrays(b.Logs, w.layout)
	insert := func(timed bool) *pgconn.Result {
		text := w.insert
		if timed {
			text = w.insertTimed
		}
		return pg.ExecParams(ctx, text, values, nil, formats, nil).Read()
	}
	timed := w.timed.Load()
	res := insert(timed)
	if isState(res.Err, noSuchKey) {
		if res = insert(!timed); !isState(res.Err, noSuchKey) {
			w.timed.Store(!timed)
		}
	}
	if res.Err != nil {
		return 0, fmt.Errorf("INSERT: %w", res.Err)
	}
	return int(res.CommandTag.RowsAffected()), nil
}

// connOf is the connection of pgx behind one of database/sql, if there is one.
func connOf(dc any) (*pgconn.PgConn, bool) {
	c, ok := dc.(interface{ Conn() *pgx.Conn })
	if !ok || c.Conn() == nil {
		return nil, false
	}
	return c.Conn().PgConn(), true
}

// onlyCopy reports whether an INSERT may take what a COPY could not: a key that is
// there already, a view or another table that COPY does not go to, or bytes that do
// not fit. A COPY gives values no type; an INSERT does, and so tells a column of
// another type from a value that is refused.
func onlyCopy(err error) bool {
	var coded *pgconn.PgError
	if !errors.As(err, &coded) {
		return false
	}
	switch coded.Code {
	case uniqueViolation, notSupported, protocolViolation:
		return true
	}
	return len(coded.Code) == 5 && slices.Contains(untyped, coded.Code[:2])
}

// isState reports whether the server gave this SQLSTATE.
func isState(err error, state string) bool {
	var coded *pgconn.PgError
	return errors.As(err, &coded) && coded.Code == state
}
