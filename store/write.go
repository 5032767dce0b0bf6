package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// checkEvery is after how many rows a batch looks whether it was cancelled.
const checkEvery = 64

// columns of the table, in the order of every statement.
const columns = "id, level, type, actor, actor_id, message, metadata, created_at"

func (s *Store) insertSQL() string {
	st := s.statement("INSERT INTO " + s.table() + " (" + columns + ") VALUES ")
	st.list(make([]any, 8)...)
	return st.add(s.dialect.OnConflict).sql()
}

// row is the arguments of insert.
func row(dst []any, l *syslog.Log) []any {
	var actorID, metadata any
	if l.ActorID != "" {
		actorID = l.ActorID
	}
	if len(l.Metadata) > 0 {
		metadata = string(l.Metadata)
	}
	return append(dst[:0], l.ID, l.Level.String(), l.Type, string(l.Actor), actorID, l.Message, metadata, l.CreatedAt.UnixMilli())
}

// Write stores a batch in one transaction. Events whose ID is there already are
// left as they are.
func (s *Store) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := s.WriteCount(ctx, logs)
	return err
}

// WriteCount is Write; written is how many events were new.
func (s *Store) WriteCount(ctx context.Context, logs []syslog.Log) (written int, err error) {
	if err := s.alive(); err != nil {
		return 0, err
	}
	if len(logs) == 0 {
		return 0, nil
	}
	err = s.transact(ctx, func(conn *sql.Conn) error {
		written, err = s.insertAll(ctx, conn, logs)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: write %d event(s): %w", len(logs), err)
	}
	return written, nil
}

// transact runs f in a transaction on a connection of its own. The dialect says
// how it begins: a host's handle may be set up for deferred ones, which fail late.
func (s *Store) transact(ctx context.Context, f func(conn *sql.Conn) error) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(ctx, s.dialect.Begin); err != nil {
		return err
	}
	err = f(conn)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err == nil {
		return nil
	}
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if _, undoErr := conn.ExecContext(undo, "ROLLBACK"); undoErr != nil && !errors.Is(err, driver.ErrBadConn) {
		// Nobody must get a connection with a transaction left open.
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	return err
}

// execer is a connection or a transaction, the host's or ours.
type execer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *Store) insertAll(ctx context.Context, conn execer, logs []syslog.Log) (written int, err error) {
	var known map[string]bool
	if s.dialect.OnConflict == "" {
		if known, err = s.known(ctx, conn, logs); err != nil {
			return 0, err
		}
	}
	stmt, err := conn.PrepareContext(ctx, s.insert)
	if err != nil {
		return 0, err
	}
	defer func() { _ = stmt.Close() }()
	// A context that can end costs a goroutine for each row in some drivers.
	plain := context.WithoutCancel(ctx)
	args := make([]any, 0, 8)
	for i := range logs {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		l := &logs[i]
		if l.ID == "" || l.CreatedAt.IsZero() {
			whole := (*s.normalize.Load())(*l)
			l = &whole
		}
		if known[l.ID] {
			continue
		}
		if known != nil {
			known[l.ID] = true
		}
		args = row(args, l)
		res, err := stmt.ExecContext(plain, args...)
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

// known is which of the IDs are stored already.
func (s *Store) known(ctx context.Context, conn execer, logs []syslog.Log) (map[string]bool, error) {
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
	if tx.Error != nil {
		return fmt.Errorf("store: the transaction has failed already: %w", tx.Error)
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
	if _, err := s.insertAll(ctx, pool, whole); err != nil {
		return fmt.Errorf("store: write %d event(s) in the caller's transaction: %w", len(logs), err)
	}
	return nil
}
