package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// maxShifted is how many events of the open partition are moved to ones of their own, in
// which time nobody writes: some milliseconds for each thousand.
const maxShifted = 10_000

// crowded reports whether the open partition has more events than that before a time: so
// it is where nobody made partitions for long, since the role may not, say.
func (p *partitions) crowded(ctx context.Context, last partition, before time.Time) (crowded bool, err error) {
	err = p.db.QueryRowContext(ctx, fmt.Sprintf("SELECT COUNT(*) > %d FROM (SELECT FROM %s WHERE created_at < %s LIMIT %d) e",
		maxShifted, last.name, timeLiteral(before), maxShifted+1)).Scan(&crowded)
	return crowded, err
}

// closeOff ends the open partition as it is, with all of its events, and makes another
// one behind it. What takes long, that the database looks at each row, comes before,
// while others write; events dated more than a period ahead are tried again until then.
func (p *partitions) closeOff(ctx context.Context, last partition, want time.Time) error {
	var newest sql.NullTime
	if err := p.db.QueryRowContext(ctx, "SELECT MAX(created_at) FROM "+last.name).Scan(&newest); err != nil {
		return err
	}
	now := p.now()
	end := p.period.next(p.period.next(now))
	if newest.Valid && !newest.Time.Before(end) {
		end = p.period.next(newest.Time)
	}
	if longest := p.period.next(now).Sub(p.period.start(now)) * maxGap; end.Sub(now) > longest {
		return fmt.Errorf("partition %s has millions of events, and some of %s: delete those that are dated so far ahead, for it to be closed",
			last, newest.Time.UTC().Format(time.DateOnly))
	}
	closed := between(p.table, last.from, end)
	bound := fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s, ADD CONSTRAINT %s CHECK (created_at >= %s AND created_at < %s) NOT VALID",
		last.name, within, within, timeLiteral(closed.from), timeLiteral(closed.to))
	if err := p.alone(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{bound}) }); err != nil {
		return err
	}
	_, err := p.db.ExecContext(ctx, "ALTER TABLE "+last.name+" VALIDATE CONSTRAINT "+within)
	if err == nil {
		err = p.alone(ctx, func(tx *sql.Tx) error {
			all, err := p.list(ctx, tx)
			if err != nil {
				return err
			}
			if now := all[len(all)-1]; now.name != last.name || !now.from.Equal(last.from) {
				return nil // another process was faster
			}
			return p.together(ctx, tx, p.replace(last, closed, want))
		})
	}
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		_, _ = p.db.ExecContext(ctx, "ALTER TABLE IF EXISTS "+last.name+" DROP CONSTRAINT IF EXISTS "+within) // else the next round does
	}
	return err
}

// replace are the statements that make the open partition a closed one, and those behind
// it. The constraint spares the database to look at the rows again.
func (p *partitions) replace(last, closed partition, want time.Time) []string {
	stmts := []string{
		last.detach(p.table),
		"ALTER TABLE " + last.name + " RENAME TO " + bare(p.table+closed.from.UTC().Format(dayFormat)),
		closed.attach(p.table),
		"ALTER TABLE " + closed.name + " DROP CONSTRAINT " + within,
	}
	at := closed.to
	for at.Before(want) {
		stmts = append(stmts, between(p.table, at, p.period.next(at)).create(p.table))
		at = p.period.next(at)
	}
	return append(stmts, future(p.table, at).create(p.table))
}
