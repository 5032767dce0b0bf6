package syslog_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestShutdownWithAFullJournal has the disk full of events that are in memory, too.
func TestShutdownWithAFullJournal(t *testing.T) {
	for i := range 10 { // the worker may take what is ready while the disk refuses more
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			shutdownWithAFullJournal(t)
		})
	}
}

func shutdownWithAFullJournal(t *testing.T) {
	const n = 3000
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return errAway })
	dir := t.TempDir()
	l, err := syslog.New(st, &syslog.Config{SpillDir: dir, Durability: syslog.Journal, SpillMaxBytes: 1 << 20, Logger: quiet()})
	require.NoError(t, err)
	for range n {
		require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", Message: strings.Repeat("x", 1000)}))
	}
	require.Eventually(t, func() bool { return l.Stats().SpillErrors > 0 }, 10*time.Second, time.Millisecond)
	expired, cancel := context.WithCancel(ctx())
	cancel()
	var left *syslog.ShutdownError
	require.ErrorAs(t, l.Shutdown(expired), &left)
	require.Equal(t, dir, left.OnDisk)
	s := l.Stats()
	require.NotZero(t, s.Dropped)
	require.EqualValues(t, n, s.Dropped+s.Spilled)
	conserved(t, l)
}

// TestFullJournalDropsTheOldest has both the disk and memory full, of the same events.
func TestFullJournalDropsTheOldest(t *testing.T) {
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return errAway })
	l, err := syslog.New(st, &syslog.Config{
		SpillDir: t.TempDir(), Durability: syslog.Journal, SpillMaxBytes: 1 << 20, QueueBytes: 8 << 20, Logger: quiet(),
	})
	require.NoError(t, err)
	for range 15_000 {
		require.Eventually(t, func() bool {
			return l.Log(ctx(), syslog.Log{Type: "T", Message: strings.Repeat("x", 1000)}) == nil
		}, 5*time.Second, time.Millisecond)
	}
	st.setHook(nil)
	require.ErrorIs(t, l.Close(), syslog.ErrLost)
	conserved(t, l)
}
