package sink_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink"
	"github.com/stretchr/testify/require"
)

func TestTeeWritesToAll(t *testing.T) {
	var a, b memory
	s := sink.Tee(&a, nil, &b)
	require.NoError(t, s.Write(t.Context(), batch()))
	require.Equal(t, "abcd", a.ids())
	require.Equal(t, "abcd", b.ids())

	a.err = errors.New("a down")
	err := s.Write(t.Context(), batch())
	require.ErrorIs(t, err, a.err)
	require.Equal(t, 2, b.writes, "the failure of one does not keep it from the others")

	require.ErrorIs(t, s.Close(t.Context()), a.err)
	require.ErrorIs(t, s.Close(t.Context()), a.err)
	require.Equal(t, []int{1, 1}, []int{a.closes, b.closes})

	require.NoError(t, sink.Tee().Write(t.Context(), batch()))
}

// TestTeeOfMisconfiguredSinks: what passes hides it, an event that is refused does
// not.
func TestTeeOfMisconfiguredSinks(t *testing.T) {
	gone, wrong, down := syslog.Misconfigured(errors.New("gone")), syslog.Permanent(errors.New("wrong")), errors.New("down")
	for _, c := range []struct {
		errs []error
		want bool
	}{
		{[]error{gone}, true}, {[]error{gone, nil, gone}, true}, {[]error{wrong, gone}, true},
		{[]error{gone, down}, false}, {[]error{wrong, wrong}, false}, {[]error{down}, false},
	} {
		var sinks []syslog.Sink
		for _, err := range c.errs {
			sinks = append(sinks, sink.Func(func(context.Context, []syslog.Log) error { return err }))
		}
		err := sink.Tee(sinks...).Write(t.Context(), batch())
		var m interface{ IsMisconfigured() bool }
		require.Equal(t, c.want, errors.As(err, &m) && m.IsMisconfigured(), c.errs)
	}
}

func TestTeeMarks(t *testing.T) {
	down := errors.New("down")
	wrong := syslog.Permanent(errors.New("wrong"))
	wait := func(d time.Duration) error { return syslog.RetryAfter(errors.New("busy"), d) }
	for name, c := range map[string]struct {
		errs      []error
		permanent bool
		after     time.Duration
	}{
		"none":            {[]error{down}, false, 0},
		"all permanent":   {[]error{wrong, wrong}, true, 0},
		"some permanent":  {[]error{wrong, down}, false, 0},
		"longest wait":    {[]error{wait(time.Second), down, wait(time.Minute), wrong}, false, time.Minute},
		"one is healthy":  {[]error{nil, wrong}, true, 0},
		"joined by inner": {[]error{errors.Join(down, wrong)}, true, 0},
	} {
		var sinks []syslog.Sink
		for _, err := range c.errs {
			sinks = append(sinks, sink.Func(func(context.Context, []syslog.Log) error { return err }))
		}
		err := sink.Tee(sinks...).Write(t.Context(), batch())
		require.Error(t, err, name)
		var p interface{ IsPermanent() bool }
		require.Equal(t, c.permanent, errors.As(err, &p) && p.IsPermanent(), name)
		var d interface{ RetryDelay() time.Duration }
		if errors.As(err, &d) {
			require.Equal(t, c.after, d.RetryDelay(), name)
		} else {
			require.Zero(t, c.after, name)
		}
	}
}
