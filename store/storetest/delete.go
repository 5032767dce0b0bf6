package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func testAll(t *testing.T, st syslog.Store) {
	write(t, st, events(1234, nil)...)
	want := ids(events(1234, nil))
	n := 0
	for l, err := range st.All(ctx, syslog.Filter{}) {
		require.NoError(t, err)
		n++
		require.Equal(t, want[len(want)-n], l.ID, "newest first")
		if n%100 == 0 {
			late := event(10_000 + n)
			write(t, st, late)
		}
	}
	require.Equal(t, len(want), n, "what is stored meanwhile is not added")
	n = 0
	for _, err := range st.All(ctx, syslog.Filter{}) {
		require.NoError(t, err)
		if n++; n == 3 {
			break
		}
	}
	require.Equal(t, 3, n)
	failed := 0
	for _, err := range st.All(ctx, syslog.Filter{Levels: []syslog.LogLevel{3}}) {
		require.ErrorIs(t, err, syslog.ErrInvalidQuery)
		failed++
	}
	require.Equal(t, 1, failed)
}

func testDelete(t *testing.T, st syslog.Store) {
	write(t, st, events(3000, func(i int, l *syslog.Log) {
		l.Level = syslog.Levels()[i%4]
		if i%10 == 0 {
			l.ActorID, l.Message = "usr_1", "Échec"
		}
	})...)
	_, err := st.Delete(ctx, syslog.Filter{})
	require.ErrorIs(t, err, syslog.ErrEmptyFilter)
	require.EqualValues(t, 3000, total(t, st, syslog.Filter{}))
	for _, c := range []struct {
		f    syslog.Filter
		want int64
	}{
		{syslog.Filter{ActorID: "nobody"}, 0},
		{syslog.Filter{ActorID: "usr_1", Levels: []syslog.LogLevel{syslog.LevelInfo}, Search: "éCHEC"}, 150},
		{syslog.Filter{ActorID: "usr_1"}, 150},
		{syslog.Filter{From: event(1500).CreatedAt, To: event(1599).CreatedAt}, 90},
		{syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelCritical}}, 725},
	} {
		before := total(t, st, syslog.Filter{})
		n, err := st.Delete(ctx, c.f)
		require.NoError(t, err)
		require.Equal(t, c.want, n, "%+v", c.f)
		require.Equal(t, before-n, total(t, st, syslog.Filter{}))
	}
	n, err := st.Delete(ctx, syslog.Filter{Levels: syslog.Levels()})
	require.NoError(t, err)
	require.EqualValues(t, 3000-150-150-90-725, n)
	require.Zero(t, total(t, st, syslog.Filter{}))
}

func testCleanup(t *testing.T, st syslog.Store) {
	now := day.Add(24*time.Hour + 500*time.Microsecond)
	policy := syslog.RetentionPolicy{syslog.LevelInfo: time.Hour, syslog.LevelWarning: 2 * time.Hour, syslog.LevelCritical: syslog.Forever}
	var logs []syslog.Log
	for i, age := range []time.Duration{30 * time.Minute, 90 * time.Minute, 3 * time.Hour, 24 * time.Hour} {
		for j, level := range syslog.Levels() {
			l := event(4*i + j)
			l.Level, l.CreatedAt = level, now.Add(-age).Truncate(time.Millisecond)
			logs = append(logs, l)
		}
	}
	edge := events(3, func(i int, l *syslog.Log) { // at, before and behind the limit
		l.ID, l.CreatedAt = l.ID+"_edge", now.Add(-time.Hour).Truncate(time.Millisecond).Add(time.Duration(i)*time.Millisecond)
	})
	write(t, st, append(logs, edge...)...)
	s, err := st.Cleanup(ctx, policy, now)
	require.NoError(t, err)
	// The limit lies half a millisecond behind the first of edge.
	require.Equal(t, [...]int64{4, 2, 0, 0, 6}, [...]int64{s.InfoDeleted, s.WarningDeleted, s.ErrorDeleted, s.CriticalDeleted, s.TotalDeleted})
	require.EqualValues(t, len(logs)+3-6, total(t, st, syslog.Filter{}))
	s, err = st.Cleanup(ctx, policy, now)
	require.NoError(t, err)
	require.Zero(t, s.TotalDeleted)
	exact := now.Truncate(time.Millisecond)
	s, err = st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: exact.Sub(edge[1].CreatedAt)}, exact)
	require.NoError(t, err)
	require.Zero(t, s.TotalDeleted, "as old as the age is kept")
	s, err = st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: exact.Sub(edge[1].CreatedAt) - 1}, exact)
	require.NoError(t, err)
	require.EqualValues(t, 1, s.TotalDeleted, "older is not")
	for _, p := range []syslog.RetentionPolicy{{syslog.LevelInfo: 0}, {syslog.LevelInfo: -1}, {3: time.Hour}} {
		_, err := st.Cleanup(ctx, p, now)
		require.Error(t, err)
	}
	_, err = st.Cleanup(ctx, syslog.RetentionPolicy{}, now)
	require.NoError(t, err)
}

func testCleanupOnce(t *testing.T, st syslog.Store) {
	const n = 8000
	write(t, st, events(n, nil)...)
	var wg sync.WaitGroup
	var deleted atomic.Int64
	for range 4 {
		wg.Go(func() {
			s, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: time.Hour}, day.AddDate(0, 0, 1))
			deleted.Add(s.TotalDeleted)
			if err != nil && !errors.Is(err, syslog.ErrCleanupRunning) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, n, deleted.Load())
	require.Zero(t, total(t, st, syslog.Filter{}))
}

func testCancelled(t *testing.T, st syslog.Store) {
	write(t, st, events(10, nil)...)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err := st.Query(gone, syslog.Query{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = st.Delete(gone, syslog.Filter{Type: "T"})
	require.ErrorIs(t, err, context.Canceled)
	_, err = st.Cleanup(gone, syslog.DefaultRetention(), day.AddDate(1, 0, 0))
	require.ErrorIs(t, err, context.Canceled)
	failed := 0
	for _, err := range st.All(gone, syslog.Filter{}) {
		require.ErrorIs(t, err, context.Canceled)
		failed++
	}
	require.Equal(t, 1, failed)
	require.EqualValues(t, 10, total(t, st, syslog.Filter{}))
	_, err = st.Cleanup(ctx, syslog.DefaultRetention(), day.AddDate(1, 0, 0))
	require.NoError(t, err, "no lock is left behind")
}

func testConcurrent(t *testing.T, st syslog.Store) {
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for _, work := range []func() error{
		func() error { _, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "é"}}); return err },
		func() error { _, err := st.Delete(ctx, syslog.Filter{Type: "DOOMED"}); return err },
		func() error {
			a, ok := st.(syslog.Anonymizer)
			if !ok {
				return nil
			}
			_, err := a.Anonymize(ctx, syslog.Filter{ActorID: "usr_1"}, hide)
			return err
		},
		func() error {
			for _, err := range st.All(ctx, syslog.Filter{}) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := work(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 50 {
		logs := events(40, func(j int, l *syslog.Log) {
			*l = event(40*i + j)
			if j%2 == 0 {
				l.Type = "DOOMED"
			}
			if j%3 == 0 {
				l.ActorID = "usr_1"
			}
		})
		write(t, st, logs...)
	}
	close(stop)
	wg.Wait()
	require.EqualValues(t, 1000, total(t, st, syslog.Filter{Type: "T"}))
}
