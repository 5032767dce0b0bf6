package postgres_test

import (
	"context"
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestRepartitionByManyAtOnce: replicas that start together all end up with the
// table with partitions, which one of them has made.
func TestRepartitionByManyAtOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	require.NoError(t, openPlain(t, dsn).Write(ctx, made(syslog.LevelInfo, at, 5000)))
	var built sync.Map
	var wg sync.WaitGroup
	for i := range 5 {
		host := handle(t, gormpg.Config{DSN: dsn})
		wg.Go(func() {
			if err := postgres.Repartition(ctx, host, watched(before(lastStep, func() { built.Store(i, true) }))); err != nil {
				t.Error(err)
				return
			}
			st, err := postgres.New(host, daily())
			if err != nil {
				t.Error(err)
				return
			}
			if err := st.Close(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n := 0
	built.Range(func(any, any) bool { n++; return true })
	require.Equal(t, 1, n)
	require.Contains(t, parts(t, db, "system_logs"), "past=5000 p20260320=0")
}

// TestRepartitionWaitsForAnother: no longer than its context, and without harm to
// the one that is at work, whose connection the server would end as idle.
func TestRepartitionWaitsForAnother(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t) + "&options=-c%20idle_in_transaction_session_timeout%3D3s"
	openPlain(t, dsn)
	host, other := handle(t, gormpg.Config{DSN: dsn}), handle(t, gormpg.Config{DSN: dsn})
	require.NoError(t, postgres.Repartition(ctx, host, watched(before("build the index of the new key", func() {
		short, cancel := context.WithTimeout(ctx, 4*time.Second)
		defer cancel()
		err := postgres.Repartition(short, other, daily())
		require.ErrorContains(t, err, "another Repartition of the table is at work")
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}))))
	require.NoError(t, postgres.Repartition(ctx, other, daily()))
}

// TestRepartitionWithoutItsLock gives up, and leaves what there is to the next one.
func TestRepartitionWithoutItsLock(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	openPlain(t, dsn)
	host := handle(t, gormpg.Config{DSN: dsn})
	short, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var tx *sql.Tx
	err := postgres.Repartition(short, host, watched(before(lastStep, func() {
		var err error
		tx, err = db.BeginTx(ctx, nil) // which it would wait for
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "LOCK TABLE system_logs IN ROW EXCLUSIVE MODE")
		require.NoError(t, err)
		var ended int
		require.NoError(t, db.QueryRowContext(ctx, `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_locks
			WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&ended))
		require.Equal(t, 1, ended)
	})))
	require.ErrorContains(t, err, "is lost")
	require.ErrorContains(t, err, "next call")
	require.NoError(t, short.Err())
	require.NoError(t, tx.Rollback())
	require.NoError(t, postgres.Repartition(ctx, host, daily()))
	require.Contains(t, parts(t, db, "system_logs"), "past=0 p20260320=0")
}

// TestRepartitionWithAPoolOfOne says what it takes, and changes nothing.
func TestRepartitionWithAPoolOfOne(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	openPlain(t, dsn)
	was := dump(t, dsn)
	host := handle(t, gormpg.Config{DSN: dsn})
	pool, err := host.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
	require.ErrorContains(t, postgres.Repartition(ctx, host, daily()), "SetMaxOpenConns")
	require.Equal(t, was, dump(t, dsn))
	pool.SetMaxOpenConns(2)
	require.NoError(t, postgres.Repartition(ctx, host, daily()))
	pool.SetMaxOpenConns(1)
	require.NoError(t, postgres.Repartition(ctx, host, daily()), "done already")
}
