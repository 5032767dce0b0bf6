package syslogtest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// fake is a test that may fail.
type fake struct {
	testing.TB
	failures []string
}

func (f *fake) Helper() {}
func (f *fake) Fatalf(format string, args ...any) {
	f.failures = append(f.failures, fmt.Sprintf(format, args...))
	panic(f)
}

// failure runs what is to fail a test at once, and returns the message.
func failure(t *testing.T, run func(testing.TB)) (message string) {
	f := &fake{TB: t}
	defer func() {
		require.Same(t, f, recover())
		message = strings.Join(f.failures, "\n")
	}()
	run(f)
	require.Fail(t, "the test went on")
	return ""
}

func TestRecorder(t *testing.T) {
	logger, rec := syslogtest.New(t, nil)
	require.Empty(t, rec.Logs())
	require.Zero(t, rec.Last())

	ctx := t.Context()
	logger.UserAction(ctx, "LOGIN", "u_1", "first")
	logger.UserAction(ctx, "LOGIN", "u_2", "second")
	logger.System(ctx, "BACKUP", "done")
	require.Len(t, rec.Logs(), 3)
	require.Len(t, rec.Find("USER_LOGIN"), 2)
	require.Empty(t, rec.Find("USER"))
	require.Equal(t, "SYSTEM_BACKUP", rec.Last().Type)
	require.Equal(t, "second", rec.RequireLogged(t, "USER_LOGIN").Message)
	require.Equal(t, "first", rec.RequireLogged(t, "USER_LOGIN", func(l syslog.Log) bool { return l.ActorID == "u_1" }).Message)
	rec.RequireNotLogged(t, "USER_LOGOUT")
	require.NoError(t, logger.Close())
	require.Len(t, rec.Logs(), 3, "readable after the end")
}

func TestRecorderFailures(t *testing.T) {
	logger, rec := syslogtest.New(t, nil)
	nobody := func(l syslog.Log) bool { return false }
	require.Contains(t, failure(t, func(t testing.TB) { rec.RequireLogged(t, "X") }), `no event "X" was logged; the store is empty`)
	for i := range 60 {
		logger.UserAction(t.Context(), "LOGIN", "u_1", fmt.Sprintf("line\n%d", i))
	}
	got := failure(t, func(t testing.TB) { rec.RequireLogged(t, "USER_LOGIN", nobody) })
	require.Contains(t, got, "that meets the 1 condition(s) was logged; the store has 60 event(s):\n  … 10 older\n")
	require.Equal(t, 51, strings.Count(got, "\n"))
	require.Contains(t, failure(t, func(t testing.TB) { rec.RequireNotLogged(t, "USER_LOGIN") }), `an event "USER_LOGIN" was logged`)
	rec.RequireNotLogged(t, "USER_LOGIN", nobody)

	require.Contains(t, failure(t, func(t testing.TB) { syslogtest.New(t, &syslog.Config{BatchSize: -1}) }), "BatchSize")
}

func TestWaitFor(t *testing.T) {
	logger, rec := syslogtest.New(t, nil)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 25 {
				logger.System(context.Background(), "TICK", "tick")
			}
		})
	}
	require.GreaterOrEqual(t, len(rec.WaitFor(t, 100)), 100)
	wg.Wait()
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		logger, rec := syslogtest.New(t, nil)
		logger.System(t.Context(), "TICK", "tick")
		require.Contains(t, failure(t, func(t testing.TB) { rec.WaitFor(t, 2) }), "waited 10s for 2 event(s); the store has 1 event(s):")

		release := rec.Store.Block()
		logger.System(t.Context(), "TICK", "tick")
		require.Contains(t, failure(t, func(t testing.TB) { rec.RequireLogged(t, "X") }), "does not get rid of its events")
		release()
		rec.WaitFor(t, 2)

		rec.Store.Block() // and forgotten: the end of the test heals it
		logger.System(t.Context(), "TICK", "tick")
	})
}

func TestRecorderWithFaults(t *testing.T) {
	logger, rec := syslogtest.New(t, nil)
	rec.Store.FailWrites(errors.New("down"), 1)
	logger.System(t.Context(), "RETRIED", "m")
	rec.RequireLogged(t, "SYSTEM_RETRIED")

	rec.Store.FailWrites(syslog.Permanent(errors.New("rejected")), 1)
	logger.System(t.Context(), "LOST", "m")
	rec.RequireNotLogged(t, "SYSTEM_LOST")
}
