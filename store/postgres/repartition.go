package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog/store"
	"gorm.io/gorm"
)

// Repartition changes a table that was made without Options.Partition into one
// that has it, while the program goes on writing. Call it before New. Loggers
// that use the table at the time go on, in this process and in others, until they
// are opened again, with the option. Several processes may call it at once: one
// does it, and the others wait until it is done. The handle must allow two
// connections.
//
// The table becomes the partition that is open to the past, and no event is copied.
// Its owner and what other roles may do are those of the table with partitions, too.
// What else the host put on it (triggers, policies, views of it, foreign keys,
// publications, indexes, columns) cannot go along: Repartition names what is there,
// and changes nothing. Its comment and its storage parameters stay with the old
// events.
//
// An index for the new key and a check of every time are made beforehand, without
// holding writers up, which takes about as long as VACUUM; Options.Logger is told
// of each step. An event dated more than a period ahead is tried again
// until it is over. The change itself takes a moment, and waits for long
// transactions on the table to end, until ctx ends. If it fails nothing is changed.
// If the process is killed meanwhile, New or another call removes what is left, the
// index and a constraint; where long transactions keep New from it, Options.Logger is
// told what to run.
func Repartition(ctx context.Context, db *gorm.DB, opts *Options) error {
	if ctx == nil {
		ctx = context.Background()
	}
	o, err := opts.check()
	if err != nil {
		return err
	}
	if o.Partition == Unpartitioned {
		return errors.New("postgres: Repartition needs Options.Partition to say into what")
	}
	if o.Distributed {
		return errors.New("postgres: Repartition does not work on a distributed table: make one with partitions, and move the events with INSERT … SELECT")
	}
	if db == nil || db.Config == nil || db.Dialector == nil {
		return errors.New("postgres: nil *gorm.DB; open it with gorm.Open first")
	}
	pool, err := db.DB()
	if err != nil {
		return fmt.Errorf("postgres: the handle has no *sql.DB to work with: %w", err)
	}
	r := &repartition{&partitions{db: pool, table: o.Table, period: o.Partition, log: o.Logger, now: o.now}, &o, db}
	if err := r.run(ctx); err != nil {
		return fmt.Errorf("postgres: repartition %s: %w%s", o.Table, plain(err), hint(err))
	}
	return nil
}

type repartition struct {
	*partitions
	opts *Options
	gorm *gorm.DB
}

// ours fails for a table that another program made.
func (r *repartition) ours(ctx context.Context) error {
	if err := store.CheckVersion(ctx, r.gorm, r.opts.common()); err != nil {
		return err
	}
	types, err := columnTypes(ctx, r.db, quote(r.table))
	if err != nil {
		return err
	}
	for _, name := range ownColumns {
		if types[name].kind == "" {
			return fmt.Errorf("column %s is missing: the library did not make this table; choose another with Options.Table", name)
		}
	}
	return nil
}

// done reports whether the table has partitions already.
func (r *repartition) done(ctx context.Context) (bool, error) {
	var kind sql.NullString
	if err := r.db.QueryRowContext(ctx, "SELECT (SELECT relkind::text FROM pg_class WHERE oid = to_regclass("+literal(quote(r.table))+"))").Scan(&kind); err != nil {
		return false, err
	}
	if kind.String == "" {
		return false, errors.New("there is no such table: New makes it with partitions")
	}
	return kind.String == "p", nil
}

func (r *repartition) run(ctx context.Context) error {
	if done, err := r.done(ctx); done || err != nil {
		return err
	}
	return r.sole(ctx, func(ctx context.Context) error {
		if done, err := r.done(ctx); done || err != nil {
			return err // by whom this one has waited for
		}
		if err := r.ours(ctx); err != nil {
			return err
		}
		if err := r.bereft(ctx, r.db); err != nil {
			return err
		}
		return r.work(ctx, r.table+newKey)
	})
}

// work begins to change things, and has them as they were if it fails.
func (r *repartition) work(ctx context.Context, key string) error {
	err := r.index(ctx, key)
	if err == nil {
		err = r.change(ctx, key)
	}
	if err == nil {
		return nil
	}
	if lost := context.Cause(ctx); errors.Is(lost, errLost) {
		return fmt.Errorf("%w; what is left of it is another one's by now, or is removed by New or the next call", lost)
	}
	return errors.Join(err, r.undo(context.WithoutCancel(ctx), key))
}

// newKey is behind the table's name in that of the index of the new key.
const newKey = "_past_pkey"

// index builds it.
func (r *repartition) index(ctx context.Context, key string) error {
	if err := r.step(ctx, "remove what an interrupted run left", func() error {
		return r.exec(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+quote(key))
	}); err != nil {
		return err
	}
	return r.step(ctx, "build the index of the new key", func() error {
		return r.exec(ctx, "CREATE UNIQUE INDEX CONCURRENTLY "+bare(key)+" ON "+quote(r.table)+" (id, created_at)")
	})
}

// undo has the table as it was: nothing may be left that refuses events once their
// time is beyond the bounds.
func (r *repartition) undo(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*stopTime)
	defer cancel()
	if err := r.alone(ctx, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{unbound(r.table)}) }); err != nil {
		return fmt.Errorf("the constraint %s may be left, and would refuse later events: call New or Repartition again, or run %s: %w", within, unbound(r.table), err)
	}
	if err := r.exec(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+quote(key)); err != nil {
		return fmt.Errorf("the index %s is left, which costs inserts: call New or Repartition again, or drop it: %w", key, err)
	}
	return nil
}

// errUnbound is that the constraint has gone since it was made or checked, by
// somebody's hand.
var errUnbound = errors.New("the constraint " + within + " is not there any more: leave it alone until Repartition is done")

// change has the bounds checked, and swaps the tables. Without the proof of the
// bounds the swap would read the whole table while nobody can use it; so it begins
// again if that is gone.
func (r *repartition) change(ctx context.Context, key string) (err error) {
	for range boundTries {
		boundary := r.period.next(r.period.next(r.now()))
		if err = r.bind(ctx, boundary); err == nil {
			err = r.step(ctx, "put the partitioned table in its place", func() error {
				return r.patiently(ctx, boundary, func(tx *sql.Tx) error { return r.swap(ctx, tx, boundary, key) })
			})
		}
		if !errors.Is(err, errUnbound) {
			return err
		}
	}
	return err
}

// boundTries is how often the bounds are proved.
const boundTries = 3

// bind has the database prove that all events are before the boundary.
func (r *repartition) bind(ctx context.Context, boundary time.Time) error {
	bound := unbound(r.table) + ", ADD CONSTRAINT " + within + " CHECK (created_at < " + timeLiteral(boundary) + ") NOT VALID"
	if err := r.step(ctx, "have new events be within the bounds", func() error {
		return r.patiently(ctx, boundary, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{bound}) })
	}); err != nil {
		return err
	}
	return r.step(ctx, "check that all events are within the bounds", func() error {
		err := r.exec(ctx, "ALTER TABLE "+quote(r.table)+" VALIDATE CONSTRAINT "+within)
		if isState(err, undefinedObject) {
			return errUnbound
		}
		return err
	})
}

// undefinedObject is the SQLSTATE of a constraint, among others, that is not there.
const undefinedObject = "42704"

// bound fails if the bounds are not proved, with the table locked.
func (r *repartition) bound(ctx context.Context, tx *sql.Tx) error {
	var proved bool
	err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_constraint WHERE conname = "+literal(within)+
		" AND conrelid = "+literal(quote(r.table))+"::regclass AND convalidated)").Scan(&proved)
	if err == nil && !proved {
		return errUnbound
	}
	return err
}

// patiently waits for transactions that hold the table, with pauses for those who
// wait behind, until ctx ends or the bounds come near.
func (r *repartition) patiently(ctx context.Context, boundary time.Time, f func(tx *sql.Tx) error) error {
	for {
		err := r.alone(ctx, f)
		if !isState(err, lockNotAvailable) && !isState(err, deadlockDetected) {
			return err
		}
		if ctx.Err() != nil || r.now().After(boundary.Add(-time.Hour)) {
			return err
		}
		r.log.WarnContext(ctx, "syslog: repartition: waiting for long transactions on the table to end", "table", r.table)
	}
}

// step does something that may take long, and says so.
func (r *repartition) step(ctx context.Context, what string, do func() error) error {
	start := time.Now()
	r.log.InfoContext(ctx, "syslog: repartition: "+what, "table", r.table)
	if err := do(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	r.log.InfoContext(ctx, "syslog: repartition: done", "table", r.table, "took", time.Since(start).Round(time.Millisecond))
	return nil
}

func (r *repartition) exec(ctx context.Context, stmt string) error {
	_, err := r.db.ExecContext(ctx, stmt)
	return err
}
