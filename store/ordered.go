package store

import (
	"cmp"
	"slices"

	"github.com/callastar/syslog"
)

// ordered adds a SELECT of columns, id first, in an order. created_at comes behind
// the columns as it is stored, to order by: its value is not for reading.
//
// One index has a level's events in order, none those of two levels, and so it is
// with actors. So several are read one by one and merged, which reads no more than
// the page; sorting would read all of their events for every page.
func (st *statement) ordered(columns string, f *syslog.Filter, o syslog.Order, after *syslog.Position, limit, offset int) {
	created := st.s.created()
	id := cmp.Or(st.s.dialect.OrderID, "id")
	order := " ORDER BY " + created + " DESC, " + id + " DESC"
	if o == syslog.Asc {
		order = " ORDER BY " + created + ", " + id
	}
	parts := st.s.apart(f)
	each := st.s.dialect.LimitEach && len(parts) > 1
	values := columns + ", " + created
	skip := offset > 0 && st.s.dialect.SkipFirst
	if skip {
		st.add("SELECT " + values + " FROM (")
		values = "*"
	}
	for i, part := range parts {
		if i > 0 {
			st.add(" UNION ALL ")
		}
		if each {
			st.add("(")
		}
		st.add("SELECT " + values + " FROM " + st.s.table())
		st.where(&part, o, after)
		if each {
			st.add(order)
			st.limit(offset+limit, 0)
			st.add(")")
		}
	}
	st.add(order)
	st.limit(limit, offset)
	if skip {
		st.add(") page" + order)
	}
}

// mostApart is of how many actors the events are merged: each is a query of its own, of
// which databases take so many.
const mostApart = 8

// apart returns a filter for each level, or each actor, where these have an index of
// their own that serves the order, else the filter as it is.
func (s *Store) apart(f *syslog.Filter) (parts []syslog.Filter) {
	part := *f
	switch {
	case !s.dialect.PartialIndexes || f.ActorID != "":
	case len(f.Levels) > 0 && !slices.Contains(f.Levels, syslog.LevelInfo):
		for _, l := range syslog.Levels() {
			if slices.Contains(f.Levels, l) {
				part.Levels = []syslog.LogLevel{l}
				parts = append(parts, part)
			}
		}
	case len(f.Actors) > 0 && len(f.Actors) <= mostApart && !bulk(f.Actors):
		for i, a := range f.Actors {
			if !slices.Contains(f.Actors[:i], a) {
				part.Actors = []syslog.LogActor{a}
				parts = append(parts, part)
			}
		}
	}
	if len(parts) == 0 {
		return []syslog.Filter{*f}
	}
	return parts
}
