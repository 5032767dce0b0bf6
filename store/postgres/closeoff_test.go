package postgres_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestACrowdedPartitionIsNotMoved: where nobody made partitions for long, what has
// gathered in the open one stays where it is, and nobody waits for it.
func TestACrowdedPartitionIsNotMoved(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
	st := openParts(t, dsn, postgres.Daily, now, tick)
	today := at.Truncate(day)
	for i := range 10 {
		logs := made(syslog.LevelInfo, today.Add(time.Duration(i+5)*day), 1500)
		for n := range logs {
			logs[n].ID = logs[n].ID + string(rune('a'+i))
		}
		require.NoError(t, st.Write(ctx, logs))
	}
	_, err := db.ExecContext(ctx, "CREATE TABLE before AS SELECT id, xmin::text AS x FROM system_logs")
	require.NoError(t, err)
	later := at.Add(20 * day)
	now.Store(&later)
	tick <- time.Time{}
	tick <- time.Time{} // the first one is done
	require.Equal(t, "past=0 p20260318=0 p20260319=0 p20260320=0 p20260321=0 p20260322=15000 p20260409=0 p20260410=0 future=0", parts(t, db, "system_logs"))
	var moved int
	require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM system_logs s JOIN before b ON b.id = s.id WHERE s.xmin::text <> b.x").Scan(&moved))
	require.Zero(t, moved)
	// Events of every time have a place, and the whole is dropped when it is over.
	for i, when := range []time.Time{today.Add(6 * day), later, later.Add(2 * day), later.Add(30 * day)} {
		require.NoError(t, st.Write(ctx, []syslog.Log{{ID: "new" + string(rune('0'+i)), Type: "T", Actor: syslog.ActorSystem, CreatedAt: when}}))
	}
	over := later.Add(60 * day)
	now.Store(&over)
	stats, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: day, syslog.LevelWarning: day, syslog.LevelError: day, syslog.LevelCritical: day}, over)
	require.NoError(t, err)
	require.EqualValues(t, 15_004, stats.TotalDeleted)
}

// TestACrowdedPartitionIsClosedOnce: a process that looked before another one was done
// leaves the new open partition as it is. Bounds on it would refuse events for good.
func TestACrowdedPartitionIsClosedOnce(t *testing.T) {
	t.Parallel()
	for name, conns := range map[string]string{"with a lock": "", "without one": "of one"} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t)
			db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
			st := openParts(t, dsn, postgres.Daily, now, tick)
			host := handle(t, gormpg.Config{DSN: dsn})
			if conns != "" {
				pool, err := host.DB()
				require.NoError(t, err)
				pool.SetMaxOpenConns(1)
			}
			// The slow one reads its clock for what it wants, and then for what it closes.
			slowTick := make(chan time.Time)
			var reads atomic.Int64
			reads.Store(-100)
			slow, err := postgres.New(host, postgres.WithClock(postgres.Options{Partition: postgres.Daily, Logger: slog.New(slog.DiscardHandler)}, func() time.Time {
				if reads.Add(1) == 2 {
					tick <- time.Time{}
					tick <- time.Time{} // the other one is done
				}
				return *now.Load()
			}, slowTick))
			require.NoError(t, err)
			slowTick <- time.Time{} // its first round is done
			slowTick <- time.Time{}
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Add(10*day), 12_000)))
			later := at.Add(20 * day)
			now.Store(&later)
			reads.Store(0)
			slowTick <- time.Time{}
			slowTick <- time.Time{}
			require.Contains(t, parts(t, db, "system_logs"), "p20260322=12000 p20260409=0 p20260410=0 future=0")
			var left int
			require.NoError(t, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_constraint WHERE conname = 'syslog_before'").Scan(&left))
			require.Zero(t, left)
			require.NoError(t, st.Write(ctx, made(syslog.LevelWarning, later.Add(100*day), 3)))
			require.NoError(t, slow.Close(ctx))
		})
	}
}

// TestBoundsOfAKilledProcess on the open partition go with the next change of it, though
// it is not crowded any more.
func TestBoundsOfAKilledProcess(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db, now, tick := direct(t, dsn), clock(at), make(chan time.Time)
	st := openParts(t, dsn, postgres.Daily, now, tick)
	_, err := db.ExecContext(ctx, "ALTER TABLE system_logs_future ADD CONSTRAINT syslog_before CHECK (created_at < '2026-04-01') NOT VALID")
	require.NoError(t, err)
	later := at.Add(day)
	now.Store(&later)
	tick <- time.Time{}
	tick <- time.Time{}
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Add(100*day), 3)))
}
