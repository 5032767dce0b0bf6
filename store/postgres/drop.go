package postgres

import (
	"context"
	"database/sql"
	"strings"

	"github.com/callastar/syslog"
)

// drop drops a partition, and has the one before it reach to its end. It does not
// if too many events stay in it.
//
// The table as a whole is locked while partitions change hands, which takes some
// milliseconds; what takes longer comes before and behind.
func (p *partitions) drop(ctx context.Context, before, part partition, levels []syslog.LogLevel, done deleted) (dropped bool, err error) {
	longer := partition{before.name, before.from, part.to}
	if err := p.prove(ctx, longer); err != nil {
		return false, err
	}
	var counts map[syslog.LogLevel]int64
	gone := p.table + rubbish + part.from.UTC().Format("20060102")
	err = p.alone(ctx, func(tx *sql.Tx) error {
		counts, dropped = map[syslog.LogLevel]int64{}, false
		// Late events wait, so that what is counted is what is deleted.
		if _, err := tx.ExecContext(ctx, "LOCK TABLE "+part.name+" IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		stay, err := p.count(ctx, tx, part, levels, counts)
		if err != nil || stay > maxMoved || stay > 0 && p.distributed {
			return err
		}
		stmts := []string{before.detach(p.table), part.detach(p.table)}
		if stay > 0 {
			stmts = append(stmts, "INSERT INTO "+before.name+" SELECT * FROM "+part.name+" WHERE NOT "+in(levels))
		}
		dropped = true
		return p.together(ctx, tx, append(stmts, longer.attach(p.table),
			"ALTER TABLE "+before.name+" DROP CONSTRAINT IF EXISTS "+proof,
			"ALTER TABLE "+part.name+" RENAME TO "+bare(gone)))
	})
	if err != nil || !dropped {
		return false, err
	}
	err = report(counts, done)
	p.sweepUp(ctx, part.schema()+"."+bare(gone))
	return true, err
}

// sweepUp is sweep, whose failure ends nothing: what is left goes the next time.
func (p *partitions) sweepUp(ctx context.Context, also ...string) {
	if err := p.sweep(ctx, also); err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "syslog: tables that were partitions are left: drop them, or let this role do it", "table", p.table, "error", plain(err))
	}
}

// rubbish is in the names of tables that were partitions, and are to be dropped.
const rubbish = "_gone"

// sweep drops them, also those that an interrupted cleanup left behind in the schemas of
// the table and its partitions.
func (p *partitions) sweep(ctx context.Context, also []string) error {
	_, name, found := strings.Cut(p.table, ".")
	if !found {
		name = p.table
	}
	tables, err := names(ctx, p.db, `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind = 'r' AND NOT c.relispartition AND c.relname ~ `+literal("^"+name+rubbish+"[0-9]{8}$")+`
			AND n.oid IN (SELECT relnamespace FROM pg_class WHERE oid = `+literal(quote(p.table))+`::regclass
				OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = `+literal(quote(p.table))+`::regclass))`)
	if err != nil {
		return err
	}
	for _, table := range append(also, tables...) {
		if _, err := p.db.ExecContext(ctx, "DROP TABLE IF EXISTS "+table); err != nil {
			return err
		}
	}
	return nil
}

// proof is a constraint by which the database knows, without looking at each row,
// that a table's events are within the bounds that it is attached with.
const proof = "syslog_within"

// prove has a partition checked for bounds to come, while others use it.
func (p *partitions) prove(ctx context.Context, part partition) error {
	if p.distributed {
		return nil
	}
	cond := "created_at < " + timeLiteral(part.to)
	if !part.from.IsZero() {
		cond += " AND created_at >= " + timeLiteral(part.from)
	}
	err := p.alone(ctx, func(tx *sql.Tx) error {
		return execAll(ctx, tx, []string{"ALTER TABLE " + part.name + " DROP CONSTRAINT IF EXISTS " + proof +
			", ADD CONSTRAINT " + proof + " CHECK (" + cond + ") NOT VALID"})
	})
	if err != nil {
		return err
	}
	_, err = p.db.ExecContext(ctx, "ALTER TABLE "+part.name+" VALIDATE CONSTRAINT "+proof)
	return err
}
