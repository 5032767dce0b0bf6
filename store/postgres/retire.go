package postgres

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

const (
	// minEmptied is from how many expired events on a partition is emptied as a
	// whole: fewer are deleted one by one as fast.
	minEmptied = 10_000
	// maxPutBack is how many events that stay are put back then. It takes some
	// milliseconds for each thousand, in which the partition is not read.
	maxPutBack = 20_000
	// maxMoved is how many of them are moved to the partition before when theirs
	// is dropped, in which time nobody writes.
	maxMoved = 1_000
)

// deleted is called with what was deleted of a level.
type deleted = func(l syslog.LogLevel, n int64) error

// expire is the Expire of the store's dialect: it deletes from partitions whose
// events of a level, or all of them, are expired. Whatever keeps it from doing so is told
// of, and what is left is deleted row by row: a trigger, a key or a time limit of the
// host's must not end retention for ever.
func (p *partitions) expire(ctx context.Context, e store.Expiry, done deleted) error {
	err := p.retire(ctx, e, done)
	var stop stopped
	switch {
	case err == nil || prevented(err):
		return nil
	case errors.As(err, &stop):
		return stop.error
	case ctx.Err() != nil:
		return err
	}
	p.log.WarnContext(ctx, "syslog: partitions cannot be dropped or emptied: their events are deleted row by row", "table", p.table, "error", plain(err))
	return nil
}

// stopped is an error of done's: the cleanup is over.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// retire deletes what it can of partitions at once.
//
// A partition in which no level stays is dropped; the few events in it that stay
// for ever go to the one before, which takes over its time, so that late events
// have a place. From others events go by TRUNCATE, behind which those that stay are
// put back. Both give the space back, and nobody who writes new events waits but
// for the moment in which partitions change. What is not worth it, or what a long
// transaction prevents, or the role may not do, is left to be deleted row by row.
func (p *partitions) retire(ctx context.Context, e store.Expiry, done deleted) error {
	all, err := p.list(ctx, p.db)
	if err != nil {
		return err
	}
	p.sweepUp(ctx)
	for i := 1; i < len(all); {
		levels := gone(e, all[i])
		if !p.over(all[i]) || len(levels) == 0 || len(levels) < len(e) {
			break
		}
		dropped, err := p.drop(ctx, all[i-1], all[i], levels, done)
		if err != nil {
			return err
		}
		if !dropped {
			i++ // it stays, and may take over what comes behind
			continue
		}
		all[i-1].to = all[i].to
		all = slices.Delete(all, i, i+1)
	}
	if p.distributed {
		return nil
	}
	for _, part := range all {
		if levels := gone(e, part); p.over(part) && len(levels) > 0 {
			err := p.empty(ctx, part, levels, done)
			if err != nil && !errors.Is(err, errTooMany) {
				return err // nor would it go with the next one
			}
		}
	}
	return nil
}

// over reports whether a partition's time is over.
func (p *partitions) over(part partition) bool {
	return !part.to.IsZero() && !p.now().Before(part.to)
}

// errTooMany says that more events stay than are put back.
var errTooMany = errors.New("too many events stay")

// prevented reports whether an error only means that rows are deleted one by one:
// a long transaction is in the way, or the role may not.
func prevented(err error) bool {
	return isState(err, lockNotAvailable) || isState(err, deadlockDetected) || isState(err, notAllowed)
}

// gone are the levels of which all of a partition's events are expired.
func gone(e store.Expiry, part partition) (levels []syslog.LogLevel) {
	for _, l := range syslog.Levels() {
		if last, finite := e[l]; finite && !last.Before(part.to.Add(-time.Millisecond)) {
			levels = append(levels, l)
		}
	}
	return levels
}

// empty deletes the events of some levels from a partition.
func (p *partitions) empty(ctx context.Context, part partition, levels []syslog.LogLevel, done deleted) error {
	var enough bool
	if err := p.db.QueryRowContext(ctx, "SELECT COUNT(*) = $1 FROM (SELECT FROM "+part.name+" WHERE "+in(levels)+" LIMIT $1) e", minEmptied).Scan(&enough); err != nil || !enough {
		return err
	}
	var counts map[syslog.LogLevel]int64
	err := p.alone(ctx, func(tx *sql.Tx) error {
		counts = map[syslog.LogLevel]int64{}
		if _, err := tx.ExecContext(ctx, "LOCK TABLE "+part.name+" IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
		stay, err := p.count(ctx, tx, part, levels, counts)
		if err != nil {
			return err
		}
		if stay > maxPutBack {
			return errTooMany
		}
		return execAll(ctx, tx, []string{
			"CREATE TEMPORARY TABLE syslog_stay ON COMMIT DROP AS SELECT * FROM " + part.name + " WHERE NOT " + in(levels),
			"TRUNCATE " + part.name,
			"INSERT INTO " + part.name + " SELECT * FROM syslog_stay",
		})
	})
	if err != nil {
		return err
	}
	return report(counts, done)
}

// count adds to counts how many events of some levels a partition has, and returns
// how many others there are.
func (p *partitions) count(ctx context.Context, tx *sql.Tx, part partition, levels []syslog.LogLevel, counts map[syslog.LogLevel]int64) (stay int64, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT level, COUNT(*) FROM "+part.name+" GROUP BY level")
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return 0, err
		}
		// A level that nobody knows was put there by another program, and stays.
		if l, err := syslog.ParseLevel(name); err == nil && l.String() == name && slices.Contains(levels, l) {
			counts[l] += n
		} else {
			stay += n
		}
	}
	return stay, rows.Err()
}

// report tells of what is deleted, all of it, also if the cleanup is over with that.
func report(counts map[syslog.LogLevel]int64, done deleted) (err error) {
	for _, l := range syslog.Levels() {
		if counts[l] == 0 {
			continue
		}
		if over := done(l, counts[l]); over != nil && err == nil {
			err = stopped{over}
		}
	}
	return err
}

// in is the condition that an event is of one of these levels.
func in(levels []syslog.LogLevel) string {
	names := make([]string, len(levels))
	for i, l := range levels {
		names[i] = literal(l.String())
	}
	return "level IN (" + strings.Join(names, ", ") + ")"
}
