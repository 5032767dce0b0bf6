package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/callastar/syslog"
)

// Facets counts the values of a field, as syslog.Logger.Facets says.
func (s *Store) Facets(ctx context.Context, f syslog.Filter, q syslog.FacetQuery) (syslog.Facet, error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return syslog.Facet{}, err
	}
	var values []syslog.FacetValue
	var capped bool
	var err error
	switch {
	case s.dialect.Moment == "" || s.inGo(&f):
		values, capped, err = s.listValues(ctx, &f, q.Field)
	case q.Field == syslog.FieldLevel && s.dialect.GroupsSorted && s.dialect.PartialIndexes && s.dialect.RowValues && timed(&f) && len(f.Levels) == 0:
		values, capped, err = s.countLevels(ctx, &f)
	default:
		values, capped, err = s.countValues(ctx, &f, q.Field)
	}
	if err != nil {
		return syslog.Facet{}, fmt.Errorf("store: facets: %w", s.plain(err))
	}
	return syslog.NewFacet(q, values, capped), nil
}

// listValues reads the events.
func (s *Store) listValues(ctx context.Context, f *syslog.Filter, field syslog.Field) (values []syslog.FacetValue, capped bool, err error) {
	for l, err := range s.each(ctx, f, syslog.Desc, nil) {
		if err != nil {
			return nil, false, err
		}
		if len(values) == syslog.FacetRows {
			return values, true, nil
		}
		values = append(values, syslog.FacetValue{Value: field.Of(&l), Count: 1, Last: l.CreatedAt})
	}
	return values, false, nil
}

// countValues has the database count the newest events in the order of the index on time.
func (s *Store) countValues(ctx context.Context, f *syslog.Filter, field syslog.Field) (values []syslog.FacetValue, capped bool, err error) {
	column := map[syslog.Field]string{
		syslog.FieldLevel: "level", syslog.FieldActor: cmp.Or(s.dialect.Actor, "actor"), syslog.FieldType: "type", syslog.FieldActorID: s.actorID(),
	}[field]
	created := s.created()
	st := s.statement("SELECT value, COUNT(*), MAX(" + created + "), MIN(" + created + ") FROM (")
	st.ordered("id, "+column+" AS value", f, syslog.Desc, nil, syslog.FacetRows, 0)
	st.add(") newest GROUP BY value")
	var rows int64
	var oldest time.Time
	values, err = collect(ctx, s.read, st, func(r *sql.Rows) (v syslog.FacetValue, err error) {
		var value sql.NullString
		var last, first millis
		if err := r.Scan(&value, &v.Count, &last, &first); err != nil {
			return v, err
		}
		if rows += v.Count; oldest.IsZero() || first.time().Before(oldest) {
			oldest = first.time()
		}
		v.Value, v.Last = value.String, last.time()
		return v, nil
	})
	if err != nil || rows < syslog.FacetRows {
		return values, false, err
	}
	capped, err = s.more(ctx, f, oldest)
	return values, capped, err
}

// more reports whether f chooses more than FacetRows events, of which these are not
// older than oldest. Most often something is, which is found at once; else it takes
// going through all of them again.
func (s *Store) more(ctx context.Context, f *syslog.Filter, oldest time.Time) (bool, error) {
	older := *f
	older.To = oldest.Add(-time.Millisecond)
	if older.From.IsZero() || !older.From.After(older.To) {
		if ok, err := s.any(ctx, &older, 0); ok || err != nil {
			return ok, err
		}
	}
	return s.any(ctx, f, syslog.FacetRows)
}

// any reports whether f chooses an event behind so many.
func (s *Store) any(ctx context.Context, f *syslog.Filter, behind int) (bool, error) {
	st := s.statement("")
	st.ordered("id", f, syslog.Desc, nil, 1, behind)
	found, err := collect(ctx, s.read, st, func(*sql.Rows) (none struct{}, err error) { return none, nil })
	return len(found) > 0, err
}
