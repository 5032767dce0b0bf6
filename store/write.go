package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// ErrInsert is what Dialect.Write returns for a batch that it has not stored and
// leaves to the store's own INSERTs.
var ErrInsert = errors.New("store: use INSERT")

// checkEvery is after how many rows a batch looks whether it was cancelled.
const checkEvery = 64

// insertSQL is the statement that adds n events.
func (s *Store) insertSQL(n int) string {
	st := s.statement("INSERT INTO " + s.table() + " (" + s.columns() + ") VALUES ")
	for i := range n {
		st.add([]string{"(", ", ("}[min(i, 1)])
		for j := range 8 {
			st.add([]string{"", ", "}[min(j, 1)]).arg(nil)
			if s.dialect.Casts != nil {
				st.add("::" + s.dialect.Casts[j])
			}
		}
		st.add(")")
	}
	return st.add(s.dialect.OnConflict).sql()
}

// Write stores a batch in one transaction, or, in store/postgres, a large one in
// two. Events whose ID is there already are left as they are. One without ID, time
// or a valid level is made whole first, in a copy. After an error the same batch may
// be written again.
//
// An error that is due to an event, because the database refuses a value, is marked
// with [syslog.Permanent]: a smaller batch without it may go through. One that
// lasts until a person changes something is marked with [syslog.Misconfigured], and
// its text says what. Any other may pass by itself.
func (s *Store) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := s.WriteCount(ctx, logs)
	return err
}

// WriteCount is Write; written is how many events were new. Beside an error it is
// how many of them are known to be there all the same.
func (s *Store) WriteCount(ctx context.Context, logs []syslog.Log) (written int, err error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return 0, err
	}
	if len(logs) == 0 {
		return 0, nil
	}
	logs = s.whole(logs)
	write := s.dialect.Write
	if write != nil {
		written, err = write(ctx, Batch{DB: s.write, Table: s.table(), Logs: logs})
	}
	if write == nil || errors.Is(err, ErrInsert) {
		written, err = s.insertBatch(ctx, logs)
	}
	if err != nil {
		return written, s.failed(ctx, err, len(logs))
	}
	return written, nil
}

// failed is the error of a write as the caller sees it.
func (s *Store) failed(ctx context.Context, err error, events int) error {
	err = s.plain(err)
	return fmt.Errorf("store: write %d event(s): %w", events, s.verdict(ctx, err).Mark(err))
}

// plain is an error without what it may quote of a connection string.
func (s *Store) plain(err error) error {
	if err == nil || s.dialect.Plain == nil {
		return err
	}
	return s.dialect.Plain(err)
}

// insertBatch adds the events in a transaction of INSERTs.
func (s *Store) insertBatch(ctx context.Context, logs []syslog.Log) (written int, err error) {
	insert := func(known map[string]bool) error {
		return s.transact(ctx, func(tx gorm.ConnPool) (err error) {
			written, err = s.insertAll(ctx, tx, logs, known)
			return err
		})
	}
	err = insert(map[string]bool{})
	if err != nil && s.dialect.OnConflict == "" && ctx.Err() == nil {
		err = s.insertUnknown(ctx, logs, insert) // it may be that some are there already, which is rare
	}
	if err != nil {
		return 0, err
	}
	return written, nil
}

// insertUnknown looks first which events are there already. When an insert is
// refused all the same, and more are there now, another process writes them: that
// is no refusal.
func (s *Store) insertUnknown(ctx context.Context, logs []syslog.Log, insert func(known map[string]bool) error) error {
	known, err := s.known(ctx, s.write, logs)
	if err != nil {
		return err
	}
	before := len(known)
	if err = insert(known); err == nil || s.verdict(ctx, err).Class != Poison {
		return err
	}
	if known, lookErr := s.known(ctx, s.write, logs); lookErr != nil || len(known) > before {
		return fmt.Errorf("another process writes the same events: %v", err) //nolint:errorlint // what it says would be held against an event
	}
	return err
}

// whole returns logs as they are if a logger made them, else a copy in which none
// lacks what the table needs.
func (s *Store) whole(logs []syslog.Log) []syslog.Log {
	copied := false
	for i := range logs {
		if l := &logs[i]; l.ID != "" && !l.CreatedAt.IsZero() && l.Level.Valid() {
			continue
		}
		if !copied {
			logs, copied = slices.Clone(logs), true
		}
		logs[i] = (*s.normalize.Load())(logs[i])
	}
	return logs
}

// insertAll adds the events that are not there yet. Where the database cannot skip
// the others itself, known are those, and grows.
func (s *Store) insertAll(ctx context.Context, conn gorm.ConnPool, logs []syslog.Log, known map[string]bool) (written int, err error) {
	if s.dialect.OnConflict != "" {
		known = nil
		defer func() {
			if err == nil && written < len(logs) {
				err = s.present(ctx, conn, logs)
			}
		}()
	}
	if s.dialect.Rows > 1 && len(logs) > 1 {
		return s.insertMany(ctx, conn, logs, known)
	}
	if c, ok := conn.(*sql.Conn); ok {
		err = eachRaw(ctx, c, s.insert, func(exec execer) (err error) {
			written, err = s.insertEach(ctx, exec, logs, known)
			return err
		})
		if !errors.Is(err, errNotRaw) {
			return written, err
		}
	}
	stmt, err := conn.PrepareContext(ctx, s.insert)
	if err != nil {
		return 0, err
	}
	defer func() { _ = stmt.Close() }()
	return s.insertEach(ctx, stmt.ExecContext, logs, known)
}

// insertEach adds the events one by one.
func (s *Store) insertEach(ctx context.Context, exec execer, logs []syslog.Log, known map[string]bool) (written int, err error) {
	plain := ctx
	if s.dialect.Busy != nil {
		// Within a process a row takes microseconds, and a context that can end
		// would cost a goroutine for each. A server may hang in the middle.
		plain = context.WithoutCancel(ctx)
	}
	args := make([]any, 0, 8)
	for i := range logs {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		l := &logs[i]
		if known[l.ID] {
			continue
		}
		if known != nil {
			known[l.ID] = true
		}
		args = s.row(args[:0], l)
		res, err := exec(plain, args...)
		if err != nil {
			return 0, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return 0, err
		}
		written += int(n)
	}
	return written, nil
}

// insertMany adds several events with each statement, where a round trip to the
// server costs more than a long statement.
func (s *Store) insertMany(ctx context.Context, conn gorm.ConnPool, logs []syslog.Log, known map[string]bool) (written int, err error) {
	args := make([]any, 0, 8*s.dialect.Rows)
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		text := s.insertFull
		if len(args) < cap(args) {
			text = s.insertSQL(len(args) / 8)
		}
		res, err := conn.ExecContext(ctx, text, args...)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		written += int(n)
		args = args[:0]
		return err
	}
	for i := range logs {
		l := &logs[i]
		if known[l.ID] {
			continue
		}
		if known != nil {
			known[l.ID] = true
		}
		if args = s.row(args, l); len(args) == cap(args) {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	if err := flush(); err != nil {
		return 0, err
	}
	return written, nil
}

// present fails unless all events are there: an INSERT that skips those it knows
// also skips one that meets another unique constraint, of the host's. Without the
// clause for it the database says which.
func (s *Store) present(ctx context.Context, conn gorm.ConnPool, logs []syslog.Log) error {
	known, err := s.known(ctx, conn, logs)
	if err != nil {
		return err
	}
	for i := range logs {
		if known[logs[i].ID] {
			continue
		}
		text := strings.TrimSuffix(s.insert, s.dialect.OnConflict)
		if _, err := conn.ExecContext(ctx, text, s.row(nil, &logs[i])...); err != nil {
			return fmt.Errorf("event %q: %w", logs[i].ID, err)
		}
	}
	return nil
}

// known is which of the IDs are stored already.
func (s *Store) known(ctx context.Context, conn gorm.ConnPool, logs []syslog.Log) (map[string]bool, error) {
	const most = 500 // bind variables of one statement
	known := map[string]bool{}
	for from := 0; from < len(logs); from += most {
		st := s.statement("SELECT id FROM " + s.table() + " WHERE id IN ")
		ids := make([]any, 0, most)
		for _, l := range logs[from:min(from+most, len(logs))] {
			ids = append(ids, l.ID)
		}
		found, err := collect(ctx, conn, st.list(ids...), func(rows *sql.Rows) (id string, err error) {
			err = rows.Scan(&id)
			return id, err
		})
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			known[id] = true
		}
	}
	return known, nil
}

// WriteTx stores events inside the caller's transaction: they are there exactly
// if it commits. Events are made whole as a logger does it, but do not pass through
// it: its MinLevel, sinks and Stats do not know of them. The transaction's
// context holds; an error leaves the transaction to the caller to roll back. A
// handle that is no transaction is [ErrNotInTransaction].
func (s *Store) WriteTx(tx *gorm.DB, logs ...syslog.Log) error {
	if err := s.alive(); err != nil {
		return err
	}
	if tx == nil || tx.Config == nil || tx.Statement == nil {
		return ErrNotInTransaction
	}
	pool := tx.Statement.ConnPool
	if _, ok := pool.(gorm.TxCommitter); !ok {
		return ErrNotInTransaction
	}
	if tx.DryRun {
		return errors.New("store: the transaction's session is a dry run, which stores nothing")
	}
	if tx.Error != nil {
		return fmt.Errorf("store: the transaction has failed already: %w", tx.Error)
	}
	if tx.Name() != s.gorm.Name() {
		return fmt.Errorf("store: the transaction is of dialect %q, the events are in %q: a transaction of the same database is needed", tx.Name(), s.gorm.Name())
	}
	if len(logs) == 0 {
		return nil
	}
	ctx := tx.Statement.Context
	if ctx == nil {
		ctx = context.Background()
	}
	whole := make([]syslog.Log, len(logs))
	for i, l := range logs {
		whole[i] = (*s.normalize.Load())(l)
	}
	known := map[string]bool{}
	if s.dialect.OnConflict == "" {
		var err error
		if known, err = s.known(ctx, pool, whole); err != nil {
			return fmt.Errorf("store: look for %d event(s) in the caller's transaction: %w", len(logs), err)
		}
	}
	if _, err := s.insertAll(ctx, pool, whole, known); err != nil {
		return fmt.Errorf("store: write %d event(s) in the caller's transaction: %w", len(logs), err)
	}
	return nil
}
