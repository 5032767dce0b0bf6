package postgres_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
	"gorm.io/gorm"
)

func daily() *postgres.Options {
	return postgres.WithClock(postgres.Options{Partition: postgres.Daily, Logger: slog.New(slog.DiscardHandler)}, func() time.Time { return at }, nil)
}

// TestRepartitionGivesUp: where a long transaction holds the table until the
// context ends, nothing is left that would refuse events later.
func TestRepartitionGivesUp(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db, host := direct(t, dsn), handle(t, gormpg.Config{DSN: dsn})
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	before := dump(t, dsn)
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM system_logs_locks").Scan(&n))
	_, err = tx.ExecContext(ctx, "LOCK TABLE system_logs IN ROW EXCLUSIVE MODE")
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	context.AfterFunc(short, func() { _ = tx.Rollback() })
	require.Error(t, postgres.Repartition(short, host, daily()))
	require.Equal(t, before, dump(t, dsn))
	require.NoError(t, postgres.Repartition(ctx, host, daily()), "and again")
	require.NoError(t, st.MigrateDown(ctx, 0))
	require.NoError(t, st.Close(ctx))
}

// TestRepartitionWasKilled: New removes what would refuse events from some day on,
// and until then they are tried again.
func TestRepartitionWasKilled(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	_, err = db.ExecContext(ctx, "ALTER TABLE system_logs ADD CONSTRAINT syslog_before CHECK (created_at < '2026-03-19') NOT VALID")
	require.NoError(t, err)
	err = st.Write(ctx, made(syslog.LevelInfo, at.Add(10*day), 1))
	require.Error(t, err)
	var marked interface{ IsPermanent() bool }
	require.NotErrorAs(t, err, &marked)
	again, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Add(10*day), 1)))
	require.NoError(t, again.Close(ctx))
	require.NoError(t, st.Close(ctx))
}

// TestRepartitionLeavesTablesOfOthers as they are.
func TestRepartitionLeavesTablesOfOthers(t *testing.T) {
	t.Parallel()
	for _, table := range []string{
		"CREATE TABLE system_logs (id TEXT PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL)", "CREATE TABLE system_logs (customer TEXT)",
		`CREATE TABLE system_logs (id TEXT COLLATE "C" PRIMARY KEY, level TEXT, type TEXT, actor TEXT, actor_id TEXT, message TEXT, metadata JSONB, created_at TIMESTAMPTZ)`,
	} {
		dsn := pgtest.New(t)
		_, err := direct(t, dsn).ExecContext(ctx, table)
		require.NoError(t, err)
		before := dump(t, dsn)
		require.ErrorContains(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()), "did not make")
		require.Equal(t, before, dump(t, dsn))
	}
	require.ErrorContains(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: pgtest.New(t)}), daily()), "no such table")
	require.ErrorContains(t, postgres.Repartition(ctx, nil, nil), "Options.Partition")
}

// TestWriteTxAcrossRepartition: a program that was started before goes on with its
// transactions, and a constraint of the host's is still told.
func TestWriteTxAcrossRepartition(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	host := handle(t, gormpg.Config{DSN: dsn})
	st, err := postgres.New(host, nil)
	require.NoError(t, err)
	write := func(logs ...syslog.Log) error {
		return host.Transaction(func(tx *gorm.DB) error { return st.WriteTx(tx, logs...) })
	}
	require.NoError(t, write(made(syslog.LevelInfo, at, 2)...))
	require.NoError(t, postgres.Repartition(ctx, host, daily()))
	require.NoError(t, write(made(syslog.LevelInfo, at, 3)...))
	page, err := st.Query(ctx, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 3)
	require.NoError(t, host.Exec("CREATE UNIQUE INDEX ON system_logs (message, created_at)").Error)
	require.ErrorContains(t, write(syslog.Log{ID: "x", Type: "T", Message: "m", Actor: syslog.ActorSystem, CreatedAt: at}), "unique constraint")
	require.NoError(t, st.Close(ctx))
}
