package store

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/callastar/syslog"
)

// countLevels counts the newest events of a period by level, in indexes alone: those above
// INFO in the index on levels, and all in the one on time; the rest is INFO. f asks for
// nothing but a period, and the database compares rows of values.
func (s *Store) countLevels(ctx context.Context, f *syslog.Filter) (values []syslog.FacetValue, capped bool, err error) {
	created := s.created()
	table := " FROM " + s.table() + " WHERE "
	st := s.statement("WITH RECURSIVE edge (id, at, rank) AS (SELECT * FROM (SELECT last.*, 0 AS rank FROM (")
	st.ordered("id", f, syslog.Desc, nil, 1, syslog.FacetRows-1)
	st.add(") last UNION ALL SELECT oldest.*, 1 FROM (") // of fewer
	st.ordered("id", f, syslog.Asc, nil, 1, 0)
	st.add(") oldest) bound ORDER BY rank LIMIT 1), " + s.knownLevels())
	counted := func() *statement {
		st.add("("+created+", "+cmp.Or(s.dialect.OrderID, "id")+") >= (SELECT at, id FROM edge)").conditions(" AND ", f, syslog.Desc, nil)
		return st
	}
	above := table + "level <> 'INFO' AND level = known.name AND "
	st.add(" SELECT NULL, (SELECT COUNT(*) FROM (")
	st.ordered("id", f, syslog.Desc, nil, syslog.FacetRows+1, 0)
	st.add(") newest), (SELECT "+created+table).oneOf("level", []any{syslog.LevelInfo.String()})
	st.add(" AND ")
	counted().add(" ORDER BY " + created + " DESC LIMIT 1)" +
		" UNION ALL SELECT known.name, (SELECT COUNT(*)" + above)
	counted().add("), (SELECT MAX(" + created + ")" + above)
	counted().add(") FROM known WHERE known.name IS NOT NULL")
	info := syslog.FacetValue{Value: syslog.LevelInfo.String()}
	values, err = collect(ctx, s.read, st, func(r *sql.Rows) (v syslog.FacetValue, err error) {
		var level sql.NullString
		var last millis
		if err := r.Scan(&level, &v.Count, &last); err != nil {
			return v, err
		}
		v.Value, v.Last = level.String, last.time()
		if !level.Valid {
			capped = v.Count > syslog.FacetRows
			info.Count += min(v.Count, syslog.FacetRows)
			info.Last = v.Last
			return syslog.FacetValue{}, nil // counts nothing
		}
		info.Count -= v.Count
		return v, nil
	})
	return append(values, info), capped, err
}

// knownLevels is a recursive list of the levels above INFO that there are, one step in their
// index for each, whatever another program calls them: known(name), which ends with NULL.
func (s *Store) knownLevels() string {
	above := " FROM " + s.table() + " WHERE level <> 'INFO'"
	return "known (name) AS (SELECT MIN(level)" + above + " UNION ALL" +
		" SELECT (SELECT MIN(level)" + above + " AND level > known.name) FROM known WHERE known.name IS NOT NULL)"
}
