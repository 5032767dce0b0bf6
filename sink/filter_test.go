package sink_test

import (
	"errors"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink"
	"github.com/stretchr/testify/require"
)

func TestFilter(t *testing.T) {
	var m memory
	s := sink.Filter(&m, func(l syslog.Log) bool { return l.ID == "b" || l.ID == "d" })
	logs := batch()
	require.NoError(t, s.Write(t.Context(), logs))
	require.Equal(t, "bd", m.ids())
	require.Equal(t, batch(), logs, "the caller's slice is untouched")

	require.NoError(t, s.Write(t.Context(), logs[:1]))
	require.Equal(t, 1, m.writes, "nothing left is nothing to write")

	m.err = errors.New("down")
	require.ErrorIs(t, s.Write(t.Context(), logs), m.err)
	require.ErrorIs(t, s.Close(t.Context()), m.err)
	require.ErrorIs(t, s.Close(t.Context()), m.err)
	require.Equal(t, 1, m.closes)
}

func TestFilterKeepsAll(t *testing.T) {
	for name, keep := range map[string]func(syslog.Log) bool{
		"nil":    nil,
		"panics": func(syslog.Log) bool { panic("bug in the host") },
	} {
		var m memory
		require.NoError(t, sink.Filter(&m, keep).Write(t.Context(), batch()), name)
		require.Equal(t, "abcd", m.ids(), name)
	}
}

func TestMinLevel(t *testing.T) {
	var m memory
	require.NoError(t, sink.MinLevel(&m, syslog.LevelError).Write(t.Context(), batch()))
	require.Equal(t, "bd", m.ids())
}

func TestFilterCounts(t *testing.T) {
	var c counting
	s := sink.MinLevel(&c, syslog.LevelError)
	require.Implements(t, (*syslog.CountingSink)(nil), s)
	for _, want := range []int{4, 2} { // the second time two are duplicates
		n, err := s.(syslog.CountingSink).WriteCount(t.Context(), batch())
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	n, err := s.(syslog.CountingSink).WriteCount(t.Context(), batch()[:1])
	require.NoError(t, err)
	require.Equal(t, 1, n)

	_, ok := sink.MinLevel(&memory{}, syslog.LevelError).(syslog.CountingSink)
	require.False(t, ok, "a plain sink stays one")
}

func TestNilStaysNil(t *testing.T) {
	require.True(t, sink.Filter(nil, nil) == nil)
	require.True(t, sink.MinLevel(nil, 0) == nil)
	require.True(t, sink.Func(nil) == nil)
}
