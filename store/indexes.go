package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// Indexes returns the indexes of the table and of its partitions, and those that are
// missing. What is needed counts as there if the table as a whole has an ordered index that begins
// with the column, with no more of a condition than those of the migrations have. On PostgreSQL one that is being built is
// told from other invalid ones only where the role may see what the other does. The error
// is [errors.ErrUnsupported] for any database but PostgreSQL and SQLite, and for one that is
// distributed.
func (s *Store) Indexes(ctx context.Context) ([]syslog.Index, error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return nil, err
	}
	if s.dialect.Indexes == nil {
		return nil, fmt.Errorf("store: indexes: %w by this database", errors.ErrUnsupported)
	}
	out, ordered, err := s.indexes(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: indexes: %w", s.plain(err))
	}
	needed := []string{s.created(), s.actorID()}
	if s.dialect.PartialIndexes {
		needed = append(needed, "level", "actor")
	}
	for _, column := range needed {
		column = strings.Trim(column, `"`)
		if !slices.Contains(ordered, column) {
			out = append(out, syslog.Index{Columns: []string{column}, State: syslog.IndexMissing})
		}
	}
	return out, nil
}

// indexes reads them, and which columns one begins with that is there, or soon.
func (s *Store) indexes(ctx context.Context) (out []syslog.Index, ordered []string, err error) {
	rows, err := s.read.QueryContext(ctx, s.dialect.Indexes(s.opts.Table))
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		i := syslog.Index{State: syslog.IndexInvalid}
		var columns string
		var valid, building, serves bool
		if err := rows.Scan(&i.Name, &columns, &i.Text, &i.Tables, &i.Bytes, &valid, &building, &serves); err != nil {
			return nil, nil, err
		}
		i.Columns = strings.Split(columns, "\n")
		switch {
		case valid:
			i.State = syslog.IndexReady
		case building:
			i.State = syslog.IndexBuilding
		}
		if serves && (valid || building) {
			ordered = append(ordered, i.Columns[0])
		}
		out = append(out, i)
	}
	return out, ordered, rows.Err()
}

// indexesPostgres adds up those that partitions have by themselves, as far as they are in
// use: what they have by their table is part of its index. The columns are one text, a line each. Functions that write a
// definition out are asked of the table alone: they fail for what has gone since the statement began.
func indexesPostgres(table string) string {
	root := regclass(table)
	return "WITH RECURSIVE " + tables(root) + `, trees AS (
	SELECT i.indexrelid AS id, i.indexrelid AS top FROM pg_index i JOIN tables t ON t.id = i.indrelid
	WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
	UNION ALL SELECT h.inhrelid, t.top FROM pg_inherits h JOIN trees t ON t.id = h.inhparent),
sizes AS (SELECT top, COALESCE(SUM(pg_relation_size(id)), 0) AS bytes FROM trees GROUP BY top),
those AS (
	SELECT x.relname AS name, i.indrelid AS owner, i.indrelid = ` + root + ` AS whole, i.indexrelid AS id, i.indisvalid AS valid, s.bytes,
		EXISTS (SELECT FROM unnest(i.indkey::int2[], i.indclass::oid[]) k(number, class) JOIN pg_opclass o ON o.oid = k.class
			JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE o.opcname LIKE '%trgm_ops' AND a.attname = 'message') AS text,
		i.indrelid = ` + root + ` AND m.amname = 'btree' AND (i.indpred IS NULL OR EXISTS (SELECT FROM pg_attribute a, pg_get_expr(i.indpred, i.indrelid) cond
			WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[0] AND strpos(cond, a.attname) > 0 AND cond ~ '<>|IS NOT NULL')) AS ordered,
		(SELECT string_agg(COALESCE(a.attname, ''), E'\n' ORDER BY k.n) FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(number, n)
			LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0 WHERE k.n <= i.indnkeyatts) AS columns,
		EXISTS (SELECT FROM pg_stat_progress_create_index b WHERE b.index_relid = i.indexrelid) AS building
	FROM sizes s JOIN pg_index i ON i.indexrelid = s.top JOIN pg_class x ON x.oid = s.top JOIN pg_am m ON m.oid = x.relam)
SELECT MIN(name), columns, text, COUNT(DISTINCT owner), SUM(bytes)::bigint, valid, building, bool_and(ordered)
FROM those GROUP BY CASE WHEN whole OR NOT valid THEN id END, columns, text, valid, building ORDER BY MIN(name) COLLATE "C"`
}

// indexesSQLite knows nothing of sizes: the engine would read the whole file.
func indexesSQLite(table string) string {
	schema, name, found := strings.Cut(table, ".")
	if !found {
		schema, name = "main", table
	}
	return `SELECT m.name, (SELECT group_concat(COALESCE(c.name, ''), char(10)) FROM pragma_index_info(m.name, '` + schema + `') c),
	0, 1, 0, 1, 0, l.partial = 0 OR EXISTS (SELECT 1 FROM pragma_index_info(m.name, '` + schema + `') f,
		(SELECT replace(substr(upper(m.sql), instr(upper(m.sql), 'WHERE')), '"', '') AS cond) w
		WHERE f.seqno = 0 AND (instr(w.cond, upper(f.name)||' <>') OR instr(w.cond, upper(f.name)||' !=') OR instr(w.cond, upper(f.name)||' IS NOT NULL')))
	FROM "` + schema + `".sqlite_master m JOIN pragma_index_list('` + name + `', '` + schema + `') l ON l.name = m.name
	WHERE m.type = 'index' AND m.tbl_name = '` + name + `' COLLATE NOCASE ORDER BY m.name`
}
