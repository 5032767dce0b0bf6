package store

import (
	"cmp"
	"context"
	"database/sql"

	"github.com/callastar/syslog"
)

// maxLevelNames is of how many names of levels countLevels counts each: for more, which
// only other programs would write, looking at the events is quicker.
const maxLevelNames = 64

// countLevels counts the newest events of a period by level without a look at each of them:
// all are counted in the index on time, those of other levels than INFO in the index on
// levels, and the rest is INFO. Only the newest INFO is looked for among the rows. f asks for
// nothing but a period.
func (s *Store) countLevels(ctx context.Context, f *syslog.Filter) (values []syslog.FacetValue, capped bool, err error) {
	created := s.created()
	table := " FROM " + s.table() + " WHERE "
	st := s.statement("WITH RECURSIVE edge (id, at, rank) AS (SELECT * FROM (SELECT last.*, 0 AS rank FROM (")
	st.ordered("id", f, syslog.Desc, nil, 1, syslog.FacetRows-1)
	st.add(") last UNION ALL SELECT oldest.*, 1 FROM (") // of fewer
	st.ordered("id", f, syslog.Asc, nil, 1, 0)
	st.add(") oldest) bound ORDER BY rank").limit(1, 0)
	st.add("), " + s.knownLevels())
	counted := func() *statement {
		// SQLite uses an index on text for what is not itself a column of text: else it would
		// go through all events of the edge's moment.
		st.add("("+created+", "+cmp.Or(s.dialect.OrderID, "id")+") >= (SELECT at, '' || id FROM edge)").conditions(" AND ", f, syslog.Desc, nil)
		return st
	}
	above := table + "level <> 'INFO' AND level = known.name AND "
	st.add(" SELECT NULL, (SELECT COUNT(*) FROM (")
	st.ordered("id", f, syslog.Desc, nil, syslog.FacetRows+1, 0)
	st.add(") newest), (SELECT "+created+table).oneOf("level", []any{syslog.LevelInfo.String()})
	st.add(" AND ")
	counted().add(" ORDER BY "+created+" DESC").limit(1, 0)
	st.add(") UNION ALL SELECT known.name, (SELECT COUNT(*)" + above)
	counted().add("), (SELECT MAX(" + created + ")" + above)
	counted().add(") FROM (SELECT name FROM known WHERE name IS NOT NULL").limit(maxLevelNames+1, 0)
	st.add(") known")
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
	if err == nil && len(values) > maxLevelNames+1 {
		return s.countValues(ctx, f, syslog.FieldLevel)
	}
	return append(values, info), capped, err
}

// knownLevels is a recursive list of the levels but INFO that there are, one step in their
// index for each, whatever another program calls them: known(name), which ends with NULL.
func (s *Store) knownLevels() string {
	others := " FROM " + s.table() + " WHERE level <> 'INFO'"
	return "known (name) AS (SELECT MIN(level)" + others + " UNION ALL" +
		" SELECT (SELECT MIN(level)" + others + " AND level > known.name) FROM known WHERE known.name IS NOT NULL)"
}
