package postgres_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestDeletionsAndErasuresOutliveDeadlocks with one who locks the same rows in the other
// order, whichever way rows are found again.
func TestDeletionsAndErasuresOutliveDeadlocks(t *testing.T) {
	t.Parallel()
	remove := func(st *store.Store) (int64, error) { return st.Delete(ctx, syslog.Filter{Type: "T"}) }
	erase := func(st *store.Store) (int64, error) {
		return st.Anonymize(ctx, syslog.Filter{ActorID: "a"}, func(l syslog.Log) (string, json.RawMessage, error) { return "gone", nil, nil })
	}
	byPlace := func(dsn string) *store.Store {
		st, err := postgres.Open(ctx, dsn)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, st.Close(context.Background())) })
		return st
	}
	byKey := func(dsn string) *store.Store {
		st, err := store.New(handle(t, gormpg.Config{DSN: dsn}), nil)
		require.NoError(t, err)
		return st
	}
	for name, c := range map[string]struct {
		open func(dsn string) *store.Store
		do   func(st *store.Store) (int64, error)
	}{
		"deletion by place": {byPlace, remove},
		"deletion by key":   {byKey, remove},
		"erasure":           {byKey, erase},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			st := c.open(set(dsn, "deadlock_timeout=200ms"))
			at := time.UnixMilli(1_700_000_000_000).UTC()
			require.NoError(t, st.Write(ctx, []syslog.Log{
				{ID: "first", Type: "T", Actor: syslog.ActorUser, ActorID: "a", CreatedAt: at},
				{ID: "last", Type: "T", Actor: syslog.ActorUser, ActorID: "a", CreatedAt: at.Add(time.Second)},
			}))
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			defer func() { _ = tx.Rollback() }()
			const lock = "SELECT 1 FROM system_logs WHERE id = $1 FOR UPDATE"
			_, err = tx.ExecContext(ctx, "SET LOCAL deadlock_timeout = '1h'; SET LOCAL statement_timeout = '1min'")
			require.NoError(t, err)
			_, err = tx.ExecContext(ctx, lock, "last")
			require.NoError(t, err)
			type result struct {
				n   int64
				err error
			}
			done := make(chan result, 1)
			go func() {
				n, err := c.do(st)
				done <- result{n, err}
			}()
			waiting(t, db)
			_, err = tx.ExecContext(ctx, lock, "first")
			require.NoError(t, err, "the other transaction was to be undone")
			require.NoError(t, tx.Commit())
			require.Equal(t, result{2, nil}, <-done)
		})
	}
}
