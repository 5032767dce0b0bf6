package store

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// spans adds a list of the spans to join: spans(i, lo, hi).
func (st *statement) spans(spans []span) *statement {
	st.add("spans (i, lo, hi) AS (VALUES ")
	for n, at := range spans {
		if n > 0 {
			st.add(", ")
		}
		st.add("(" + strconv.Itoa(at.bucket)).moment(at.from).moment(at.until).add(")")
	}
	return st.add(")")
}

func (st *statement) moment(t time.Time) *statement {
	return st.add(", CAST(").arg(st.s.dialect.time(t)).add(" AS " + st.s.dialect.Moment + ")")
}

// within is the condition of being in one of them.
func (st *statement) within() *statement {
	return st.add(st.s.created() + " >= spans.lo AND " + st.s.created() + " < spans.hi")
}

// countByIndex reads no rows. Events of each span are counted in the index on time, those
// above INFO in the index on levels, for each level that there is; the rest is INFO.
func (s *Store) countByIndex(ctx context.Context, f *syslog.Filter, spans []span, counts []syslog.LevelCounts) error {
	above := " FROM " + s.table() + " WHERE level <> 'INFO'"
	st := s.statement("WITH RECURSIVE ").spans(spans)
	st.add(", " + s.knownLevels() +
		" SELECT spans.i, NULL, (SELECT COUNT(*) FROM " + s.table() + " WHERE ").within().add(") FROM spans" +
		" UNION ALL SELECT spans.i, known.name, (SELECT COUNT(*)" + above + " AND level = known.name AND ").within().
		add(") FROM spans, known WHERE known.name IS NOT NULL")
	chosen := func(level string) bool {
		return len(f.Levels) == 0 || every(f.Levels) ||
			slices.ContainsFunc(f.Levels, func(l syslog.LogLevel) bool { return l.String() == level })
	}
	info := make(map[int]int64, len(spans))
	_, err := collect(ctx, s.read, st, func(rows *sql.Rows) (none struct{}, err error) {
		var i int
		var level sql.NullString
		var n int64
		if err := rows.Scan(&i, &level, &n); err != nil {
			return none, err
		}
		if !level.Valid {
			info[i] += n
			return none, nil
		}
		info[i] -= n
		if chosen(level.String) {
			counts[i].Add(levelOf(level.String), n)
		}
		return none, nil
	})
	if chosen(syslog.LevelInfo.String()) {
		for i, n := range info {
			counts[i].Add(syslog.LevelInfo, n)
		}
	}
	return err
}

// countByScan looks at each row that f chooses once.
func (s *Store) countByScan(ctx context.Context, f *syslog.Filter, spans []span, counts []syslog.LevelCounts) error {
	edges := []string{text(spans[0].from)}
	for _, at := range spans { // each begins where the one before ends
		edges = append(edges, text(at.until))
	}
	within := *f
	within.From, within.To = spans[0].from, spans[len(spans)-1].until.Add(-time.Millisecond)
	st := s.statement("SELECT width_bucket(" + s.created() + ", CAST(").arg("{" + strings.Join(edges, ",") + "}").
		add(" AS " + s.dialect.Moment + "[])), level, COUNT(*) FROM " + s.table())
	st.where(&within, syslog.Desc, nil)
	st.add(" GROUP BY 1, 2")
	_, err := collect(ctx, s.read, st, func(rows *sql.Rows) (none struct{}, err error) {
		var i int
		var level string
		var n int64
		if err := rows.Scan(&i, &level, &n); err != nil {
			return none, err
		}
		counts[spans[i-1].bucket].Add(levelOf(level), n)
		return none, nil
	})
	return err
}

// text is a moment in an array, as text: drivers differ in what they take for one.
func text(t time.Time) string { return t.UTC().Format(`"2006-01-02 15:04:05.000Z"`) }

// countBySpan looks at the rows of one span after the other: grouping all of them would
// sort them first. The counts of a span are one text, since such a query has one value.
func (s *Store) countBySpan(ctx context.Context, f *syslog.Filter, spans []span, counts []syslog.LevelCounts) error {
	rest := *f
	rest.From, rest.To = time.Time{}, time.Time{}
	levels := []syslog.LogLevel{syslog.LevelInfo, syslog.LevelWarning, syslog.LevelCritical}
	st := s.statement("WITH ").spans(spans).add(" SELECT spans.i, (SELECT COUNT(*)")
	for _, l := range levels {
		st.add(" || ' ' || SUM(level = '" + l.String() + "' COLLATE NOCASE)")
	}
	st.add(" FROM "+s.table()+" WHERE ").within().conditions(" AND ", &rest, syslog.Desc, nil)
	st.add(") FROM spans")
	_, err := collect(ctx, s.read, st, func(rows *sql.Rows) (none struct{}, err error) {
		var i int
		var found sql.NullString // NULL where there is nothing
		if err := rows.Scan(&i, &found); err != nil || !found.Valid {
			return none, err
		}
		for j, part := range strings.Fields(found.String) {
			n, err := strconv.ParseInt(part, 10, 64)
			if err != nil {
				return none, err
			}
			if j == 0 { // all of them
				counts[i].Error += n
				continue
			}
			counts[i].Error -= n
			counts[i].Add(levels[j-1], n)
		}
		return none, nil
	})
	return err
}
