package syslog_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestSmallDirectoryTakesWhatIsBeingDelivered has a batch under way that is larger
// than the directory may be. Nothing is dropped there for what memory has room for.
func TestSmallDirectoryTakesWhatIsBeingDelivered(t *testing.T) {
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return errAway })
	l := open(t, st, syslog.Config{SpillDir: t.TempDir(), SpillMaxBytes: 1 << 20, FlushInterval: 50 * time.Millisecond})
	for range 3000 {
		require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", Message: strings.Repeat("x", 1000)}))
	}
	require.Eventually(t, func() bool { return l.Stats().Spilled > 0 }, 5*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return l.Stats().SpillErrors > 0 }, 5*time.Second, 10*time.Millisecond)
	require.ErrorContains(t, l.Healthy(ctx()), "SpillMaxBytes")
	st.setHook(nil)
	require.NoError(t, l.Flush(ctx()))
	require.EqualValues(t, 3000, l.Stats().Written)
	require.Zero(t, l.Stats().Dropped)
}

// TestLargeEventUnderWayLeavesRoomOnDisk has one event under way that fills all of
// memory.
func TestLargeEventUnderWayLeavesRoomOnDisk(t *testing.T) {
	const n = 10
	for _, cfg := range []syslog.Config{{QueueSize: 1}, {QueueBytes: 4 << 10}} {
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return errAway })
		cfg.SpillDir, cfg.FlushInterval = t.TempDir(), time.Millisecond
		l := open(t, st, cfg)
		for range n {
			require.Eventually(t, func() bool {
				return l.Log(ctx(), syslog.Log{Type: "T", Message: strings.Repeat("x", 8000)}) == nil
			}, 4*time.Second, 10*time.Millisecond)
		}
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		require.Len(t, numbered(st), n)
	}
}
