package postgres_test

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
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
