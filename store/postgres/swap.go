package postgres

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// swap puts a partitioned table in the place of the table, which becomes its first
// partition.
func (r *repartition) swap(ctx context.Context, tx *sql.Tx, boundary time.Time, key string) error {
	table, old := quote(r.table), past(r.table, boundary)
	if _, err := tx.ExecContext(ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
		return err
	}
	var bounded bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = "+literal(within)+
		" AND conrelid = "+literal(table)+"::regclass AND convalidated)").Scan(&bounded); err != nil {
		return err
	}
	if !bounded {
		return errUnbound
	}
	primary, others, err := r.indexes(ctx, tx, key)
	if err != nil {
		return err
	}
	parts := []partition{}
	at := boundary
	for range ahead {
		parts = append(parts, between(r.table, at, r.period.next(at)))
		at = r.period.next(at)
	}
	parts = append(parts, future(r.table, at))
	handed, err := r.inherit(ctx, tx, parts)
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
		as := index + "_past"
		if strings.HasSuffix(index, trigramSuffix) { // by which it is known
			as = strings.TrimSuffix(index, trigramSuffix) + "_past" + trigramSuffix
		}
		stmts = append(stmts, "ALTER INDEX "+quote(schema+index)+" RENAME TO "+bare(as))
	}
	made, err := r.parent()
	if err != nil {
		return err
	}
	stmts = append(append(stmts, made...), old.attach(r.table), "ALTER TABLE "+old.name+" DROP CONSTRAINT "+within)
	for _, part := range parts {
		stmts = append(stmts, part.create(r.table))
	}
	return execAll(ctx, tx, append(stmts, handed...))
}

// errUnbound says that the check of the bounds is gone: somebody has removed it.
var errUnbound = errors.New("the check of the bounds was removed meanwhile")

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
