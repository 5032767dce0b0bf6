package syslog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// pinged is a store that can be asked whether it is there.
type pinged struct {
	memory
	answer func(ctx context.Context) error
}

func (p *pinged) Ping(ctx context.Context) error { return p.answer(ctx) }

func TestHealthy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &pinged{answer: func(context.Context) error { return nil }}
		web, tail := &memory{}, &memory{}
		l := open(t, st, syslog.Config{QueueSize: 10, Sinks: []syslog.SinkConfig{{Name: "web", Sink: web}, {Name: "tail", Sink: tail, BestEffort: true}}})
		require.NoError(t, l.Healthy(ctx()))
		tail.setHook(func(context.Context, []syslog.Log) error { return errAway })
		web.setHook(func(context.Context, []syslog.Log) error { return errAway })
		l.Info(ctx(), "T", syslog.System(), "m")
		time.Sleep(time.Minute)
		err := l.Healthy(ctx())
		var bad *syslog.HealthError
		require.ErrorAs(t, err, &bad)
		require.Len(t, bad.Problems, 1, "best effort does not count")
		require.Equal(t, "web", bad.Problems[0].Destination)
		require.ErrorContains(t, err, "connection refused")
		require.ErrorContains(t, err, "1 event(s) waiting")
		require.Greater(t, bad.Problems[0].For, 50*time.Second)
		require.Equal(t, syslog.ProblemWrites, bad.Problems[0].Kind)
		require.Positive(t, bad.Problems[0].Count)
		require.EqualValues(t, 1, bad.Problems[0].Waiting)
		require.False(t, bad.Problems[0].Misconfigured)
		require.Contains(t, bad.Problems[0].Cause, "connection refused")
		web.setHook(nil)
		tail.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		require.NoError(t, l.Healthy(ctx()))

		release := make(chan struct{})
		st.setHook(func(context.Context, []syslog.Log) error { <-release; return nil })
		for range 20 {
			l.Info(ctx(), "T", syslog.System(), "m")
		}
		err = l.Healthy(ctx())
		require.ErrorContains(t, err, "events were lost")
		require.ErrorAs(t, err, &bad)
		require.Equal(t, syslog.ProblemLost, bad.Problems[0].Kind)
		require.Positive(t, bad.Problems[0].Count)
		close(release)
		require.NoError(t, l.Flush(ctx()))
		time.Sleep(time.Minute)
		require.NoError(t, l.Healthy(ctx()))

		st.answer = func(context.Context) error { panic("ping") }
		err = l.Healthy(ctx())
		require.ErrorContains(t, err, "ping")
		require.ErrorAs(t, err, &bad)
		require.Equal(t, syslog.ProblemUnreachable, bad.Problems[0].Kind)
		hang := make(chan struct{})
		st.answer = func(context.Context) error { <-hang; return nil }
		short, cancel := context.WithTimeout(ctx(), time.Second)
		defer cancel()
		require.ErrorContains(t, l.Healthy(short), "deadline")
		close(hang)
		require.NoError(t, l.Close())
		require.ErrorIs(t, l.Healthy(ctx()), syslog.ErrClosed)
	})
	var none *syslog.Logger
	require.ErrorIs(t, none.Healthy(ctx()), syslog.ErrClosed)
}

func TestPrintSpill(t *testing.T) {
	dir := t.TempDir()
	st, web := &memory{}, &memory{}
	fail := func(context.Context, []syslog.Log) error { return errAway }
	st.setHook(fail)
	web.setHook(fail)
	l, err := syslog.New(st, &syslog.Config{SpillDir: dir, Logger: quiet(), Sinks: []syslog.SinkConfig{{Name: "Web é/%41", Sink: web}}})
	require.NoError(t, err)
	l.Info(ctx(), "T", syslog.User("0"), "a < b", syslog.Metadata{"n": json.Number("1.10")})
	l.Info(ctx(), "T", syslog.User("1"), "m")
	expired, cancel := context.WithCancel(ctx())
	cancel()
	var left *syslog.ShutdownError
	require.ErrorAs(t, l.Shutdown(expired), &left)
	require.EqualValues(t, 2, left.Left)
	require.Equal(t, map[string]uint64{"Web é/%41": 2}, left.Sinks)

	var out bytes.Buffer
	require.NoError(t, syslog.PrintSpill(&out, dir))
	var got []syslog.SpilledLog
	for d := json.NewDecoder(&out); ; {
		var s syslog.SpilledLog
		if d.Decode(&s) != nil {
			break
		}
		got = append(got, s)
	}
	require.Len(t, got, 4)
	require.Equal(t, "Web é/%41", got[0].Sink)
	require.Equal(t, "", got[2].Sink)
	require.Equal(t, "a < b", got[2].Log.Message)
	require.Equal(t, `{"n":1.10}`, string(got[2].Log.Metadata))
	require.Equal(t, "1", got[3].Log.ActorID)
	require.NoError(t, syslog.PrintSpill(&out, t.TempDir()), "nothing there")
	require.Error(t, syslog.PrintSpill(writer(func([]byte) (int, error) { return 0, errors.New("full") }), dir))
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
