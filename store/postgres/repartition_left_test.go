package postgres_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestNewRemovesWhatAKilledRepartitionLeft: the index as well, whether it was
// finished or not, and nothing else.
func TestNewRemovesWhatAKilledRepartitionLeft(t *testing.T) {
	t.Parallel()
	for name, stmts := range map[string][]string{
		"half an index": {
			"CREATE UNIQUE INDEX system_logs_past_pkey ON system_logs (id, created_at)",
			"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'system_logs_past_pkey'::regclass",
		},
		"an index and the constraint": {
			"CREATE UNIQUE INDEX system_logs_past_pkey ON system_logs (id, created_at)",
			"ALTER TABLE system_logs ADD CONSTRAINT syslog_before CHECK (created_at < '2026-03-19') NOT VALID",
		},
	} {
		for _, table := range []string{"system_logs", "public.system_logs"} {
			t.Run(name+" of "+table, func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				db := direct(t, dsn)
				openPlain(t, dsn)
				_, err := db.ExecContext(ctx, "CREATE INDEX mine ON system_logs (id, level)")
				require.NoError(t, err)
				was := dump(t, dsn)
				for _, stmt := range stmts {
					_, err := db.ExecContext(ctx, stmt)
					require.NoError(t, err)
				}
				st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Table: table, Logger: slog.New(slog.DiscardHandler)})
				require.NoError(t, err)
				require.NoError(t, st.Close(ctx))
				require.Equal(t, was, dump(t, dsn))
				var gone bool // an index that is not finished is in no dump
				require.NoError(t, db.QueryRowContext(ctx, "SELECT to_regclass('system_logs_past_pkey') IS NULL").Scan(&gone))
				require.True(t, gone)
			})
		}
	}
}

// TestNewBesideALongTransaction is not kept waiting by what it cannot remove.
func TestNewBesideALongTransaction(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	openPlain(t, dsn)
	_, err := db.ExecContext(ctx, "CREATE UNIQUE INDEX system_logs_past_pkey ON system_logs (id, created_at)")
	require.NoError(t, err)
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "LOCK TABLE system_logs IN ROW EXCLUSIVE MODE")
	require.NoError(t, err)
	var told strings.Builder
	start := time.Now()
	st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Logger: slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	require.NoError(t, err)
	require.Less(t, time.Since(start), 20*time.Second)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 1)))
	require.NoError(t, st.Close(ctx))
	require.Contains(t, told.String(), "DROP INDEX IF EXISTS")
	require.NoError(t, tx.Rollback())
	require.Contains(t, dump(t, dsn), "_past_pkey")
	openPlain(t, dsn)
	require.NotContains(t, dump(t, dsn), "_past_pkey")
}

// TestRepartitionBehindAKilledOne: the next call begins anew.
func TestRepartitionBehindAKilledOne(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	openPlain(t, dsn)
	for _, stmt := range []string{
		"CREATE UNIQUE INDEX system_logs_past_pkey ON system_logs (id, created_at)",
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'system_logs_past_pkey'::regclass",
		"ALTER TABLE system_logs ADD CONSTRAINT syslog_before CHECK (created_at < '2026-03-19') NOT VALID",
	} {
		_, err := db.ExecContext(ctx, stmt)
		require.NoError(t, err)
	}
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
	require.NotContains(t, dump(t, dsn), "syslog_before")
}

// TestRepartitionTakesTheTrigramsAlong: the index for searching is not built again
// on what is the largest partition.
func TestRepartitionTakesTheTrigramsAlong(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"system_logs", "public.system_logs"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db, host := direct(t, dsn), handle(t, gormpg.Config{DSN: dsn})
			gins := func() (list string) {
				require.NoError(t, db.QueryRowContext(ctx, `SELECT string_agg(c.relname || ' on ' || i.indrelid::regclass, ', ' ORDER BY c.relname)
					FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam WHERE m.amname = 'gin'`).Scan(&list))
				return list
			}
			now, tick := clock(at), make(chan time.Time)
			opened := func(p postgres.Partition) {
				st, err := postgres.New(host, postgres.WithClock(postgres.Options{Table: table, Partition: p, Trigram: true, Logger: slog.New(slog.DiscardHandler)},
					func() time.Time { return *now.Load() }, tick))
				require.NoError(t, err)
				tick <- time.Time{} // the first round is over
				tick <- time.Time{}
				require.NoError(t, st.Close(ctx))
			}
			opened(postgres.Unpartitioned)
			require.Equal(t, "system_logs_trigram on system_logs", gins())
			opts := daily()
			opts.Table, opts.Trigram = table, true
			require.NoError(t, postgres.Repartition(ctx, host, opts))
			require.Equal(t, "system_logs_past_trigram on system_logs_past", gins())
			later := at.Truncate(day).Add(2*day + 2*time.Hour) // the past is closed, and nothing else
			now.Store(&later)
			opened(postgres.Daily)
			require.Equal(t, "system_logs_past_trigram on system_logs_past", gins())
		})
	}
}
