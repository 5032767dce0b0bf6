package syslog_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestErrorsOfADestinationDoNoHarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		n := 0
		var l *syslog.Logger
		st.setHook(func(context.Context, []syslog.Log) error {
			switch n++; n {
			case 1:
				return (*typedNil)(nil) // Error panics
			case 2:
				return callsBack{func() { l.Stats() }}
			case 3:
				runtime.Goexit()
			}
			return nil
		})
		l = open(t, st, syslog.Config{})
		l.Info(ctx(), "T", syslog.System(), "m")
		require.NoError(t, l.Flush(ctx()))
		require.Len(t, st.all(), 1)
	})
}

type callsBack struct{ call func() }

func (e callsBack) Error() string { e.call(); return "called back" }

func TestSlogFieldsAreScalars(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	log := slog.New(l.Handler())
	log.Info("a", "type", cyclic)
	log.Info("b", "type", map[string]any{"password": "hunter2"}, "actor", []int{1}, "actorId", 42)
	log.Info("c", slog.Group("", slog.String("type", "X"), slog.String("actor", "user"), slog.Group("", slog.Int("n", 1))))
	require.NoError(t, l.Flush(ctx()))
	logs := st.all()
	require.Equal(t, "UNSPECIFIED", logs[0].Type)
	require.Equal(t, "42", logs[1].ActorID)
	require.JSONEq(t, `{"type":{"password":"[REDACTED]"},"actor":[1]}`, string(logs[1].Metadata))
	require.Equal(t, "X", logs[2].Type)
	require.Equal(t, syslog.ActorUser, logs[2].Actor)
	require.JSONEq(t, `{"n":1}`, string(logs[2].Metadata))
}

type link struct{ Next *link }

func TestBombs(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	var chain *link
	for range 2_000_000 {
		chain = &link{chain}
	}
	l.Info(ctx(), "T", syslog.System(), "deep", syslog.Metadata{"chain": chain})
	twice := make([]slog.Attr, 2)
	twice[0].Value, twice[1].Value = slog.GroupValue(twice...), slog.GroupValue(twice...)
	l.Info(ctx(), "T", syslog.System(), "doubling", syslog.Attrs(twice...))
	require.NoError(t, l.Flush(ctx()))
	for _, g := range st.all() {
		require.Contains(t, string(g.Metadata), "_truncated")
		wellFormed(t, g)
	}
}

func TestSecretsInTextThatIsNoJSON(t *testing.T) {
	g := syslog.Normalize(syslog.Log{Metadata: json.RawMessage(`{"password":"hunter2",}`)})
	require.NotContains(t, string(g.Metadata), "hunter2")
	g = syslog.Normalize(syslog.Log{Metadata: json.RawMessage(`{"harmless":1,}`)})
	require.Contains(t, string(g.Metadata), "harmless")
}

func TestClockOutOfRange(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{Now: func() time.Time { return time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC) }})
	l.Info(ctx(), "T", syslog.System(), "m")
	require.NoError(t, l.Flush(ctx()))
	wellFormed(t, st.all()[0])
}

func TestBoundsThatCannotBeKept(t *testing.T) {
	for _, f := range []syslog.Filter{
		{To: time.Time{}.Add(time.Microsecond)}, {From: time.Unix(1<<62, 0)}, {To: time.Unix(9e18, 0)}, {From: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		_, err := f.Normalize()
		require.ErrorIs(t, err, syslog.ErrInvalidQuery, "%v", f)
	}
}

func TestShutdownTellsOfLosses(t *testing.T) {
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return syslog.Permanent(errors.New("never")) })
	l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
	require.NoError(t, err)
	l.Critical(ctx(), "T", syslog.System(), "m")
	require.ErrorIs(t, l.Shutdown(ctx()), syslog.ErrLost)
	require.Equal(t, 1, st.closed)
}

func TestShutdownDoesNotSleepThroughABackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		n := 0
		st.setHook(func(context.Context, []syslog.Log) error {
			if n++; n == 1 {
				return syslog.RetryAfter(errors.New("busy"), time.Hour)
			}
			return nil
		})
		l, err := syslog.New(st, &syslog.Config{Logger: quiet()})
		require.NoError(t, err)
		l.Info(ctx(), "T", syslog.System(), "m")
		time.Sleep(time.Second) // of the bubble's clock: the backoff has begun
		require.NoError(t, l.Close())
		require.Len(t, st.all(), 1)
	})
}

func TestOnDropMayShutDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		var l *syslog.Logger
		ended := make(chan error, 1)
		cfg := &syslog.Config{Logger: quiet(), OnDrop: func(syslog.Drop) {
			select {
			case ended <- l.Shutdown(ctx()):
			default:
			}
		}}
		var err error
		l, err = syslog.New(st, cfg)
		require.NoError(t, err)
		require.NoError(t, l.Shutdown(ctx()))
		_ = l.Log(ctx(), syslog.Log{})
		l2, err := syslog.New(st, &syslog.Config{Logger: quiet(), QueueSize: 1, FlushInterval: time.Hour, OnDrop: cfg.OnDrop})
		require.NoError(t, err)
		l = l2
		gate := make(chan struct{})
		st.setHook(func(context.Context, []syslog.Log) error { <-gate; return nil })
		require.NoError(t, l.Log(ctx(), syslog.Log{}))
		require.Error(t, l.Log(ctx(), syslog.Log{}))
		close(gate)
		require.NoError(t, <-ended)
	})
}
