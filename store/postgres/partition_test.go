package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

const day = 24 * time.Hour

// at is a moment of the tests: a Wednesday.
var at = time.Date(2026, 3, 18, 15, 0, 0, 0, time.UTC)

func direct(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// parts lists the partitions of a table, with their number of rows.
func parts(t testing.TB, db *sql.DB, table string) string {
	t.Helper()
	rows, err := db.QueryContext(ctx, `SELECT c.relname, (xpath('/row/c/text()', query_to_xml('SELECT COUNT(*) AS c FROM ' || c.oid::regclass, false, true, '')))[1]::text
		FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = $1::regclass ORDER BY pg_get_expr(c.relpartbound, c.oid) NOT LIKE '%MINVALUE%', pg_get_expr(c.relpartbound, c.oid)`, table)
	require.NoError(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name, n string
		require.NoError(t, rows.Scan(&name, &n))
		out = append(out, strings.TrimPrefix(name, "system_logs_")+"="+n)
	}
	require.NoError(t, rows.Err())
	return strings.Join(out, " ")
}

// made are n events of a level, the first one at a time, a second apart.
func made(level syslog.LogLevel, from time.Time, n int) []syslog.Log {
	logs := make([]syslog.Log, n)
	for i := range logs {
		logs[i] = syslog.Log{
			ID: fmt.Sprintf("%v-%d-%d", level, from.Unix(), i), Level: level, Type: "T", Actor: syslog.ActorSystem,
			Message: "m", CreatedAt: from.Add(time.Duration(i) * time.Second),
		}
	}
	return logs
}

func openParts(t testing.TB, dsn string, p postgres.Partition, now *atomic.Pointer[time.Time], tick chan time.Time) *store.Store {
	t.Helper()
	st, err := postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{Partition: p, Logger: slog.New(slog.DiscardHandler)},
		func() time.Time { return *now.Load() }, tick))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(ctx)) })
	return st
}

func clock(t time.Time) *atomic.Pointer[time.Time] {
	var now atomic.Pointer[time.Time]
	now.Store(&t)
	return &now
}

func TestPartitionsAreMadeAhead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		period postgres.Partition
		first  string
		later  time.Time
		last   string
	}{
		"daily":   {postgres.Daily, "past=0 p20260318=0 p20260319=0 p20260320=0 p20260321=0 future=0", at.Add(2 * day), "p20260323=0 future=0"},
		"weekly":  {postgres.Weekly, "past=0 p20260316=0 p20260323=0 p20260330=0 p20260406=0 future=0", at.Add(7 * day), "p20260413=0 future=0"},
		"monthly": {postgres.Monthly, "past=0 p20260301=0 p20260401=0 p20260501=0 p20260601=0 future=0", at.Add(90 * day), "p20260901=0 future=0"},
		"a year without a process": {
			postgres.Daily, "past=0 p20260318=0 p20260319=0 p20260320=0 p20260321=0 future=0", at.Add(365 * day),
			"p20260321=0 p20260322=0 p20270318=3 p20270319=0 p20270320=0 p20270321=0 future=0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t)
			db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
			st := openParts(t, dsn, c.period, now, tick)
			require.Equal(t, c.first, parts(t, db, "system_logs"))
			// Some events have a time for which there is no partition yet.
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, c.later, 3)))
			now.Store(&c.later)
			tick <- time.Time{}
			tick <- time.Time{} // the first one is done
			got := parts(t, db, "system_logs")
			require.True(t, strings.HasSuffix(got, c.last), got)
			require.Contains(t, got, "=3", "they have moved")
			page, err := st.Query(ctx, syslog.Query{})
			require.NoError(t, err)
			require.Len(t, page.Logs, 3)
		})
	}
}

// TestEventsOfAnyAge: there is a partition for every time.
func TestEventsOfAnyAge(t *testing.T) {
	t.Parallel()
	st := openParts(t, pgtest.New(t), postgres.Daily, clock(at), nil)
	var logs []syslog.Log
	for i, when := range []time.Time{
		time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC), time.Unix(-1, 0), at.AddDate(-20, 0, 0), at.Add(-day), at, at.Add(3 * day), at.AddDate(20, 0, 0),
		time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC),
	} {
		logs = append(logs, syslog.Log{ID: fmt.Sprint(i), Type: "T", Actor: syslog.ActorSystem, CreatedAt: when.UTC()})
	}
	for range 2 {
		require.NoError(t, st.Write(ctx, logs), "also a second time")
	}
	page, err := st.Query(ctx, syslog.Query{Order: syslog.Asc})
	require.NoError(t, err)
	require.Equal(t, logs, page.Logs)
}

func TestRetentionDropsPartitions(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
	st := openParts(t, dsn, postgres.Daily, now, tick)
	const n = 12_000
	for d := range 3 {
		from := at.Add(time.Duration(d) * day).Truncate(day)
		require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, from, n)))
		require.NoError(t, st.Write(ctx, made(syslog.LevelWarning, from, 10)))
		require.NoError(t, st.Write(ctx, made(syslog.LevelCritical, from, 2)))
	}
	policy := syslog.RetentionPolicy{syslog.LevelInfo: 30 * day, syslog.LevelWarning: 60 * day, syslog.LevelError: 90 * day}
	cleanup := func(days int) syslog.CleanupStats {
		later := at.Truncate(day).Add(time.Duration(days) * day)
		now.Store(&later)
		stats, err := st.Cleanup(ctx, policy, later)
		require.NoError(t, err)
		return stats
	}
	require.Zero(t, cleanup(30).TotalDeleted)
	stats := cleanup(31)
	require.EqualValues(t, n, stats.InfoDeleted, "exactly the first day's")
	require.EqualValues(t, n, stats.TotalDeleted)
	require.Contains(t, parts(t, db, "system_logs"), "past=0 p20260318=12 p20260319=12012 p20260320=12012")
	var size int64
	require.NoError(t, db.QueryRowContext(ctx, "SELECT pg_total_relation_size('system_logs_p20260318')").Scan(&size))
	require.Less(t, size, int64(200_000), "the space is free")
	stats = cleanup(32)
	require.EqualValues(t, n, stats.InfoDeleted)
	stats = cleanup(91)
	require.EqualValues(t, 20, stats.WarningDeleted-10)
	require.EqualValues(t, n, stats.InfoDeleted)
	// The first day is over for every level: its partition goes, what is critical
	// stays.
	require.True(t, strings.HasPrefix(parts(t, db, "system_logs"), "past=2 p20260319=2 p20260320=2"), parts(t, db, "system_logs"))
	require.Zero(t, cleanup(200).TotalDeleted)
	require.True(t, strings.HasPrefix(parts(t, db, "system_logs"), "past=6 "), parts(t, db, "system_logs"))
	require.NotContains(t, parts(t, db, "system_logs"), "p2026032")
	// Late ones land, and go.
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 5)))
	require.EqualValues(t, 5, cleanup(200).InfoDeleted)
	page, err := st.Query(ctx, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 6)
	for _, l := range page.Logs {
		require.Equal(t, syslog.LevelCritical, l.Level)
	}
}

// TestRetentionBesideALongTransaction: whoever reads for long does not make the
// cleanup fail, nor wait: rows are deleted one by one then.
func TestRetentionBesideALongTransaction(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
	st := openParts(t, dsn, postgres.Daily, now, tick)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Truncate(day), 12_000)))
	require.NoError(t, st.Write(ctx, made(syslog.LevelWarning, at.Truncate(day).Add(day), 12_000)))
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM system_logs").Scan(&n))
	later := at.Add(40 * day)
	now.Store(&later)
	stats, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: day, syslog.LevelWarning: day}, later)
	require.NoError(t, err)
	require.EqualValues(t, 12_000, stats.InfoDeleted)
	require.EqualValues(t, 12_000, stats.WarningDeleted)
	require.NoError(t, tx.Rollback())
}

// TestManyProcessesKeepPartitions: whoever comes first makes them, nobody fails.
func TestManyProcessesKeepPartitions(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	now := clock(at)
	var wg sync.WaitGroup
	var ticks []chan time.Time
	var stores []*store.Store
	for range 5 {
		ticks = append(ticks, make(chan time.Time))
		stores = append(stores, openParts(t, dsn, postgres.Daily, now, ticks[len(ticks)-1]))
	}
	later := at.Add(10 * day)
	now.Store(&later)
	policy := syslog.RetentionPolicy{syslog.LevelInfo: day}
	for i := range stores {
		wg.Go(func() {
			for k := range 20 {
				if k%5 == 0 {
					ticks[i] <- time.Time{}
				}
				logs := made(syslog.LevelInfo, at.Add(time.Duration(k)*12*time.Hour), 20)
				for j := range logs {
					logs[j].ID += fmt.Sprint("-", i)
				}
				if err := stores[i].Write(ctx, logs); err != nil {
					t.Error(err)
				}
				if k%7 == 0 {
					if _, err := stores[i].Cleanup(ctx, policy, at.Add(3*day)); err != nil && !errors.Is(err, syslog.ErrCleanupRunning) {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	_, err := stores[0].Cleanup(ctx, policy, at.Add(3*day))
	require.NoError(t, err)
	var n int
	require.NoError(t, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM system_logs").Scan(&n))
	// From the third day on, 16 of 20 batches of 20 from each of 5.
	require.Equal(t, 16*20*5, n)
}

func TestRepartition(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	plain, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Table: "public.system_logs"})
	require.NoError(t, err)
	before := append(made(syslog.LevelInfo, at.Add(-60*day), 15_000), made(syslog.LevelCritical, at.Add(-60*day), 3)...)
	require.NoError(t, plain.Write(ctx, before))
	require.NoError(t, plain.Write(ctx, made(syslog.LevelInfo, at.Add(-time.Hour), 100)))

	opts := func() *postgres.Options {
		return postgres.WithClock(postgres.Options{Table: "public.system_logs", Partition: postgres.Daily, Logger: slog.New(slog.DiscardHandler)},
			func() time.Time { return at }, nil)
	}
	host := handle(t, gormpg.Config{DSN: dsn})
	_, err = postgres.New(host, opts())
	require.ErrorContains(t, err, "postgres.Repartition")

	// The store that is open goes on.
	stop, sent := make(chan struct{}), make(chan int)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				sent <- n
				return
			default:
			}
			logs := []syslog.Log{{ID: fmt.Sprint("meanwhile-", n), Type: "MEANWHILE", Actor: syslog.ActorSystem, CreatedAt: at}}
			for range 2 { // the second time the key is there
				if err := plain.Write(ctx, logs); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	require.NoError(t, postgres.Repartition(ctx, host, opts()))
	require.NoError(t, postgres.Repartition(ctx, host, opts()), "done already")
	close(stop)
	n := <-sent
	require.NoError(t, plain.Write(ctx, append(made(syslog.LevelInfo, at.Add(-time.Hour), 100), before[0])))
	require.NoError(t, plain.Close(ctx))
	st, err := postgres.New(host, opts())
	require.NoError(t, err)
	page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Type: "MEANWHILE"}})
	require.NoError(t, err)
	require.EqualValues(t, n, page.Pagination.TotalCount)
	require.Contains(t, parts(t, db, "system_logs"), "p20260320=0 p20260321=0 p20260322=0 future=0")
	require.NoError(t, st.Write(ctx, before), "all of it is there already")
	stats, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: 30 * day}, at)
	require.NoError(t, err)
	require.EqualValues(t, 15_000, stats.InfoDeleted)
	page, err = st.Query(ctx, syslog.Query{Filter: syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelCritical}}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 3)
	_, err = postgres.New(host, &postgres.Options{Table: "public.system_logs"})
	require.ErrorContains(t, err, "set Options.Partition")
	require.NoError(t, st.MigrateDown(ctx, 0))
	require.NoError(t, st.Close(ctx))
}
