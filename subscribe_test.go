package syslog_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestSubscription: what is stored, once and in order, also what had to be tried again;
// nothing of what was refused for good.
func TestSubscription(t *testing.T) {
	st := syslogtest.NewStore()
	l, err := syslog.New(st, &syslog.Config{Logger: quiet(), BatchSize: 7})
	require.NoError(t, err)
	defer l.Close()
	s, err := l.Subscribe(0)
	require.NoError(t, err)
	ctx := context.Background()
	st.FailWrites(errors.New("away"), 2)
	const events = 100
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range events {
			l.Info(ctx, fmt.Sprintf("T%03d", i), syslog.System(), "x", syslog.Metadata{"i": i})
		}
	})
	var got []string
	for len(got) < events {
		logs, missed, err := s.Next(ctx)
		require.NoError(t, err)
		require.Zero(t, missed)
		for _, e := range logs {
			stored, err := l.Get(ctx, e.ID)
			require.NoError(t, err, "it is in the store by then")
			require.Equal(t, stored, e)
			got = append(got, e.Type)
		}
	}
	wg.Wait()
	for i, typ := range got {
		require.Equal(t, fmt.Sprintf("T%03d", i), typ)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, _, err = s.Next(ended)
	require.ErrorIs(t, err, context.Canceled)

	s.Close()
	s.Close()
	l.Info(ctx, "LATER", syslog.System(), "x")
	require.NoError(t, l.Flush(ctx))
	_, _, err = s.Next(ctx)
	require.ErrorIs(t, err, syslog.ErrClosed)
}

// TestSlowSubscriberMissesTheOldest, in one batch and over several, and holds nobody back.
func TestSlowSubscriberMissesTheOldest(t *testing.T) {
	l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet()})
	require.NoError(t, err)
	defer l.Close()
	ctx := context.Background()
	small, err := l.Subscribe(10)
	require.NoError(t, err)
	large, err := l.Subscribe(1000)
	require.NoError(t, err)
	for range 3 {
		for range 100 {
			l.Info(ctx, "T", syslog.System(), "x")
		}
		require.NoError(t, l.Flush(ctx))
	}
	logs, missed, err := small.Next(ctx)
	require.NoError(t, err)
	require.Len(t, logs, 10)
	require.EqualValues(t, 290, missed)
	all, missed, err := large.Next(ctx)
	require.NoError(t, err)
	require.Zero(t, missed)
	require.Len(t, all, 300)
	require.Equal(t, all[290:], logs)
}

// TestSubscriptionEndsWithTheLogger, for each that waits, after what was stored to the last.
func TestSubscriptionEndsWithTheLogger(t *testing.T) {
	l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet()})
	require.NoError(t, err)
	ctx := context.Background()
	idle, err := l.Subscribe(0)
	require.NoError(t, err)
	full, err := l.Subscribe(0)
	require.NoError(t, err)
	ends := make(chan error)
	drained := func() { // reads what others leave, to the end
		var err error
		for err == nil {
			_, _, err = idle.Next(ctx)
		}
		ends <- err
	}
	go drained()
	go drained()
	l.Info(ctx, "LAST", syslog.System(), "x")
	require.NoError(t, l.Close())
	require.ErrorIs(t, <-ends, syslog.ErrClosed)
	require.ErrorIs(t, <-ends, syslog.ErrClosed)
	logs, _, err := full.Next(ctx)
	require.NoError(t, err)
	require.Equal(t, "LAST", logs[0].Type)
	_, _, err = full.Next(ctx)
	require.ErrorIs(t, err, syslog.ErrClosed)
	_, err = l.Subscribe(0)
	require.ErrorIs(t, err, syslog.ErrClosed)

	var none *syslog.Logger
	_, err = none.Subscribe(0)
	require.ErrorIs(t, err, syslog.ErrNoStore)
	_, err = l.Subscribe(-1)
	require.Error(t, err)
}
