package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

type primary struct {
	err    error
	closes int
}

func (p *primary) Write(context.Context, []syslog.Log) error { return p.err }
func (p *primary) Close(context.Context) error               { p.closes++; return nil }

// store counts, and has one answer to tell it by.
type store struct {
	syslog.Store
	primary
	normalizer bool
}

func (s *store) Write(ctx context.Context, l []syslog.Log) error { return s.primary.Write(ctx, l) }
func (s *store) Close(ctx context.Context) error                 { return s.primary.Close(ctx) }
func (s *store) WriteCount(_ context.Context, l []syslog.Log) (int, error) {
	return len(l) - 1, s.err
}
func (s *store) Delete(context.Context, syslog.Filter) (int64, error) { return 42, nil }

func (s *store) SetNormalizer(func(syslog.Log) syslog.Log) { s.normalizer = true }

func events(from, n int) []syslog.Log {
	logs := make([]syslog.Log, n)
	for i := range logs {
		logs[i] = event(fmt.Sprint("id", from+i), fmt.Sprintf("<%d>", from+i))
	}
	return logs
}

func TestFallbackShowsEachEventOnce(t *testing.T) {
	var w writer
	p := &primary{err: errors.New("connection\nrefused")}
	s := FallbackSink(p, &w, nil)

	require.ErrorIs(t, s.Write(t.Context(), events(1, 2)), p.err, "the logger must try again")
	require.ErrorIs(t, s.Write(t.Context(), events(1, 3)), p.err)
	require.ErrorIs(t, s.Write(t.Context(), events(1, 3)), p.err)
	for i := 1; i <= 3; i++ {
		require.Equal(t, 1, strings.Count(w.String(), fmt.Sprintf("<%d>", i)))
	}
	require.Equal(t, 2, strings.Count(w.String(), `2 event(s): connection\nrefused`)+strings.Count(w.String(), "1 event(s): "))
	require.Equal(t, 2, w.calls)

	p.err = nil
	require.NoError(t, s.Write(t.Context(), events(1, 3)))
	require.Equal(t, 2, w.calls, "what is stored is not shown")
	require.NoError(t, s.Close(t.Context()))
	require.NoError(t, s.Close(t.Context()))
	require.Equal(t, 1, p.closes)
}

func TestFallbackOfStore(t *testing.T) {
	var w writer
	st := &store{primary: primary{err: errors.New("down")}}
	s := Fallback(st, &w, nil)
	require.Error(t, s.Write(t.Context(), events(1, 1)))
	require.Contains(t, w.String(), "<1>")
	st.err = nil
	n, err := s.(syslog.CountingSink).WriteCount(t.Context(), events(1, 5))
	require.NoError(t, err)
	require.Equal(t, 4, n)
	deleted, err := s.Delete(t.Context(), syslog.Filter{})
	require.NoError(t, err)
	require.EqualValues(t, 42, deleted)
	logger, err := syslog.New(s, nil)
	require.NoError(t, err)
	require.NoError(t, logger.Close())
	require.True(t, st.normalizer)
	require.Same(t, st, s.(interface{ Unwrap() syslog.Store }).Unwrap())

	n, err = FallbackSink(&st.primary, &w, nil).(syslog.CountingSink).WriteCount(t.Context(), events(1, 5))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	require.True(t, Fallback(nil, nil, nil) == nil)
	require.True(t, Fallback((*store)(nil), nil, nil) == nil)
	require.True(t, FallbackSink(nil, nil, nil) == nil)
}

func TestFallbackRate(t *testing.T) {
	var w writer
	now := at
	f := newFallback(&primary{err: errors.New("down")}, &w, nil)
	f.now = func() time.Time { return now }
	_, err := f.write(t.Context(), events(0, FallbackBurst+50))
	require.Error(t, err)
	require.Equal(t, FallbackBurst, strings.Count(w.String(), "<"))
	require.Contains(t, w.String(), "50 more not shown")

	w.Reset()
	_, _ = f.write(t.Context(), events(0, FallbackBurst+50))
	require.Empty(t, w.String())
	now = now.Add(time.Second / 2)
	_, _ = f.write(t.Context(), events(0, FallbackBurst+50))
	require.Equal(t, 50, strings.Count(w.String(), "<"), "the rest follows at the rate")
}

func TestFallbackMemoryIsBounded(t *testing.T) {
	var m memory
	for _, l := range events(0, 3*FallbackMemory) {
		m.add(l.ID)
	}
	require.Len(t, m.order, FallbackMemory)
	require.Len(t, m.at, FallbackMemory)
	require.False(t, m.has("id0"))
	require.True(t, m.has(fmt.Sprint("id", 3*FallbackMemory-1)))
	m.forget(events(0, 3*FallbackMemory))
	require.Nil(t, m.order)
}

func TestFallbackMemorySlots(t *testing.T) {
	var m memory // one forgotten and added again must not be evicted by its old slot
	m.add("x")
	for _, l := range events(0, FallbackMemory-2) {
		m.add(l.ID)
	}
	m.forget([]syslog.Log{{ID: "x"}})
	m.add("x")    // the last slot
	m.add("more") // takes the slot that x had first
	require.True(t, m.has("x"))
}
