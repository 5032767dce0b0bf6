package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// home is the schema that a table is in. Without one in its name that is the first of the
// search path that has it, which need not be the one where new tables go: a schema that
// was made later, of the role's name, say, comes before it.
func home(ctx context.Context, db interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, table string) (schema string, err error) {
	if schema, _, found := strings.Cut(table, "."); found {
		return schema, nil
	}
	err = db.QueryRowContext(ctx, "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass("+
		literal(quote(table))+")").Scan(&schema)
	if errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("table %s is not found by the search path: put its schema in front of it in Options.Table, or into search_path", quote(table))
	}
	return schema, err
}

// inside is the statement that has a transaction make new tables in the schema of a table,
// and find everything else where it did before.
func inside(schema, table string) string {
	if strings.Contains(table, ".") {
		return "SELECT" // their names say where
	}
	return "SELECT set_config('search_path', quote_ident(" + literal(schema) + ") || ', ' || current_setting('search_path'), true)" +
		" WHERE (current_schemas(false))[1] IS DISTINCT FROM " + literal(schema)
}

// tableLock is the number of an advisory lock of a table in a schema.
func tableLock(schema, table, name string) int64 {
	if _, in, found := strings.Cut(table, "."); found {
		table = in
	}
	return lockKey(schema + "." + table + " " + name)
}
