package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

// locker takes advisory locks: for a table beside which there may be no other, and for
// work that cannot be one transaction. The lock is a transaction's, held open on a connection of its own: one of a session
// would be lost behind a pooler. The transaction is idle and holds no snapshot, so
// vacuum does not wait for it; the lock ends with the process.
type locker struct {
	db    *sql.DB
	table string
}

func (l *locker) lock(ctx context.Context, name string) (_ store.Lock, err error) {
	if l.db.Stats().MaxOpenConnections == 1 {
		return nil, errors.New("this needs a connection for its lock and another one to work with: raise SetMaxOpenConns of the handle to 2 or more")
	}
	conn, err := l.db.Conn(ctx) // which ends with ctx; the transaction does not
	if err != nil {
		return nil, fmt.Errorf("a connection for the lock %q: %w", name, err)
	}
	h := &held{conn: conn}
	defer func() {
		if err != nil {
			_ = h.Release(ctx)
		}
	}()
	if h.tx, err = conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{Isolation: sql.LevelReadCommitted}); err != nil {
		return nil, err
	}
	schema, err := home(ctx, h.tx, l.table)
	if err != nil {
		return nil, err
	}
	var taken bool
	if err = h.tx.QueryRowContext(ctx, fmt.Sprintf("SELECT pg_try_advisory_xact_lock(%d)", tableLock(schema, l.table, name))).Scan(&taken); err != nil {
		return nil, fmt.Errorf("take the lock %q: %w", name, err)
	}
	if !taken {
		return nil, syslog.ErrCleanupRunning
	}
	return h, h.rest(ctx)
}

// spare runs f while no other process that does the same is at it; where one is, there
// is nothing to do. A pool of one or two connections has none to spare for long, and goes
// without: then f has to find out itself that it is not the only one.
func (l *locker) spare(ctx context.Context, name string, f func() error) error {
	if n := l.db.Stats().MaxOpenConnections; n == 1 || n == 2 {
		return f()
	}
	lock, err := l.lock(ctx, name)
	if errors.Is(err, syslog.ErrCleanupRunning) {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = lock.Release(ctx) }() // or it ends with its connection
	return f()
}

// lockKey is the number of an advisory lock. Those of a table have its name and schema
// in theirs: the lock is one of the whole database.
func lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("github.com/callastar/syslog " + name))
	return int64(h.Sum64())
}

type held struct {
	conn *sql.Conn
	tx   *sql.Tx
}

// rest has the transaction be idle for as long as it takes, and hold no snapshot: the one
// of the statement before lives, with its portal, until the next statement, and this one
// needs none.
func (h *held) rest(ctx context.Context) error {
	_, err := h.tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0")
	return err
}

// Renew shows that the transaction, and with it the lock, is still there.
func (h *held) Renew(ctx context.Context) error {
	if err := h.rest(ctx); err != nil {
		return fmt.Errorf("the lock of the cleanup is lost: %w", err)
	}
	return nil
}

// releaseTime is how long giving a lock back is waited for.
const releaseTime = 5 * time.Second

// Release gives the lock back, also when the context has ended.
func (h *held) Release(context.Context) error {
	if h.tx == nil {
		return h.conn.Close()
	}
	done := make(chan error, 1)
	go func() {
		err := h.tx.Rollback()
		done <- errors.Join(err, h.conn.Close())
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(releaseTime):
		return errors.New("the server does not answer: the lock ends when it finds that the connection is gone")
	}
}
