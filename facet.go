package syslog

import (
	"cmp"
	"slices"
	"strings"

	"github.com/callastar/syslog/internal/fold"
)

// Of returns the value that an event has in the field, as facets list it.
func (f Field) Of(l *Log) string {
	switch f {
	case FieldLevel:
		return facetLevel(l.Level.String())
	case FieldActor:
		return string(l.Actor)
	case FieldType:
		return l.Type
	case FieldActorID:
		return l.ActorID
	}
	return ""
}

// facetLevel is the level that an event with this text is listed with.
func facetLevel(text string) string {
	l, err := ParseLevel(text)
	if err != nil {
		l = LevelError
	}
	return l.String()
}

// NewFacet makes the answer to a query: for stores. q has its defaults; counted are the
// values as they are stored, in any order, of which one may come several times, with
// whatever events have no value. The slice is used up.
func NewFacet(q FacetQuery, counted []FacetValue, capped bool) Facet {
	contains := fold.String(q.Contains)
	at := make(map[string]int, min(len(counted), 1024))
	values := counted[:0]
	for _, v := range counted {
		if q.Field == FieldLevel {
			v.Value = facetLevel(v.Value)
		}
		if q.Field == FieldActorID && v.Value == "" || v.Count == 0 {
			continue
		}
		i, known := at[v.Value]
		if known {
			values[i].Count += v.Count
			if v.Last.After(values[i].Last) {
				values[i].Last = v.Last
			}
			continue
		}
		if strings.Contains(fold.String(v.Value), contains) {
			at[v.Value] = len(values)
			values = append(values, v)
		}
	}
	slices.SortFunc(values, func(a, b FacetValue) int {
		first := cmp.Compare(b.Count, a.Count)
		if q.ByRecency {
			first = b.Last.Compare(a.Last)
		}
		return cmp.Or(first, strings.Compare(a.Value, b.Value))
	})
	facet := Facet{Values: []FacetValue{}, Distinct: int64(len(values)), Capped: capped}
	for _, v := range values[min(q.Limit, len(values)):] {
		facet.Other += v.Count
	}
	facet.Values = append(facet.Values, values[:min(q.Limit, len(values))]...)
	return facet
}
