package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// swap puts a partitioned table in the place of the table, which becomes its first
// partition. Who may do what with it stays as it is.
func (r *repartition) swap(ctx context.Context, tx *sql.Tx, boundary time.Time, key string) error {
	table, old := quote(r.table), past(r.table, boundary)
	if _, err := tx.ExecContext(ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		return err
	}
	if err := r.bound(ctx, tx); err != nil {
		return err
	}
	if err := r.bereft(ctx, tx); err != nil {
		return err
	}
	may, err := rightsOf(ctx, tx, r.table)
	if err != nil {
		return err
	}
	primary, others, err := r.indexes(ctx, tx, key)
	if err != nil {
		return err
	}
	stmts := []string{
		"ALTER TABLE " + table + " DROP CONSTRAINT " + primary + ", ADD PRIMARY KEY USING INDEX " + bare(key),
		"ALTER TABLE " + table + " RENAME TO " + bare(r.table+"_past"),
	}
	schema, _, found := strings.Cut(r.table, ".")
	if schema += "."; !found {
		schema = ""
	}
	for _, index := range others { // the new table's have these names
		behind := index + "_past"
		if quote(index) == bare(r.table+trigramSuffix) { // where it is looked for
			behind = strings.TrimSuffix(index, trigramSuffix) + "_past" + trigramSuffix
		}
		stmts = append(stmts, "ALTER INDEX "+quote(schema+index)+" RENAME TO "+quote(behind))
	}
	made, err := r.parent()
	if err != nil {
		return err
	}
	if err := execAll(ctx, tx, append(stmts, made...)); err != nil {
		return err
	}
	if err := may.give(ctx, tx); err != nil {
		return fmt.Errorf("let the same roles use the table: %w", err)
	}
	stmts = []string{old.attach(r.table), "ALTER TABLE " + old.name + " DROP CONSTRAINT " + within}
	at := boundary
	for range ahead {
		part := between(r.table, at, r.period.next(at))
		stmts = append(stmts, part.create(r.table), may.own(part.name))
		at = part.to
	}
	rest := future(r.table, at)
	return execAll(ctx, tx, append(stmts, rest.create(r.table), may.own(rest.name)))
}

// indexes returns the constraint that is the table's key, and the names of its
// other indexes but the one for the new key.
func (r *repartition) indexes(ctx context.Context, tx *sql.Tx, key string) (primary string, others []string, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT c.relname, i.indisprimary FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE i.indrelid = `+literal(quote(r.table))+`::regclass`)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var isPrimary bool
		if err := rows.Scan(&name, &isPrimary); err != nil {
			return "", nil, err
		}
		if isPrimary {
			primary = `"` + name + `"`
		} else if `"`+name+`"` != bare(key) {
			others = append(others, name)
		}
	}
	if primary == "" {
		return "", nil, errors.New("the table has no primary key: the library did not make it")
	}
	return primary, others, rows.Err()
}

// parent are the statements that make the partitioned table, without partitions.
func (r *repartition) parent() ([]string, error) {
	o := *r.opts
	text, err := MigrateSQL(&o)
	if err != nil {
		return nil, err
	}
	text, _, _ = strings.Cut(text, "CREATE TABLE "+beside(r.table, "_past"))
	var stmts []string
	for stmt := range strings.SplitSeq(text, ";\n") {
		if strings.TrimSpace(stmt) != "" {
			stmts = append(stmts, stmt)
		}
	}
	return stmts, nil
}

// bare quotes a name without its schema.
func bare(name string) string {
	if _, in, found := strings.Cut(name, "."); found {
		name = in
	}
	return quote(name)
}
