package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Repartition changes a table that was made without Options.Partition into one
// that has it, while the program goes on writing. Call it once, before New. Loggers
// that use the table at the time go on, in this process and in others; their
// WriteTx fails until they are opened again, with the option.
//
// The table becomes the partition that is open to the past, and no event is copied.
// An index for the new key and a check of every time are made beforehand, without
// holding writers up, which takes about as long as VACUUM; Options.Logger is told
// of each step. An event dated two periods or more ahead of now is refused
// meanwhile. The change itself takes a moment, and waits for long transactions on
// the table. If Repartition fails or is interrupted, call it again.
func Repartition(ctx context.Context, db *gorm.DB, opts *Options) error {
	o, err := opts.check()
	if err != nil {
		return err
	}
	if o.Partition == Unpartitioned {
		return errors.New("postgres: Repartition needs Options.Partition to say into what")
	}
	if db == nil || db.Config == nil || db.Dialector == nil {
		return errors.New("postgres: nil *gorm.DB; open it with gorm.Open first")
	}
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("postgres: the handle has no *sql.DB to work with: %w", err)
	}
	r := &repartition{&partitions{db: pool, table: o.Table, period: o.Partition, log: o.Logger, now: o.now}, &o}
	if err := r.run(ctx); err != nil {
		return fmt.Errorf("postgres: repartition %s: %w%s", o.Table, err, hint(err))
	}
	return nil
}

type repartition struct {
	*partitions
	opts *Options
}

func (r *repartition) run(ctx context.Context) error {
	var kind sql.NullString
	if err := r.db.QueryRowContext(ctx, "SELECT (SELECT relkind::text FROM pg_class WHERE oid = to_regclass("+literal(quote(r.table))+"))").Scan(&kind); err != nil {
		return err
	}
	switch kind.String {
	case "p":
		return nil // done already
	case "":
		return errors.New("there is no such table: New makes it with partitions")
	}
	boundary := r.period.next(r.period.next(r.now()))
	table, key, within := quote(r.table), r.table+"_past_pkey", "syslog_before"
	steps := []struct{ what, sql string }{
		{"remove what an interrupted run left", "DROP INDEX CONCURRENTLY IF EXISTS " + quote(key)},
		{"build the index of the new key", "CREATE UNIQUE INDEX CONCURRENTLY " + bare(key) + " ON " + table + " (id, created_at)"},
		{"have new events be within the bounds", "ALTER TABLE " + table + " DROP CONSTRAINT IF EXISTS " + within +
			", ADD CONSTRAINT " + within + " CHECK (created_at < " + timeLiteral(boundary) + ") NOT VALID"},
		{"check that all events are within the bounds", "ALTER TABLE " + table + " VALIDATE CONSTRAINT " + within},
	}
	for _, step := range steps {
		start := time.Now()
		r.log.InfoContext(ctx, "syslog: repartition: "+step.what, "table", r.table)
		if _, err := r.db.ExecContext(ctx, step.sql); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
		r.log.InfoContext(ctx, "syslog: repartition: done", "table", r.table, "took", time.Since(start).Round(time.Millisecond))
	}
	err := r.alone(ctx, func(tx *sql.Tx) error { return r.swap(ctx, tx, boundary, key, within) })
	if err == nil {
		r.log.InfoContext(ctx, "syslog: repartition: the table has partitions now", "table", r.table)
	}
	return err
}

// swap puts a partitioned table in the place of the table, which becomes its first
// partition.
func (r *repartition) swap(ctx context.Context, tx *sql.Tx, boundary time.Time, key, within string) error {
	table, old := quote(r.table), past(r.table, boundary)
	if _, err := tx.ExecContext(ctx, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE"); err != nil {
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
		stmts = append(stmts, "ALTER INDEX "+quote(schema+index)+" RENAME TO "+bare(index+"_past"))
	}
	made, err := r.parent()
	if err != nil {
		return err
	}
	stmts = append(append(stmts, made...), old.attach(r.table), "ALTER TABLE "+old.name+" DROP CONSTRAINT "+within)
	at := boundary
	for range ahead {
		part := between(r.table, at, r.period.next(at))
		stmts = append(stmts, part.create(r.table))
		at = part.to
	}
	return execAll(ctx, tx, append(stmts, future(r.table, at).create(r.table)))
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
