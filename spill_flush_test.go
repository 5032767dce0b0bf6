package syslog_test

import (
	"context"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestFlushDoesNotTakeTheDiskForTheStore(t *testing.T) {
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return errAway })
	l, err := syslog.New(st, &syslog.Config{SpillDir: t.TempDir(), Logger: quiet()})
	require.NoError(t, err)
	l.Info(ctx(), "T", syslog.User("0"), "m")
	flushed := make(chan error, 1)
	go func() { flushed <- l.Flush(ctx()) }()
	time.Sleep(10 * time.Millisecond)
	expired, cancel := context.WithCancel(ctx())
	cancel()
	var left *syslog.ShutdownError
	require.ErrorAs(t, l.Shutdown(expired), &left)
	require.ErrorContains(t, <-flushed, "on disk")
	short, cancel := context.WithTimeout(ctx(), 5*time.Second)
	defer cancel()
	err = l.Flush(short)
	require.ErrorContains(t, err, "on disk")
	require.NotErrorIs(t, err, context.DeadlineExceeded)
}
