package syslog_test

import (
	"context"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestShutdownOutOfTimeKeepsWhatABestEffortSinkHasLeft(t *testing.T) {
	st, web := &memory{}, &memory{}
	hang := func(ctx context.Context, _ []syslog.Log) error { <-ctx.Done(); return ctx.Err() }
	st.setHook(hang)
	web.setHook(hang)
	cfg := syslog.Config{SpillDir: t.TempDir(), FlushInterval: time.Minute, Logger: quiet(), Sinks: []syslog.SinkConfig{{Name: "web", Sink: web, BestEffort: true}}}
	l, err := syslog.New(st, &cfg)
	require.NoError(t, err)
	l.Info(ctx(), "T", syslog.User("0"), "m")
	expired, cancel := context.WithCancel(ctx())
	cancel()
	var left *syslog.ShutdownError
	require.ErrorAs(t, l.Shutdown(expired), &left)
	s := l.Stats().Sinks["web"]
	require.Zero(t, s.Dropped)
	require.EqualValues(t, 1, s.Spilled)

	st.setHook(nil)
	web.setHook(nil)
	l = open(t, st, cfg)
	require.NoError(t, l.Close())
	require.Len(t, web.all(), 1)
}
