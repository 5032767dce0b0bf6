package storetest

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// histogram asks as a logger does.
func histogram(t *testing.T, a syslog.Aggregator, f syslog.Filter, edges []time.Time) []syslog.LevelCounts {
	t.Helper()
	f, err := f.Normalize()
	require.NoError(t, err)
	got, err := a.Histogram(ctx, f, edges)
	require.NoError(t, err, "%+q", f)
	return got
}

// counted is a histogram by the contract's words.
func counted(f syslog.Filter, edges []time.Time, logs []syslog.Log) []syslog.LevelCounts {
	f.From = f.From.Truncate(time.Millisecond)
	counts := make([]syslog.LevelCounts, len(edges)-1)
	for _, l := range logs {
		if !matches(f, l) {
			continue
		}
		for i := range counts {
			if !l.CreatedAt.Before(edges[i]) && l.CreatedAt.Before(edges[i+1]) {
				switch l.Level {
				case syslog.LevelInfo:
					counts[i].Info++
				case syslog.LevelWarning:
					counts[i].Warning++
				case syslog.LevelError:
					counts[i].Error++
				case syslog.LevelCritical:
					counts[i].Critical++
				}
			}
		}
	}
	return counts
}

// randomEdges are some moments around the events of randomEvents(r, 300).
func randomEdges(r *rand.Rand) []time.Time {
	at := []int{-30 + r.IntN(150)}
	for range 1 + r.IntN(40) {
		at = append(at, -30+r.IntN(180))
	}
	at = append(at, at[0]+1)
	slices.Sort(at)
	var edges []time.Time
	for _, i := range slices.Compact(at) {
		edges = append(edges, day.Add(time.Duration(i)*time.Millisecond))
	}
	return edges
}

// randomFilters are some that choose one of the events, or leave it out, and every choice
// of levels.
func randomFilters(r *rand.Rand, logs []syslog.Log) []syslog.Filter {
	filters := []syslog.Filter{{}, {Search: "nowhere at all"}, {Not: syslog.Exclusion{Levels: syslog.Levels()}}}
	for i := range 1 << 4 {
		var f syslog.Filter
		for j, l := range syslog.Levels() {
			if i>>j&1 == 1 {
				f.Levels = append(f.Levels, l)
			}
		}
		if i%3 == 0 {
			f.From = day.Add(time.Duration(r.IntN(60)) * time.Millisecond)
			f.To = f.From.Add(time.Duration(r.IntN(60)) * time.Millisecond)
		}
		filters = append(filters, f, syslog.Filter{Not: syslog.Exclusion{Levels: f.Levels}, To: f.To})
	}
	for i := range 60 {
		f := randomFilter(r, logs[r.IntN(len(logs))], i%4)
		if i%3 == 0 {
			leave := exclusions(r, logs[r.IntN(len(logs))])
			f.Not = leave[r.IntN(len(leave))]
		}
		if f.From.IsZero() || f.To.IsZero() || !f.From.After(f.To) {
			filters = append(filters, f)
		}
	}
	return filters
}

func testHistogram(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Aggregator)
	if !ok {
		return
	}
	r := rand.New(rand.NewPCG(13, 17))
	require.Equal(t, make([]syslog.LevelCounts, 2), histogram(t, a, syslog.Filter{}, []time.Time{day, day.Add(time.Hour), day.AddDate(1, 0, 0)}), "empty")
	logs := randomEvents(r, 300)
	write(t, st, logs...)
	for i, f := range randomFilters(r, logs) {
		edges := randomEdges(r)
		require.Equal(t, counted(f, edges, logs), histogram(t, a, f, edges), "filter %d: %+q", i, f)
	}
	ages := []time.Time{time.Date(1, 1, 1, 0, 0, 0, 1e6, time.UTC), day, day.Add(time.Millisecond), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
	require.Equal(t, counted(syslog.Filter{}, ages, logs), histogram(t, a, syslog.Filter{}, ages), "all of time")
	require.Equal(t, counted(syslog.Filter{Type: "T"}, ages, logs), histogram(t, a, syslog.Filter{Type: "T"}, ages))
	for _, away := range []time.Time{day.AddDate(-1, 0, 0), day.AddDate(1, 0, 0)} {
		edges := []time.Time{away, away.Add(time.Hour), away.Add(2 * time.Hour)}
		require.Equal(t, make([]syslog.LevelCounts, 2), histogram(t, a, syslog.Filter{}, edges), "where nothing is")
		require.Equal(t, make([]syslog.LevelCounts, 2), histogram(t, a, syslog.Filter{From: day, To: day.Add(time.Hour)}, edges), "where the filter is not")
	}
}

// testManySpans has as many spans as there may be, and events on each edge.
func testManySpans(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Aggregator)
	if !ok {
		return
	}
	logs := events(syslog.MaxBuckets+20, func(i int, l *syslog.Log) {
		l.Level, l.CreatedAt = syslog.Levels()[i%4], day.Add(time.Duration(i)*time.Hour)
	})
	write(t, st, logs...)
	edges := make([]time.Time, syslog.MaxBuckets+1)
	for i := range edges {
		edges[i] = day.Add(time.Duration(i+10) * time.Hour)
	}
	f := syslog.Filter{}
	for range syslog.MaxExclusions {
		f.Not.Types = append(f.Not.Types, "nothing")
		f.Not.ActorIDs = append(f.Not.ActorIDs, "nobody")
	}
	for _, f := range []syslog.Filter{{}, {Type: "t"}, f} {
		require.Equal(t, counted(f, edges, logs), histogram(t, a, f, edges))
	}
}

func testAggregateEnds(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Aggregator)
	if !ok {
		return
	}
	write(t, st, events(10, nil)...)
	edges := []time.Time{day, day.Add(time.Hour)}
	q, err := syslog.FacetQuery{Field: syslog.FieldType}.Normalize()
	require.NoError(t, err)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for _, f := range []syslog.Filter{{}, {Type: "t"}, {From: day.AddDate(1, 0, 0)}} {
		_, err := a.Histogram(gone, f, edges)
		require.ErrorIs(t, err, context.Canceled)
		_, err = a.Facets(gone, f, q)
		require.ErrorIs(t, err, context.Canceled)
	}
	var none context.Context
	counts, err := a.Histogram(none, syslog.Filter{}, edges)
	require.NoError(t, err)
	require.Equal(t, []syslog.LevelCounts{{Info: 10}}, counts)
	facet, err := a.Facets(none, syslog.Filter{}, q)
	require.NoError(t, err)
	require.EqualValues(t, 10, facet.Values[0].Count)
	require.NoError(t, st.Close(ctx))
	_, err = a.Histogram(ctx, syslog.Filter{}, edges)
	require.ErrorIs(t, err, syslog.ErrClosed)
	_, err = a.Facets(ctx, syslog.Filter{}, q)
	require.ErrorIs(t, err, syslog.ErrClosed)
}
