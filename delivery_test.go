package syslog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestEightWritersLoseNothing(t *testing.T) {
	const writers, each = 8, 100_000
	st := &counter{}
	l := open(t, st, syslog.Config{QueueSize: 4096, QueueBytes: 1 << 20})
	var wg sync.WaitGroup
	stop := make(chan struct{})
	wg.Go(func() { // the equations hold at every moment
		for {
			select {
			case <-stop:
				return
			default:
				conserved(t, l)
			}
		}
	})
	var full atomic.Uint64
	var producers sync.WaitGroup
	for w := range writers {
		producers.Go(func() {
			level := syslog.Levels()[w%4]
			for i := range each {
				err := l.Log(ctx(), syslog.Log{Level: level, Type: "T", Message: "m"}, syslog.Metadata{"i": i})
				if errors.Is(err, syslog.ErrQueueFull) {
					full.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			}
		})
	}
	producers.Wait()
	close(stop)
	wg.Wait()
	require.NoError(t, l.Close())
	s := l.Stats()
	told := s.Produced - writers*each // the reports of losses
	require.Equal(t, full.Load(), s.Refused)
	require.Equal(t, s.Accepted, s.Written)
	require.EqualValues(t, s.Accepted, st.rows.Load())
	require.EqualValues(t, writers*each, s.Accepted-told+s.Refused)
	t.Logf("%d rows, %d refused, %d reports", st.rows.Load(), s.Refused, told)
}

// TestWhatASinkKeepsDoesNotChange has a store keep every event for good, while the
// memory in which they waited is used again and again.
func TestWhatASinkKeepsDoesNotChange(t *testing.T) {
	const writers, each = 4, 20_000
	st := &memory{}
	l := open(t, st, syslog.Config{QueueSize: writers * each * 2, BatchSize: 500})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				n := fmt.Sprintf("%d/%d", w, i)
				l.Info(ctx(), "T", syslog.User(n), n, syslog.Attrs(slog.String("n", n)))
			}
		})
	}
	wg.Wait()
	require.NoError(t, l.Close())
	got := st.all()
	seen := map[string]bool{}
	for _, g := range got {
		require.Equal(t, g.ActorID, g.Message)
		require.Equal(t, `{"n":"`+g.Message+`"}`, string(g.Metadata))
		seen[g.Message] = true
	}
	require.Equal(t, writers*each, len(seen)) //nolint:testifylint // Len would print them all
}

// counter counts rows and that no ID comes twice.
type counter struct {
	discard
	mu   sync.Mutex
	ids  map[string]struct{}
	rows atomic.Int64
}

func (c *counter) Write(_ context.Context, logs []syslog.Log) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ids == nil {
		c.ids = map[string]struct{}{}
	}
	for _, g := range logs {
		c.ids[g.ID] = struct{}{}
	}
	c.rows.Store(int64(len(c.ids)))
	return nil
}

func TestImportantEventsAreShedLast(t *testing.T) {
	st := &memory{}
	gate := make(chan struct{})
	entered := make(chan struct{}, 1)
	st.setHook(func(context.Context, []syslog.Log) error {
		select {
		case entered <- struct{}{}:
		default:
		}
		<-gate
		return nil
	})
	drops := make(chan syslog.Drop, 100)
	l := open(t, st, syslog.Config{QueueSize: 100, OnDrop: func(d syslog.Drop) { drops <- d }, FlushInterval: time.Millisecond})
	accepted := map[syslog.LogLevel]int{}
	for _, level := range syslog.Levels() {
		for range 100 {
			if l.Log(ctx(), syslog.Log{Level: level, Type: "T"}) == nil {
				accepted[level]++
			}
		}
	}
	require.Equal(t, map[syslog.LogLevel]int{0: 75, 4: 10, 8: 10, 12: 5}, accepted)
	s := l.Stats()
	require.Equal(t, map[syslog.LogLevel]uint64{0: 25, 4: 90, 8: 90, 12: 95}, s.DroppedByLevel)
	require.EqualValues(t, 300, s.Refused)
	require.WithinDuration(t, time.Now(), s.LostSince, time.Minute)
	<-entered
	close(gate)
	require.NoError(t, l.Close())

	sums := map[syslog.LogLevel]uint64{}
	close(drops)
	for d := range drops {
		require.Equal(t, "queue_full", d.Reason)
		sums[d.Level] += d.Count
	}
	require.Equal(t, s.DroppedByLevel, sums)
	var told *syslog.Log
	for _, g := range st.all() {
		if g.Type == syslog.TypeEventsDropped {
			told = &g
		}
	}
	require.NotNil(t, told, "the log shows its own holes")
	require.Equal(t, syslog.LevelWarning, told.Level)
	require.JSONEq(t, `{"lost":300,"queue_full":{"INFO":25,"WARNING":90,"ERROR":90,"CRITICAL":95}}`, string(told.Metadata))
}

func TestHungSinkHoldsBackNothing(t *testing.T) {
	st := &memory{}
	hang := &memory{}
	release := make(chan struct{})
	hang.setHook(func(context.Context, []syslog.Log) error { <-release; return nil })
	good := &memory{}
	l, err := syslog.New(st, &syslog.Config{Logger: quiet(), QueueSize: 200, Sinks: []syslog.SinkConfig{
		{Name: "hang", Sink: hang, BestEffort: true},
		{Name: "errors", Sink: good, MinLevel: syslog.LevelError, Filter: func(g syslog.Log) bool {
			if g.Type == "PANIC" {
				panic("filter")
			}
			return g.Type != "NO"
		}},
	}})
	require.NoError(t, err)
	for range 20 {
		for range 100 {
			l.Info(ctx(), "T", syslog.System(), "m")
		}
		require.NoError(t, l.Flush(ctx()))
	}
	l.Error(ctx(), "YES", syslog.System(), "m")
	l.Error(ctx(), "NO", syslog.System(), "m")
	l.Error(ctx(), "PANIC", syslog.System(), "m")
	require.NoError(t, l.Flush(ctx()))
	require.Len(t, st.all(), 2003)
	require.Len(t, good.all(), 2)
	s := l.Stats()
	require.Zero(t, s.Refused)
	require.NotZero(t, s.Sinks["hang"].Refused)
	require.Zero(t, s.LostSince)
	require.NotZero(t, s.Sinks["hang"].LostSince)
	conserved(t, l)
	require.ErrorContains(t, l.Close(), `sink "hang" does not return`)
	require.Equal(t, 1, st.closed)
	require.Equal(t, 1, good.closed)
	require.Equal(t, 0, hang.closed)
	close(release)
}

func TestOutageIsRetriedWithBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		start := time.Now()
		var attempts []time.Duration
		st.setHook(func(context.Context, []syslog.Log) error {
			attempts = append(attempts, time.Since(start))
			if time.Since(start) < time.Minute {
				return errors.New("connection refused")
			}
			return nil
		})
		l := open(t, st, syslog.Config{})
		l.Info(ctx(), "T", syslog.System(), "m")
		require.NoError(t, l.Flush(ctx()))
		require.Len(t, st.all(), 1)
		require.Greater(t, len(attempts), 3)
		require.Less(t, len(attempts), 60, "it backs off")
		require.Less(t, attempts[len(attempts)-1], 2*time.Minute)
		require.Equal(t, "connection refused", l.Stats().LastError)
	})
}

func TestRetryAfterAndPermanent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		start := time.Now()
		var times []time.Duration
		st.setHook(func(_ context.Context, logs []syslog.Log) error {
			times = append(times, time.Since(start))
			if logs[0].Type == "POISON" {
				return syslog.Permanent(errors.New("will never do"))
			}
			if len(times) < 3 {
				return syslog.RetryAfter(errors.New("slow down"), 7*time.Minute)
			}
			return nil
		})
		l := open(t, st, syslog.Config{})
		l.Info(ctx(), "T", syslog.System(), "m")
		require.NoError(t, l.Flush(ctx()))
		require.Equal(t, []time.Duration{0, 7 * time.Minute, 14 * time.Minute}, times)

		err := l.Commit(ctx(), syslog.Log{Type: "POISON"})
		require.ErrorIs(t, err, syslog.ErrLost)
		require.ErrorContains(t, err, "will never do")
		err = l.Flush(ctx())
		require.ErrorIs(t, err, syslog.ErrLost, "Flush tells of what was lost")
		require.NoError(t, l.Flush(ctx()), "once")
		require.EqualValues(t, 1, l.Stats().Dropped)
	})
	require.NoError(t, syslog.Permanent(nil))
	require.NoError(t, syslog.RetryAfter(nil, 1))
}

func TestPanickingStoreIsAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := &memory{}
		var n atomic.Int32
		st.setHook(func(context.Context, []syslog.Log) error {
			if n.Add(1) < 3 {
				panic("store")
			}
			return nil
		})
		l := open(t, st, syslog.Config{OnDrop: func(syslog.Drop) { panic("host") }, Now: func() time.Time { panic("clock") }})
		require.NoError(t, l.Commit(ctx(), syslog.Log{Type: "T"}))
	})
}

func TestCommitWaitsForTheStore(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{FlushInterval: time.Hour, MinLevel: syslog.LevelWarning, QueueSize: 2})
	require.NoError(t, l.Commit(ctx(), syslog.Log{Level: syslog.LevelError, Type: "T"}))
	require.Len(t, st.all(), 1, "it does not wait for company")
	require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T"}), syslog.ErrBelowMinLevel)
	require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T"}))
	require.EqualValues(t, 1, l.Stats().Produced)

	gate := make(chan struct{})
	entered := make(chan struct{}, 10)
	st.setHook(func(context.Context, []syslog.Log) error { entered <- struct{}{}; <-gate; return nil })
	short, cancel := context.WithCancel(ctx())
	done := make(chan error)
	go func() { done <- l.Commit(short, syslog.Log{Level: syslog.LevelCritical, Type: "1"}) }()
	<-entered
	cancel()
	err := <-done
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "accepted, but not stored yet")
	require.NoError(t, l.Log(ctx(), syslog.Log{Level: syslog.LevelCritical, Type: "2"}))
	err = l.Commit(short, syslog.Log{Level: syslog.LevelCritical, Type: "3"})
	require.ErrorIs(t, err, syslog.ErrQueueFull)
	require.ErrorIs(t, err, context.Canceled)
	go func() { done <- l.Commit(ctx(), syslog.Log{Level: syslog.LevelCritical, Type: "4"}) }()
	close(gate)
	require.NoError(t, <-done, "it waits for room")
	require.NoError(t, l.Flush(ctx()))
}

func TestLoggerWithoutStore(t *testing.T) {
	_, err := syslog.New(nil, nil)
	require.Error(t, err)
	sink := &memory{}
	l := open(t, nil, syslog.Config{Sinks: []syslog.SinkConfig{{Name: "s", Sink: sink}}})
	l.Info(ctx(), "T", syslog.System(), "m")
	require.NoError(t, l.Flush(ctx()))
	require.Len(t, sink.all(), 1)
	require.EqualValues(t, 1, l.Stats().Written)
	require.Equal(t, "s", l.Stats().FirstSink)
	require.ErrorIs(t, l.Commit(ctx(), syslog.Log{}), syslog.ErrNoStore)
	for _, err := range l.All(ctx(), syslog.Filter{}) {
		require.ErrorIs(t, err, syslog.ErrNoStore)
	}
	_, err = l.Delete(ctx(), syslog.Filter{Type: "T"})
	require.ErrorIs(t, err, syslog.ErrNoStore)
	_, err = l.DeleteAll(ctx())
	require.ErrorIs(t, err, syslog.ErrNoStore)
}

func TestPoisonTakesNothingAlong(t *testing.T) {
	const n = 257
	for _, poison := range [][]int{{0}, {n - 1}, {n / 2}, {3, 4, 200}, nil} {
		bad := map[string]bool{}
		for _, i := range poison {
			bad[fmt.Sprint(i)] = true
		}
		st := &memory{}
		st.setHook(func(_ context.Context, logs []syslog.Log) error {
			for _, g := range logs {
				if bad[g.ActorID] {
					return syslog.Permanent(errors.New("CHECK constraint failed"))
				}
			}
			return nil
		})
		l := open(t, st, syslog.Config{FlushInterval: time.Hour})
		for i := range n {
			l.Info(ctx(), "T", syslog.User(fmt.Sprint(i)), strings.Repeat("x", 1000)) // several chunks
		}
		err := l.Flush(ctx())
		if len(poison) > 0 {
			var lost *syslog.LostError
			require.ErrorAs(t, err, &lost)
			require.EqualValues(t, len(poison), lost.Count)
		} else {
			require.NoError(t, err)
		}
		var got []string
		for _, g := range st.all() {
			if g.Type == "T" {
				got = append(got, g.ActorID)
			}
		}
		var want []string
		for i := range n {
			if !bad[fmt.Sprint(i)] {
				want = append(want, fmt.Sprint(i))
			}
		}
		require.Equal(t, want, got, "the others, in order")
		require.EqualValues(t, len(poison), l.Stats().Dropped)
	}
}
