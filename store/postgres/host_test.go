package postgres_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/storetest"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// hidden is a driver behind which pgx cannot be seen, as behind one that traces
// statements, and that takes only what every driver takes.
type hidden struct{ dsn string }

func (h hidden) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := stdlib.GetDefaultDriver().(driver.DriverContext).OpenConnector(h.dsn)
	if err != nil {
		return nil, err
	}
	inner, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return hiddenConn{inner}, nil
}

func (h hidden) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

type hiddenConn struct{ inner driver.Conn }

func (c hiddenConn) Prepare(text string) (driver.Stmt, error) { return c.inner.Prepare(text) }
func (c hiddenConn) Close() error                             { return c.inner.Close() }
func (c hiddenConn) Begin() (driver.Tx, error)                { return nil, errors.New("not used") }
func (c hiddenConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.inner.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func hiddenHandle(t testing.TB, dsn string) *gorm.DB {
	t.Helper()
	pool := sql.OpenDB(hidden{dsn})
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return handle(t, gormpg.Config{Conn: pool})
}

// TestConformanceOnAnotherDriver: batches go in by plain INSERT.
func TestConformanceOnAnotherDriver(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) syslog.Store {
		st, err := postgres.New(hiddenHandle(t, pgtest.New(t)), nil)
		require.NoError(t, err)
		return st
	})
}

// TestWriteTx: events are there exactly if the host's transaction commits, whatever
// its table and driver are.
func TestWriteTx(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options){
		"plain": func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options) {
			return handle(t, gormpg.Config{DSN: dsn}), nil
		},
		"hidden": func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options) { return hiddenHandle(t, dsn), nil },
		"simple": func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options) {
			return handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}), nil
		},
		"partitioned": func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options) {
			return handle(t, gormpg.Config{DSN: dsn}), &postgres.Options{Partition: postgres.Daily}
		},
		"prisma": func(t *testing.T, dsn string) (*gorm.DB, *postgres.Options) {
			makePrisma(t, dsn)
			return handle(t, gormpg.Config{DSN: dsn}), prisma
		},
	} {
		t.Run(name, func(t *testing.T) {
			db, opts := open(t, pgtest.New(t))
			st, err := postgres.New(db, opts)
			require.NoError(t, err)
			defer func() { require.NoError(t, st.Close(ctx)) }()
			event := func(typ string) syslog.Log {
				return syslog.Log{ID: typ, Type: typ, Actor: "BOT", Metadata: []byte(`{"k":"v","password":"x"}`), CreatedAt: at}
			}
			no := errors.New("no")
			require.ErrorIs(t, db.Transaction(func(tx *gorm.DB) error {
				require.NoError(t, st.WriteTx(tx, event("GONE")))
				return no
			}), no)
			for range 2 { // what is there is no error, and does not end the transaction
				require.NoError(t, db.Transaction(func(tx *gorm.DB) error { return st.WriteTx(tx, event("KEPT"), event("SECOND")) }))
			}
			page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Actors: []syslog.LogActor{"BOT"}}})
			require.NoError(t, err)
			require.Len(t, page.Logs, 2)
			require.JSONEq(t, `{"k":"v","password":"[REDACTED]"}`, string(page.Logs[0].Metadata))
			require.ErrorIs(t, st.WriteTx(db, event("X")), store.ErrNotInTransaction)
		})
	}
	tx := handle(t, gormpg.Config{DSN: pgtest.New(t)}).Begin()
	_, err := postgres.New(tx, nil)
	require.ErrorContains(t, err, "transaction")
	require.NoError(t, tx.Rollback().Error)
}

// TestCancelReachesTheServer: a statement that waits is ended there, not only left.
func TestCancelReachesTheServer(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 100)))
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "LOCK TABLE system_logs IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	waiting := func() (n int) {
		require.NoError(t, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'syslog' AND datname = current_database() AND wait_event_type = 'Lock'").Scan(&n))
		return n
	}
	for name, call := range map[string]func(ctx context.Context) error{
		"query":  func(ctx context.Context) error { _, err := st.Query(ctx, syslog.Query{}); return err },
		"write":  func(ctx context.Context) error { return st.Write(ctx, made(syslog.LevelInfo, at.Add(day), 10)) },
		"delete": func(ctx context.Context) error { _, err := st.Delete(ctx, syslog.Filter{Type: "T"}); return err },
		"cleanup": func(ctx context.Context) error {
			_, err := st.Cleanup(ctx, syslog.DefaultRetention(), at.Add(100*day))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			ended, cancel := context.WithCancel(ctx)
			done := make(chan error)
			go func() { done <- call(ended) }()
			require.Eventually(t, func() bool { return waiting() == 1 }, time.Minute, time.Millisecond)
			cancel()
			require.Error(t, <-done)
			require.Eventually(t, func() bool { return waiting() == 0 }, time.Minute, time.Millisecond)
		})
	}
	require.NoError(t, tx.Rollback())
	stats, err := st.Cleanup(ctx, syslog.DefaultRetention(), at.Add(100*day))
	require.NoError(t, err, "its lock was given back")
	require.EqualValues(t, 100, stats.TotalDeleted, "and nothing was written")
	require.NoError(t, st.Close(ctx))
}

// TestCleanupBudget: what the time does not suffice for is told, and left to the
// next one.
func TestCleanupBudget(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	st, err := postgres.OpenWithOptions(ctx, pgtest.New(t), &postgres.Options{
		BatchSize: 100, BatchPause: -1, CleanupBudget: time.Nanosecond, OnProgress: func(int64) { calls.Add(1) },
	})
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 250)))
	require.NoError(t, st.Write(ctx, made(syslog.LevelWarning, at, 5)))
	require.NoError(t, st.Write(ctx, made(syslog.LevelCritical, at, 5)))
	var left []int64
	for {
		stats, err := st.Cleanup(ctx, syslog.DefaultRetention(), at.Add(100*day))
		require.NoError(t, err)
		left = append(left, stats.Remaining)
		if stats.Remaining == 0 {
			break
		}
	}
	require.Equal(t, []int64{155, 55, 5, 0}, left)
	require.EqualValues(t, 4, calls.Load())
	require.NoError(t, st.Close(ctx))
	_, err = postgres.OpenWithOptions(ctx, pgtest.New(t), &postgres.Options{CleanupBudget: -1})
	require.ErrorContains(t, err, "CleanupBudget is -1ns")
}

// TestExtensionNotAllowed: without the right to make it, everything works but the
// index, and the host is told what to do.
func TestExtensionNotAllowed(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	poor := pgtest.Role(t, dsn)
	_, err := db.ExecContext(ctx, "GRANT CREATE ON SCHEMA public TO PUBLIC")
	require.NoError(t, err)
	var told atomic.Pointer[string]
	st, err := postgres.OpenWithOptions(ctx, poor, &postgres.Options{Trigram: true, Logger: slog.New(slog.NewTextHandler(toldBy(&told), nil))})
	require.NoError(t, err)
	require.Contains(t, *told.Load(), "CREATE EXTENSION pg_trgm")
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 3)))
	page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "M"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 3)
	require.NoError(t, st.Close(ctx))
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func toldBy(to *atomic.Pointer[string]) writerFunc {
	return func(p []byte) (int, error) {
		text := string(p)
		if old := to.Load(); old != nil {
			text = *old + text
		}
		to.Store(&text)
		return len(p), nil
	}
}
