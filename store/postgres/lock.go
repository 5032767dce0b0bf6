package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

// locker takes advisory locks, for a table beside which there may be no other. The
// lock is a transaction's, held open on a connection of its own: one of a session
// would be lost behind a pooler. The transaction is idle and holds no snapshot, so
// vacuum does not wait for it; the lock ends with the process.
type locker struct {
	db    *sql.DB
	table string
}

func (l *locker) lock(ctx context.Context, name string) (_ store.Lock, err error) {
	if l.db.Stats().MaxOpenConnections == 1 {
		return nil, errors.New("cleanup needs a connection for its lock and another one to delete with: raise SetMaxOpenConns of the handle to 2 or more")
	}
	tx, err := l.db.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var taken bool
	if err := tx.QueryRowContext(ctx, fmt.Sprintf("SELECT pg_try_advisory_xact_lock(%d)", lockKey(l.table+" "+name))).Scan(&taken); err != nil {
		return nil, fmt.Errorf("take the lock %q: %w", name, err)
	}
	if !taken {
		return nil, syslog.ErrCleanupRunning
	}
	return &held{tx}, nil
}

// lockKey is the number of an advisory lock; the table's name keeps tables apart.
func lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("github.com/callastar/syslog " + name))
	return int64(h.Sum64())
}

type held struct{ tx *sql.Tx }

// Renew shows that the transaction, and with it the lock, is still there, and
// keeps the server from ending it as idle.
func (h *held) Renew(ctx context.Context) error {
	_, err := h.tx.ExecContext(ctx, "SELECT 1")
	if err != nil {
		return fmt.Errorf("the lock of the cleanup is lost: %w", err)
	}
	return nil
}

func (h *held) Release(context.Context) error { return h.tx.Rollback() }
