package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// within is the constraint by which the database knows that the table's events are
// all before the first new partition.
const within = "syslog_before"

// unbound is the statement that removes it.
func unbound(table string) string {
	return "ALTER TABLE " + quote(table) + " DROP CONSTRAINT IF EXISTS " + within
}

// leftovers are what a Repartition left whose process was killed: the constraint,
// which would refuse events from some day on, and the index of the new key, finished
// or not, which every insert pays for.
type leftovers struct {
	db   *sql.DB
	opts *Options
}

// remove removes them, unless a Repartition is at work, whose they are. It does not
// wait for that, nor for long transactions.
func (l *leftovers) remove(ctx context.Context) {
	table := literal(quote(l.opts.Table)) + "::regclass"
	var there bool
	schema, err := home(ctx, l.db, l.opts.Table)
	if err == nil {
		err = l.db.QueryRowContext(ctx, "SELECT CASE WHEN EXISTS (SELECT FROM pg_constraint WHERE conname = "+literal(within)+" AND conrelid = "+table+
			") OR EXISTS (SELECT FROM pg_index WHERE indrelid = "+table+" AND indexrelid = to_regclass("+literal(quote(l.opts.Table+newKey))+
			")) THEN "+l.sole(schema)+" ELSE false END").Scan(&there)
	}
	if err == nil && there {
		err = (&partitions{db: l.db, table: l.opts.Table}).alone(ctx, func(tx *sql.Tx) error { return l.drop(ctx, tx, schema) })
	}
	if err != nil {
		l.opts.Logger.WarnContext(ctx, "syslog: an interrupted Repartition left a constraint that will refuse events, or an index that costs inserts: call Repartition again, or run "+
			strings.Join(l.drops(), "; "), "error", plain(err))
	}
}

func (l *leftovers) drop(ctx context.Context, tx *sql.Tx, schema string) error {
	var sole bool
	if err := tx.QueryRowContext(ctx, "SELECT "+l.sole(schema)).Scan(&sole); err != nil || !sole {
		return err
	}
	return execAll(ctx, tx, l.drops())
}

// drops are the statements that remove them. Both need the table for a moment, so
// that nothing is gained by removing the index concurrently, which waits for long.
func (l *leftovers) drops() []string {
	return []string{unbound(l.opts.Table), "DROP INDEX IF EXISTS " + quote(l.opts.Table+newKey)}
}

// sole is the expression that takes the lock of a Repartition, for the transaction,
// or is false.
func (l *leftovers) sole(schema string) string {
	return fmt.Sprintf("pg_try_advisory_xact_lock(%d)", tableLock(schema, l.opts.Table, repartitionLock))
}
