package postgres

import (
	"context"
	"database/sql"
	"strconv"
)

// minAnalyzed is from how many bytes on it matters whether the server knows what is
// in a table.
const minAnalyzed = 1 << 20

// analyze has the server look at what is in a table, or in partitions, that it
// never looked at, as after an import, a restore or an upgrade: until autovacuum
// comes it would read all of the table for each batch of a cleanup. A failure
// costs time only.
func analyze(ctx context.Context, db *sql.DB, table string) {
	tables, err := names(ctx, db, `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE (c.oid = `+literal(quote(table))+`::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = `+literal(quote(table))+`::regclass))
			AND c.relkind = 'r' AND c.reltuples <= 0 AND pg_relation_size(c.oid) >= `+strconv.Itoa(minAnalyzed))
	if err != nil {
		return
	}
	for _, name := range tables {
		_, _ = db.ExecContext(ctx, "ANALYZE "+name)
	}
}

// names reads a list of names.
func names(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		all = append(all, name)
	}
	return all, rows.Err()
}
