package postgres_test

import (
	"bytes"
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

var allBut = syslog.RetentionPolicy{syslog.LevelInfo: day, syslog.LevelWarning: day, syslog.LevelError: day}

// TestRetentionSeesWhatItWaitedFor has a critical event committed while a partition
// is about to be dropped, or emptied, at the isolation level at which a statement
// would not see it.
func TestRetentionSeesWhatItWaitedFor(t *testing.T) {
	t.Parallel()
	for name, stays := range map[string]int{"drop": 0, "empty": 1500} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t) + "&options=-c%20default_transaction_isolation%3Drepeatable%5C%20read"
			db, now := direct(t, dsn), clock(at)
			st := openParts(t, dsn, postgres.Daily, now, nil)
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 12_000)))
			require.NoError(t, st.Write(ctx, made(syslog.LevelCritical, at.Truncate(day), stays)))
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(ctx, "INSERT INTO system_logs (id, level, type, actor, message, created_at) VALUES ('late', 'CRITICAL', 'T', 'SYSTEM', 'm', $1)", at)
			require.NoError(t, err)
			later := at.Add(10 * day)
			now.Store(&later)
			type result struct {
				stats syslog.CleanupStats
				err   error
			}
			done := make(chan result)
			go func() {
				stats, err := st.Cleanup(ctx, allBut, later)
				done <- result{stats, err}
			}()
			require.Eventually(t, func() (waits bool) {
				require.NoError(t, db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
					AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%')`).Scan(&waits))
				return waits
			}, time.Minute, time.Millisecond)
			require.NoError(t, tx.Commit())
			r := <-done
			require.NoError(t, r.err)
			require.EqualValues(t, 12_000, r.stats.InfoDeleted)
			require.EqualValues(t, 12_000, r.stats.TotalDeleted)
			page, err := st.Query(ctx, syslog.Query{})
			require.NoError(t, err)
			require.EqualValues(t, stays+1, page.Pagination.TotalCount)
			require.Equal(t, "late", page.Logs[0].ID)
		})
	}
}

// TestRetentionByAnotherRole: who may only read and write the table still cleans up.
func TestRetentionByAnotherRole(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	now := clock(at)
	owner := openParts(t, dsn, postgres.Daily, now, nil)
	require.NoError(t, owner.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 12_000)))
	poor := pgtest.Role(t, dsn)
	db := direct(t, dsn)
	for _, stmt := range []string{
		"GRANT SELECT, INSERT, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC", "GRANT UPDATE ON system_logs_locks TO PUBLIC",
		"REVOKE TEMPORARY ON DATABASE " + dsn[strings.LastIndex(dsn, "/")+1:strings.Index(dsn, "?")] + " FROM PUBLIC",
	} {
		_, err := db.ExecContext(ctx, stmt)
		require.NoError(t, err)
	}
	later := at.Add(10 * day)
	st, err := postgres.OpenWithOptions(ctx, poor, postgres.WithClock(postgres.Options{Partition: postgres.Daily, Logger: slog.New(slog.DiscardHandler)},
		func() time.Time { return later }, nil))
	require.NoError(t, err)
	stats, err := st.Cleanup(ctx, allBut, later)
	require.NoError(t, err)
	require.EqualValues(t, 12_000, stats.InfoDeleted)
	require.NoError(t, st.Close(ctx))
}

// TestPoolOfOne: nothing needs a second connection, or waits for itself.
func TestPoolOfOne(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]postgres.Options{"plain": {}, "partitioned": {Partition: postgres.Daily, Trigram: true}} {
		t.Run(name, func(t *testing.T) {
			host := handle(t, gormpg.Config{DSN: pgtest.New(t)})
			pool, err := host.DB()
			require.NoError(t, err)
			pool.SetMaxOpenConns(1)
			now, tick := clock(at), make(chan time.Time)
			opts.Logger = slog.New(slog.DiscardHandler)
			st, err := postgres.New(host, postgres.WithClock(opts, func() time.Time { return *now.Load() }, tick))
			require.NoError(t, err)
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 12_000)), "in halves")
			later := at.Add(10 * day)
			now.Store(&later)
			if opts.Partition != postgres.Unpartitioned {
				tick <- time.Time{}
				tick <- time.Time{}
			}
			stats, err := st.Cleanup(ctx, allBut, later)
			require.NoError(t, err)
			require.EqualValues(t, 12_000, stats.TotalDeleted)
			page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "m"}})
			require.NoError(t, err)
			require.Empty(t, page.Logs)
			require.NoError(t, st.Close(ctx))
		})
	}
}

// TestRetentionInSpiteOfTheHost: what keeps a partition from being emptied at once is
// told of, and does not keep its events.
func TestRetentionInSpiteOfTheHost(t *testing.T) {
	t.Parallel()
	for name, obstacle := range map[string]string{
		"a key of the host's":     `CREATE TABLE mine (id text COLLATE "C", at timestamptz(3), FOREIGN KEY (id, at) REFERENCES system_logs (id, created_at))`,
		"a trigger of the host's": `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$; CREATE TRIGGER no BEFORE INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION no()`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db, now := direct(t, dsn), clock(at)
			var out bytes.Buffer
			opts := postgres.WithClock(postgres.Options{Partition: postgres.Daily, Logger: slog.New(slog.NewTextHandler(&out, nil))}, func() time.Time { return *now.Load() }, nil)
			st, err := postgres.OpenWithOptions(ctx, dsn, opts)
			require.NoError(t, err)
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 12_000)))
			require.NoError(t, st.Write(ctx, made(syslog.LevelCritical, at.Truncate(day), 1500)))
			_, err = db.ExecContext(ctx, obstacle)
			require.NoError(t, err)
			later := at.Add(10 * day)
			now.Store(&later)
			stats, err := st.Cleanup(ctx, allBut, later)
			require.NoError(t, err)
			require.EqualValues(t, 12_000, stats.InfoDeleted)
			page, err := st.Query(ctx, syslog.Query{Limit: 1})
			require.NoError(t, err)
			require.EqualValues(t, 1500, page.Pagination.TotalCount)
			require.NoError(t, st.Close(ctx))
			require.Contains(t, out.String(), "deleted row by row")
		})
	}
}

// TestRetentionCountsWhatIsGone: a partition goes as a whole, also when the time for
// cleaning up is over with its first level.
func TestRetentionCountsWhatIsGone(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	now := clock(at)
	st, err := postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{
		Partition: postgres.Daily, CleanupBudget: time.Nanosecond, Logger: slog.New(slog.DiscardHandler),
	}, func() time.Time { return *now.Load() }, nil))
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 300)))
	require.NoError(t, st.Write(ctx, made(syslog.LevelWarning, at.Truncate(day), 200)))
	require.NoError(t, st.Write(ctx, made(syslog.LevelError, at.Truncate(day), 100)))
	later := at.Add(10 * day)
	now.Store(&later)
	stats, err := st.Cleanup(ctx, allBut, later)
	require.NoError(t, err)
	require.Equal(t, []int64{300, 200, 100, 600, 0}, []int64{stats.InfoDeleted, stats.WarningDeleted, stats.ErrorDeleted, stats.TotalDeleted, stats.Remaining})
	require.NoError(t, st.Close(ctx))
}
