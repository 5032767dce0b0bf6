package storetest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// facets asks as a logger does.
func facets(t *testing.T, a syslog.Aggregator, f syslog.Filter, q syslog.FacetQuery) syslog.Facet {
	t.Helper()
	f, err := f.Normalize()
	require.NoError(t, err)
	q, err = q.Normalize()
	require.NoError(t, err)
	got, err := a.Facets(ctx, f, q)
	require.NoError(t, err, "%+q %+q", f, q)
	return got
}

// valuesOf is a facet by the contract's words.
func valuesOf(f syslog.Filter, q syslog.FacetQuery, logs []syslog.Log) syslog.Facet {
	f.From = f.From.Truncate(time.Millisecond)
	byValue := map[string]syslog.FacetValue{}
	for _, l := range logs {
		value := map[syslog.Field]string{
			syslog.FieldLevel: l.Level.String(), syslog.FieldActor: string(l.Actor), syslog.FieldType: l.Type, syslog.FieldActorID: l.ActorID,
		}[q.Field]
		if !matches(f, l) || value == "" || !containsFold(value, q.Contains) {
			continue
		}
		v := byValue[value]
		v.Value, v.Count = value, v.Count+1
		if l.CreatedAt.After(v.Last) {
			v.Last = l.CreatedAt
		}
		byValue[value] = v
	}
	facet := syslog.Facet{Values: []syslog.FacetValue{}, Distinct: int64(len(byValue))}
	for _, v := range byValue {
		facet.Values = append(facet.Values, v)
	}
	slices.SortFunc(facet.Values, func(a, b syslog.FacetValue) int {
		switch {
		case q.ByRecency && !a.Last.Equal(b.Last):
			return b.Last.Compare(a.Last)
		case !q.ByRecency && a.Count != b.Count:
			return cmp.Compare(b.Count, a.Count)
		}
		return strings.Compare(a.Value, b.Value)
	})
	if limit := cmp.Or(q.Limit, syslog.DefaultFacetLimit); len(facet.Values) > limit {
		for _, v := range facet.Values[limit:] {
			facet.Other += v.Count
		}
		facet.Values = facet.Values[:limit]
	}
	return facet
}

func testFacets(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Aggregator)
	if !ok {
		return
	}
	r := rand.New(rand.NewPCG(19, 23))
	for _, field := range syslog.Fields() {
		require.Equal(t, syslog.Facet{Values: []syslog.FacetValue{}}, facets(t, a, syslog.Filter{}, syslog.FacetQuery{Field: field}), "empty")
	}
	logs := randomEvents(r, 300)
	for i := range logs { // some values are frequent
		if i%3 == 0 {
			logs[i].Type, logs[i].ActorID = "T"+randomText(r, 1), randomText(r, 1)
		}
	}
	write(t, st, logs...)
	for i, f := range randomFilters(r, logs) {
		for _, field := range syslog.Fields() {
			q := syslog.FacetQuery{Field: field, Limit: []int{0, 1, 3, 20, syslog.MaxFacetLimit}[r.IntN(5)], ByRecency: r.IntN(2) == 0}
			if r.IntN(2) == 0 {
				like := logs[r.IntN(len(logs))]
				q.Contains = part(r, map[syslog.Field]string{
					syslog.FieldLevel: like.Level.String(), syslog.FieldActor: string(like.Actor), syslog.FieldType: like.Type, syslog.FieldActorID: like.ActorID,
				}[field])
			}
			require.Equal(t, valuesOf(f, q, logs), facets(t, a, f, q), "filter %d: %+q %+q", i, f, q)
		}
	}
}

// testFacetValues has what Contains must take as it is written, and ties.
func testFacetValues(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Aggregator)
	if !ok {
		return
	}
	types := []string{"50%", "a_b", "A_B", "é", "E\u0301", "ÉTÉ", "\u212Aelvin", `back\slash`, "b", "a"}
	var logs []syslog.Log
	for i := range 3 * len(types) {
		l := event(i)
		l.Type, l.ActorID = types[i%len(types)], []string{"", "usr"}[i%2]
		logs = append(logs, l)
	}
	write(t, st, logs...)
	list := func(f syslog.Filter, q syslog.FacetQuery) (values []string) {
		q.Field = syslog.FieldType
		for _, v := range facets(t, a, f, q).Values {
			values = append(values, v.Value)
		}
		return values
	}
	for contains, want := range map[string][]string{
		"%": {"50%"}, "_": {"A_B", "a_b"}, "a_": {"A_B", "a_b"}, "É": {"ÉTÉ", "é"}, "k": {`back\slash`, "\u212Aelvin"}, `\`: {`back\slash`}, "xyz": nil,
	} {
		require.ElementsMatch(t, want, list(syslog.Filter{}, syslog.FacetQuery{Contains: contains}), "%q", contains)
	}
	sorted := slices.Sorted(slices.Values(types))
	require.Equal(t, sorted, list(syslog.Filter{}, syslog.FacetQuery{}), "as frequent as each other")
	newest := slices.Clone(types)
	slices.Reverse(newest)
	require.Equal(t, newest, list(syslog.Filter{}, syslog.FacetQuery{ByRecency: true}))
	require.Empty(t, list(syslog.Filter{Type: "é"}, syslog.FacetQuery{Contains: "a"}))
	require.Equal(t, []string{"ÉTÉ", "é"}, list(syslog.Filter{Type: "é"}, syslog.FacetQuery{}), "the filter holds for its own field, too")
	require.Equal(t, syslog.Facet{
		Values: []syslog.FacetValue{{Value: "50%", Count: 3, Last: event(20).CreatedAt}}, Other: 27, Distinct: 10,
	}, facets(t, a, syslog.Filter{}, syslog.FacetQuery{Field: syslog.FieldType, Limit: 1}))
	require.Equal(t, syslog.Facet{
		Values: []syslog.FacetValue{{Value: "usr", Count: 15, Last: event(29).CreatedAt}}, Distinct: 1,
	}, facets(t, a, syslog.Filter{}, syslog.FacetQuery{Field: syslog.FieldActorID}), "events of nobody are not counted")
}
