package postgres

import (
	"context"
	"database/sql"
	"errors"
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
// Where another process does the same it is left to that one.
func (p *partitions) closeOff(ctx context.Context, last partition, want time.Time) error {
	return (&locker{db: p.db, table: p.table}).spare(ctx, "close", func() error {
		closed, err := p.ending(ctx, last)
		if err != nil {
			return err
		}
		err = p.close(ctx, last, closed, want)
		if errors.Is(err, errChanged) {
			return nil
		}
		if err != nil {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
			defer cancel()
			_ = p.still(ctx, last, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{unboundPart(last)}) }) // else the next round does
		}
		return err
	})
}

// ending is the open partition with its end to come: behind every event in it, and far
// enough ahead for new ones to be within.
func (p *partitions) ending(ctx context.Context, last partition) (closed partition, err error) {
	var newest sql.NullInt64
	if err := p.db.QueryRowContext(ctx, "SELECT floor(EXTRACT(EPOCH FROM MAX(created_at)))::bigint FROM "+last.name).Scan(&newest); err != nil {
		return closed, err
	}
	now := p.now()
	end := p.period.next(p.period.next(now))
	if at := time.Unix(newest.Int64, 0).UTC(); newest.Valid && !at.Before(end) {
		end = p.period.next(at)
	}
	if longest := p.period.next(now).Sub(p.period.start(now)) * maxGap; end.Sub(now) > longest {
		return closed, fmt.Errorf("partition %s has more than %d events, and some of %s: delete those that are dated so far ahead, for it to be closed",
			last, maxShifted, time.Unix(newest.Int64, 0).UTC().Format(time.DateOnly))
	}
	return between(p.table, last.from, end), nil
}

// close has the bounds proved, and changes the partitions. Nothing is done with an open
// partition that is not the one that was looked at: the bounds would refuse events there.
func (p *partitions) close(ctx context.Context, last, closed partition, want time.Time) error {
	bound := fmt.Sprintf("%s, ADD CONSTRAINT %s CHECK (created_at >= %s AND created_at < %s) NOT VALID",
		unboundPart(last), within, timeLiteral(closed.from), timeLiteral(closed.to))
	if err := p.still(ctx, last, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{bound}) }); err != nil {
		return err
	}
	if _, err := p.db.ExecContext(ctx, "ALTER TABLE "+last.name+" VALIDATE CONSTRAINT "+within); err != nil {
		return err
	}
	return p.still(ctx, last, func(tx *sql.Tx) error {
		var proved bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = "+literal(within)+
			" AND conrelid = "+literal(last.name)+"::regclass AND convalidated)").Scan(&proved)
		if err != nil {
			return err
		}
		if !proved { // or the database would look at each row now
			return errChanged
		}
		return p.together(ctx, tx, p.replace(last, closed, want))
	})
}

// errChanged is that another process is changing the open partition, or has done so.
var errChanged = errors.New("another process is changing the open partition")

// still is alone, for as long as this is the open partition.
func (p *partitions) still(ctx context.Context, last partition, f func(tx *sql.Tx) error) error {
	return p.alone(ctx, func(tx *sql.Tx) error {
		all, err := p.list(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			return errChanged
		}
		if now := all[len(all)-1]; now.name != last.name || !now.from.Equal(last.from) {
			return errChanged
		}
		return f(tx)
	})
}

// unboundPart begins a change of a partition's constraints without the bounds.
func unboundPart(part partition) string {
	return "ALTER TABLE " + part.name + " DROP CONSTRAINT IF EXISTS " + within
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
