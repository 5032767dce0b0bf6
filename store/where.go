package store

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// where adds the conditions of a filter and a position.
func (st *statement) where(f *syslog.Filter, o syslog.Order, after *syslog.Position) {
	st.conditions(" WHERE ", f, o, after)
}

// conditions is where, with what goes before the first one.
func (st *statement) conditions(next string, f *syslog.Filter, o syslog.Order, after *syslog.Position) {
	created, id := st.s.created(), cmp.Or(st.s.dialect.OrderID, "id")
	and := func(text string) *statement {
		st.add(next + text)
		next = " AND "
		return st
	}
	if len(f.Levels) > 0 && !every(f.Levels) {
		levels, info := make([]any, len(f.Levels)), false
		for i, l := range f.Levels {
			levels[i] = l.String()
			info = info || l == syslog.LevelInfo
		}
		switch {
		case info || !st.s.dialect.PartialIndexes:
			and("").oneOf("level", levels)
		default:
			and("level IN ").list(levels...).add(" AND level <> 'INFO'")
		}
	}
	if len(f.Actors) > 0 {
		actors := make([]any, len(f.Actors))
		for i, a := range f.Actors {
			actors[i] = string(a)
		}
		switch chosen := st.s.dialect.Actors; {
		case chosen != nil:
			and("").cond(chosen(f.Actors))
		case bulk(f.Actors) || !st.s.dialect.PartialIndexes:
			and("").oneOf("actor", actors)
		default:
			and("actor IN ").list(actors...).add(" AND actor <> 'USER' AND actor <> 'SYSTEM'")
		}
	}
	if f.ActorID != "" {
		and(st.s.actorID() + " = ").arg(f.ActorID)
	}
	from, to := bounds(f, o, after)
	if !from.IsZero() {
		and(created + " >= ").arg(st.s.dialect.time(from))
	}
	if !to.IsZero() {
		and(created + " <= ").arg(st.s.dialect.time(to))
	}
	if len(f.Not.Levels) > 0 {
		levels := make([]any, len(f.Not.Levels))
		for i, l := range f.Not.Levels {
			levels[i] = l.String()
		}
		and("level NOT IN ").list(levels...)
	}
	if len(f.Not.Actors) > 0 {
		if chosen := st.s.dialect.Actors; chosen != nil {
			and("NOT (")
			st.cond(chosen(f.Not.Actors))
			st.add(")")
		} else {
			actors := make([]any, len(f.Not.Actors))
			for i, a := range f.Not.Actors {
				actors[i] = string(a)
			}
			and("actor NOT IN ").list(actors...)
		}
	}
	if len(f.Not.ActorIDs) > 0 {
		ids := make([]any, len(f.Not.ActorIDs))
		for i, id := range f.Not.ActorIDs {
			ids[i] = id
		}
		and("(" + st.s.actorID() + " IS NULL OR " + st.s.actorID() + " NOT IN ").list(ids...).add(")")
	}
	if max(utf8.RuneCountInString(f.Type), utf8.RuneCountInString(f.Search)) > syslog.MaxMessage {
		and("1 = 0") // longer than any text of an event
	} else if !st.s.inGo(f) {
		st.texts(f, and)
	}
	if after != nil {
		op := "<"
		if o == syslog.Asc {
			op = ">"
		}
		at := st.s.dialect.time(after.CreatedAt)
		if st.s.dialect.RowValues {
			and("("+created+", "+id+") "+op+" ").list(at, after.ID)
		} else {
			and("(" + created + " " + op + " ").arg(at).add(" OR " + created + " = ").arg(at).add(" AND " + id + " " + op + " ").arg(after.ID).add(")")
		}
	}
}

// bounds is the period of a filter, without the end that a position within it says better:
// databases may begin at the one that they read first, and a page far behind it would
// begin with all of the pages before.
func bounds(f *syslog.Filter, o syslog.Order, after *syslog.Position) (from, to time.Time) {
	from, to = f.From, f.To
	if after == nil {
		return from, to
	}
	if o == syslog.Asc && !after.CreatedAt.Before(from) {
		from = time.Time{}
	}
	if o == syslog.Desc && !after.CreatedAt.After(to) {
		to = time.Time{}
	}
	return from, to
}

// texts adds the conditions on what an event says.
func (st *statement) texts(f *syslog.Filter, and func(string) *statement) {
	contains := st.s.dialect.Contains
	anywhere := func(text, actorID string) {
		for i, column := range []string{"message", "type", actorID} {
			if i > 0 {
				st.add(" OR ")
			}
			st.cond(contains(column, text))
		}
		st.add(")")
	}
	if f.Type != "" {
		and("").cond(contains("type", f.Type))
	}
	if f.Search != "" {
		and("(")
		anywhere(f.Search, st.s.actorID())
	}
	for _, text := range f.Not.Types {
		and("NOT (").cond(contains("type", text))
		st.add(")")
	}
	for _, text := range f.Not.Searches {
		and("NOT (")
		anywhere(text, "coalesce("+st.s.actorID()+", '')")
	}
	for _, v := range f.Metadata {
		cond, args, _ := st.s.metadataIs(v)
		and("").cond(cond, args)
	}
	for _, v := range f.Not.Metadata {
		cond, args, _ := st.s.metadataIs(v)
		and("NOT coalesce(").cond(cond, args)
		st.add(", 1 = 0)")
	}
}

// oneOf adds the condition that a column without an index has one of the values.
func (st *statement) oneOf(column string, values []any) {
	if !st.s.dialect.Likely {
		st.add(column + " IN ").list(values...)
		return
	}
	st.add("likely(" + column + " IN ").list(values...).add(")")
}

// bulk reports whether actors have one that most events are of.
func bulk(actors []syslog.LogActor) bool {
	return slices.Contains(actors, syslog.ActorUser) || slices.Contains(actors, syslog.ActorSystem)
}

// every reports whether levels leaves none out: then it is no condition, and rows
// whose level nobody knows are chosen, too.
func every(levels []syslog.LogLevel) bool {
	for _, l := range syslog.Levels() {
		if !slices.Contains(levels, l) {
			return false
		}
	}
	return true
}

// inGo reports whether text has to be compared here.
func (s *Store) inGo(f *syslog.Filter) bool {
	d := &s.dialect
	unfit := func(text string) bool { return text != "" && (d.Contains == nil || !d.Fits(text)) }
	cannot := func(v syslog.MetadataValue) bool {
		_, _, ok := s.metadataIs(v)
		return !ok
	}
	return unfit(f.Type) || unfit(f.Search) || slices.ContainsFunc(f.Not.Types, unfit) || slices.ContainsFunc(f.Not.Searches, unfit) ||
		slices.ContainsFunc(f.Metadata, cannot) || slices.ContainsFunc(f.Not.Metadata, cannot)
}

// texts is the part of a filter that is compared here: the rest was asked of the database.
func texts(f *syslog.Filter) syslog.Filter {
	return syslog.Filter{
		Type: f.Type, Search: f.Search, Metadata: f.Metadata,
		Not: syslog.Exclusion{Types: f.Not.Types, Searches: f.Not.Searches, Metadata: f.Not.Metadata},
	}
}

func (s *Store) metadataIs(v syslog.MetadataValue) (cond string, args []any, ok bool) {
	if s.dialect.MetadataIs == nil {
		return "", nil, false
	}
	return s.dialect.MetadataIs(cmp.Or(s.dialect.MetadataJSON, "metadata"), v)
}
