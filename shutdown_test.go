package syslog_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestShutdownSaysWhatIsLeft(t *testing.T) {
	st := &memory{}
	gate := make(chan struct{})
	entered := make(chan struct{}, 10)
	st.setHook(func(context.Context, []syslog.Log) error { entered <- struct{}{}; <-gate; return nil })
	l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
	require.NoError(t, err)
	for range 10 {
		l.Info(ctx(), "T", syslog.System(), "m")
	}
	expired, cancel := context.WithCancel(ctx())
	cancel()
	<-entered
	err = l.Shutdown(expired)
	var left *syslog.ShutdownError
	require.ErrorAs(t, err, &left)
	require.EqualValues(t, 10, left.Left)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, l.Log(ctx(), syslog.Log{}), syslog.ErrClosed)
	require.Equal(t, 0, st.closed)

	close(gate)
	require.NoError(t, l.Shutdown(ctx()))
	require.Len(t, st.all(), 10)
	require.NoError(t, l.Shutdown(expired))
	require.Equal(t, 1, st.closed)
	conserved(t, l)
}

func TestShutdownWithNothingLeftNeedsNoTime(t *testing.T) {
	expired, cancel := context.WithCancel(ctx())
	cancel()
	st := &memory{}
	l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
	require.NoError(t, err)
	l.Info(ctx(), "T", syslog.System(), "m")
	require.NoError(t, l.Flush(ctx()))
	require.NoError(t, l.Shutdown(expired))
	require.Equal(t, 1, st.closed)
}

func TestShutdownBesideWriters(t *testing.T) {
	for range 20 {
		st := &memory{}
		l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
		require.NoError(t, err)
		var wg sync.WaitGroup
		started := make(chan struct{}, 8)
		for range 8 {
			wg.Go(func() {
				for i := 0; ; i++ {
					if l.Log(ctx(), syslog.Log{Type: "T"}) != nil {
						return
					}
					if i == 0 {
						started <- struct{}{}
					}
				}
			})
		}
		<-started
		for range 3 {
			wg.Go(func() { _ = l.Shutdown(ctx()) })
		}
		wg.Wait()
		s := l.Stats()
		require.EqualValues(t, len(st.all()), s.Accepted)
		require.Equal(t, 1, st.closed)
		conserved(t, l)
	}
}

func TestCloseIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return context.DeadlineExceeded })
		l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
		require.NoError(t, err)
		l.Info(ctx(), "T", syslog.System(), "m")
		start := time.Now()
		var left *syslog.ShutdownError
		require.ErrorAs(t, l.Close(), &left)
		require.Equal(t, syslog.DefaultCloseTimeout, time.Since(start))
		st.setHook(nil)
		require.NoError(t, l.Shutdown(ctx()))
	})
}

// stuck is a store that does not return from Close.
type stuck struct {
	memory
	release chan struct{}
}

func (s *stuck) Close(context.Context) error {
	<-s.release
	return nil
}

func TestShutdownIsBoundedWhateverTheStoreDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &stuck{release: make(chan struct{})}
		l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
		require.NoError(t, err)
		l.Info(ctx(), "T", syslog.System(), "m")
		start := time.Now()
		require.ErrorContains(t, l.Close(), "does not return from Close")
		require.Less(t, time.Since(start), 2*syslog.DefaultCloseTimeout)
		close(st.release)
	})
	synctest.Test(t, func(t *testing.T) { // the last report of losses meets a store that hangs
		st := &memory{}
		first, release := make(chan struct{}), make(chan struct{})
		st.setHook(func(_ context.Context, logs []syslog.Log) error {
			if logs[0].Type == syslog.TypeEventsDropped {
				<-release
			} else {
				<-first
			}
			return nil
		})
		l, err := syslog.New(st, &syslog.Config{Logger: quiet(), QueueSize: 1, FlushInterval: time.Hour})
		require.NoError(t, err)
		require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T"}))
		require.ErrorIs(t, l.Log(ctx(), syslog.Log{Type: "T"}), syslog.ErrQueueFull)
		close(first)
		bounded, cancel := context.WithTimeout(ctx(), time.Minute)
		defer cancel()
		start := time.Now()
		var left *syslog.ShutdownError
		require.ErrorAs(t, l.Shutdown(bounded), &left)
		require.EqualValues(t, 1, left.Left)
		require.Less(t, time.Since(start), 2*time.Minute)
		close(release)
		require.NoError(t, l.Shutdown(ctx()))
		require.Len(t, st.all(), 2)
	})
}
