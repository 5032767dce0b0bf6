package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

func TestCleanupAndItsLock(t *testing.T) {
	ctx := context.Background()
	for _, portable := range []bool{false, true} {
		db := hostDB(t, nil)
		pool, err := db.DB()
		require.NoError(t, err)
		lock := func(until time.Time) {
			_, err := pool.Exec("INSERT INTO system_logs_locks VALUES ('cleanup', 'another', ?)", until.UnixMilli())
			require.NoError(t, err)
		}
		locks := func() (n int) {
			require.NoError(t, pool.QueryRow("SELECT COUNT(*) FROM system_logs_locks").Scan(&n))
			return n
		}
		var during func()
		var progress []int64
		st, err := store.New(db, &store.Options{Portable: portable, BatchSize: 2, BatchPause: -1, OnProgress: func(n int64) {
			progress = append(progress, n)
			if during != nil {
				during()
			}
		}})
		require.NoError(t, err)
		now := time.Now()
		policy := syslog.RetentionPolicy{syslog.LevelInfo: time.Hour, syslog.LevelError: 2 * time.Hour, syslog.LevelWarning: syslog.Forever}
		fill := func() {
			for _, l := range []syslog.LogLevel{syslog.LevelInfo, syslog.LevelWarning, syslog.LevelError} {
				require.NoError(t, st.Write(ctx, []syslog.Log{
					{Level: l, CreatedAt: now.Add(-3 * time.Hour)}, {Level: l, CreatedAt: now.Add(-3 * time.Hour)}, {Level: l, CreatedAt: now.Add(-90 * time.Minute)},
				}))
			}
		}
		fill()

		lock(now.Add(time.Minute))
		_, err = st.Cleanup(ctx, policy, now)
		require.ErrorIs(t, err, syslog.ErrCleanupRunning, "another process is at it")
		_, err = pool.Exec("DELETE FROM system_logs_locks")
		require.NoError(t, err)

		lock(now.Add(-time.Second))
		stats, err := st.Cleanup(ctx, policy, now)
		require.NoError(t, err, "one that was killed holds nobody up for ever")
		require.EqualValues(t, 3, stats.InfoDeleted)
		require.EqualValues(t, 2, stats.ErrorDeleted)
		require.EqualValues(t, 5, stats.TotalDeleted)
		require.Equal(t, policy, stats.Policy)
		require.Equal(t, []int64{2, 3, 5}, progress)
		require.Zero(t, locks())

		fill()
		once := false
		during = func() {
			if once {
				return
			}
			once = true
			_, err := st.Cleanup(ctx, policy, now)
			require.ErrorIs(t, err, syslog.ErrCleanupRunning, "and neither does it run twice here")
		}
		_, err = st.Cleanup(ctx, policy, now)
		require.NoError(t, err)

		fill()
		stopped, stop := context.WithCancel(ctx)
		during = stop
		stats, err = st.Cleanup(stopped, policy, now)
		require.ErrorIs(t, err, context.Canceled)
		require.EqualValues(t, 2, stats.TotalDeleted, "what was deleted is told beside the error")
		require.Zero(t, locks(), "the lock is given back")
		during = nil
		_, err = st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: -1}, now)
		var wrong *syslog.ConfigError
		require.ErrorAs(t, err, &wrong)
	}
}
