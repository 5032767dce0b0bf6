package syslogtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var at = time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)

// events are n events a second apart, with levels in turn.
func events(n int) []syslog.Log {
	logs := make([]syslog.Log, n)
	for i := range logs {
		logs[i] = syslog.Log{ID: fmt.Sprintf("id%03d", i), Level: syslog.Levels()[i%4], Type: "T", Actor: syslog.ActorUser,
			ActorID: fmt.Sprint("u", i%2), Message: fmt.Sprintf("É %d", i), CreatedAt: at.Add(time.Duration(i) * time.Second)}
	}
	return logs
}

func filled(t *testing.T, n int) *syslogtest.Store {
	st := syslogtest.NewStore()
	require.NoError(t, st.Write(t.Context(), events(n)))
	return st
}

func TestStoreKeepsOrderAndIdentity(t *testing.T) {
	st := syslogtest.NewStore()
	logs := events(4)
	logs[0], logs[2] = logs[2], logs[0]
	logs[1].Metadata = json.RawMessage(`{"a":1}`)
	n, err := st.WriteCount(t.Context(), append(logs, logs[0]))
	require.NoError(t, err)
	require.Equal(t, 4, n)
	logs[1].Metadata[2] = 'X'
	n, err = st.WriteCount(t.Context(), logs)
	require.NoError(t, err)
	require.Zero(t, n)
	got := st.Logs()
	require.Equal(t, "id000 id001 id002 id003", fmt.Sprint(got[0].ID, " ", got[1].ID, " ", got[2].ID, " ", got[3].ID))
	require.JSONEq(t, `{"a":1}`, string(got[1].Metadata))
	got[1].Metadata[2] = 'Y'
	require.JSONEq(t, `{"a":1}`, string(st.Logs()[1].Metadata))
}

func TestStorePages(t *testing.T) {
	for _, order := range []syslog.Order{syslog.Desc, syslog.Asc} {
		st := filled(t, 25)
		seen := map[string]int{}
		q := syslog.Query{Order: order, Limit: 10}
		for more := true; more; {
			page, err := st.Query(t.Context(), q)
			require.NoError(t, err)
			for _, l := range page.Logs {
				seen[l.ID]++
			}
			more, q.Cursor = page.Pagination.HasMore, page.Pagination.NextCursor
			before := syslog.Log{ID: fmt.Sprint("new", len(seen)), CreatedAt: at.Add(-time.Hour)}
			if order == syslog.Desc {
				before.CreatedAt = at.Add(time.Hour)
			}
			require.NoError(t, st.Write(t.Context(), []syslog.Log{before}))
		}
		require.Len(t, seen, 25, "none skipped, none of the inserted")
		for id, n := range seen {
			require.Equal(t, 1, n, id)
		}
	}
	st := filled(t, 25)
	page, err := st.Query(t.Context(), syslog.Query{Page: 3, Limit: 10, Filter: syslog.Filter{Search: "é"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 5)
	require.Equal(t, 3, page.Pagination.CurrentPage)
	require.EqualValues(t, 25, page.Pagination.TotalCount)
	page, err = st.Query(t.Context(), syslog.Query{Offset: 100, Count: syslog.CountNone})
	require.NoError(t, err)
	require.Empty(t, page.Logs)
	require.Zero(t, page.Pagination.TotalCount)
	_, err = st.Query(t.Context(), syslog.Query{Limit: -1})
	require.ErrorIs(t, err, syslog.ErrInvalidQuery)
}

func TestStoreFilters(t *testing.T) {
	st := filled(t, 20)
	for name, c := range map[string]struct {
		f    syslog.Filter
		want int
	}{
		"all":     {syslog.Filter{}, 20},
		"levels":  {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo, syslog.LevelError}}, 10},
		"actors":  {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorAdmin}}, 0},
		"type":    {syslog.Filter{Type: "t"}, 20},
		"literal": {syslog.Filter{Type: "%"}, 0},
		"actorId": {syslog.Filter{ActorID: "u1"}, 10},
		"search":  {syslog.Filter{Search: "U1"}, 10},
		"bounds":  {syslog.Filter{From: at.Add(time.Second), To: at.Add(3 * time.Second)}, 3},
		"both":    {syslog.Filter{ActorID: "u1", Levels: []syslog.LogLevel{syslog.LevelInfo}}, 0},
	} {
		n := 0
		for _, err := range st.All(t.Context(), c.f) {
			require.NoError(t, err)
			n++
		}
		require.Equal(t, c.want, n, name)
	}
}

func TestStoreDeletes(t *testing.T) {
	st := filled(t, 20)
	_, err := st.Delete(t.Context(), syslog.Filter{})
	require.ErrorIs(t, err, syslog.ErrEmptyFilter)
	n, err := st.Delete(t.Context(), syslog.Filter{ActorID: "u1"})
	require.NoError(t, err)
	require.EqualValues(t, 10, n)
	stats, err := st.Cleanup(t.Context(), syslog.RetentionPolicy{syslog.LevelInfo: time.Hour, syslog.LevelError: time.Second}, at.Add(time.Hour+4*time.Second))
	require.NoError(t, err)
	require.EqualValues(t, 1, stats.InfoDeleted, "exactly an hour old is kept")
	require.EqualValues(t, 5, stats.ErrorDeleted)
	require.EqualValues(t, 6, stats.TotalDeleted)
	_, err = st.Cleanup(t.Context(), syslog.RetentionPolicy{syslog.LevelInfo: 0}, at)
	require.Error(t, err)
}

func TestStoreEnds(t *testing.T) {
	st := filled(t, 2)
	ctx, cancel := context.WithCancel(t.Context())
	check := func(ctx context.Context, want error) {
		require.ErrorIs(t, st.Write(ctx, events(3)), want)
		_, err := st.Query(ctx, syslog.Query{})
		require.ErrorIs(t, err, want)
		_, err = st.Delete(ctx, syslog.Filter{Type: "T"})
		require.ErrorIs(t, err, want)
		_, err = st.Cleanup(ctx, syslog.DefaultRetention(), at)
		require.ErrorIs(t, err, want)
		n := 0
		for _, err := range st.All(ctx, syslog.Filter{}) {
			require.ErrorIs(t, err, want)
			n++
		}
		require.Equal(t, 1, n)
	}
	cancel()
	check(ctx, context.Canceled)
	require.NoError(t, st.Close(t.Context()))
	require.NoError(t, st.Close(t.Context()))
	check(t.Context(), syslog.ErrClosed)
	require.Len(t, st.Logs(), 2)
}

func TestFailWrites(t *testing.T) {
	st := syslogtest.NewStore()
	down := errors.New("down")
	st.FailWrites(down, 2)
	require.ErrorIs(t, st.Write(t.Context(), events(1)), down)
	require.ErrorIs(t, st.Write(t.Context(), events(1)), down)
	require.Empty(t, st.Logs())
	require.NoError(t, st.Write(t.Context(), events(1)))
	st.FailWrites(down, -1)
	for range 5 {
		require.ErrorIs(t, st.Write(t.Context(), events(2)), down)
	}
	st.FailWrites(nil, 0)
	require.NoError(t, st.Write(t.Context(), events(2)))
}

func TestBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := syslogtest.NewStore()
		first, second := st.Block(), st.Block()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, st.Write(ctx, events(1)), context.DeadlineExceeded)

		var wg sync.WaitGroup
		done := false
		wg.Go(func() {
			if err := st.Write(context.Background(), events(1)); err != nil {
				t.Error(err)
			}
			done = true
		})
		for _, release := range []func(){first, first, second} {
			synctest.Wait()
			require.False(t, done)
			release()
		}
		wg.Wait()
		require.Len(t, st.Logs(), 1)
	})
}
