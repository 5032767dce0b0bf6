package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"gorm.io/gorm"
)

// Repartition changes a table that was made without Options.Partition into one
// that has it, while the program goes on writing. Call it once, before New. Loggers
// that use the table at the time go on, in this process and in others, until they
// are opened again, with the option.
//
// The table becomes the partition that is open to the past, and no event is copied.
// An index for the new key and a check of every time are made beforehand, without
// holding writers up, which takes about as long as VACUUM; Options.Logger is told
// of each step. An event dated more than a period ahead is tried again
// until it is over. The change itself takes a moment, and waits for long
// transactions on the table to end, until ctx ends. If it fails nothing is changed.
// Of several processes that call it one does it, and the others wait for that. If the
// process is killed meanwhile another call removes what is left, and New at least what
// would refuse events.
//
// Owner and rights of the table are handed over. A table that has triggers, views,
// policies, keys or indexes of the host's is an error, which names them: they would stay
// behind with the old one. The handle must allow two connections at a time.
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
	err = r.only(ctx)
	if err != nil {
		return fmt.Errorf("postgres: repartition %s: %w%s", o.Table, plain(err), hint(err))
	}
	return nil
}

// only runs it while no other process does: that would remove what this one builds. Who
// waited finds that it is done.
func (r *repartition) only(ctx context.Context) error {
	l := &locker{db: r.db, table: r.table}
	for said := false; ; said = true {
		held, err := l.lock(ctx, repartitionLock)
		if err == nil {
			return errors.Join(r.run(ctx), held.Release(ctx))
		}
		if !errors.Is(err, syslog.ErrCleanupRunning) {
			return err
		}
		if !said {
			r.log.InfoContext(ctx, "syslog: repartition: waiting for another process that is at it", "table", r.table)
		}
		if err := pause(ctx, lockPause); err != nil {
			return fmt.Errorf("another process is at it: %w", err)
		}
	}
}

// repartitionLock is the name of its lock.
const repartitionLock = "repartition"

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
	for _, name := range []string{"id", "level", "type", "actor", "actor_id", "message", "metadata", "created_at"} {
		if types[name].kind == "" {
			return fmt.Errorf("column %s is missing: the library did not make this table; choose another with Options.Table", name)
		}
	}
	return nil
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
	if err := r.ours(ctx); err != nil {
		return err
	}
	if err := r.strange(ctx); err != nil {
		return err
	}
	key := r.table + "_past_pkey"
	err := r.index(ctx, key)
	for try := 0; err == nil; try++ {
		if err = r.change(ctx, key); !errors.Is(err, errUnbound) || try == lockTries {
			break
		}
		err = nil
	}
	if err == nil {
		return nil
	}
	return errors.Join(err, r.undo(context.WithoutCancel(ctx), key))
}

// index builds the index of the new key.
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
		return fmt.Errorf("the index %s is left, which costs inserts: call Repartition again, or drop it: %w", key, err)
	}
	return nil
}

// within is the constraint by which the database knows that the table's events are
// all before the first new partition.
const within = "syslog_before"

// unbound is the statement that removes it.
func unbound(table string) string {
	return "ALTER TABLE " + quote(table) + " DROP CONSTRAINT IF EXISTS " + within
}

// change has the bounds checked, and swaps the tables.
func (r *repartition) change(ctx context.Context, key string) error {
	boundary := r.period.next(r.period.next(r.now()))
	bound := unbound(r.table) + ", ADD CONSTRAINT " + within + " CHECK (created_at < " + timeLiteral(boundary) + ") NOT VALID"
	if err := r.step(ctx, "have new events be within the bounds", func() error {
		return r.patiently(ctx, boundary, func(tx *sql.Tx) error { return execAll(ctx, tx, []string{bound}) })
	}); err != nil {
		return err
	}
	if err := r.step(ctx, "check that all events are within the bounds", func() error {
		return r.exec(ctx, "ALTER TABLE "+quote(r.table)+" VALIDATE CONSTRAINT "+within)
	}); err != nil {
		return err
	}
	return r.step(ctx, "put the partitioned table in its place", func() error {
		return r.patiently(ctx, boundary, func(tx *sql.Tx) error { return r.swap(ctx, tx, boundary, key) })
	})
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
