package store

import (
	"slices"

	"github.com/callastar/syslog"
)

// ordered adds a SELECT of columns, id first, in an order. created_at comes behind
// the columns as it is stored, to order by: its value is not for reading.
//
// One index has a level's events in order, none those of two levels. So several
// levels are read one by one and merged, which reads no more than the page;
// sorting would read all of their events for every page.
func (st *statement) ordered(columns string, f *syslog.Filter, o syslog.Order, after *syslog.Position) {
	for i, part := range st.s.apart(f) {
		if i > 0 {
			st.add(" UNION ALL ")
		}
		st.add("SELECT " + columns + ", created_at FROM " + st.s.table())
		st.where(&part, o, after)
	}
	dir := " DESC"
	if o == syslog.Asc {
		dir = ""
	}
	st.add(" ORDER BY created_at" + dir + ", id" + dir)
}

// apart returns a filter for each level where levels have an index of their own
// that serves the order, else the filter as it is.
func (s *Store) apart(f *syslog.Filter) []syslog.Filter {
	if !s.dialect.HideInfo || f.ActorID != "" || slices.Contains(f.Levels, syslog.LevelInfo) {
		return []syslog.Filter{*f}
	}
	var parts []syslog.Filter
	for _, l := range syslog.Levels() {
		if slices.Contains(f.Levels, l) {
			part := *f
			part.Levels = []syslog.LogLevel{l}
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return []syslog.Filter{*f}
	}
	return parts
}
