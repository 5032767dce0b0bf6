package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Waiting for locks: a statement that waits for a lock holds up everybody who
// comes after it. So the wait is short, and there are several of them.
const (
	lockTimeout = "100ms"
	lockTries   = 15
	lockPause   = 100 * time.Millisecond
)

// SQLSTATEs of a wait that took too long, or for ever, and of a role that may not.
const (
	lockNotAvailable = "55P03"
	deadlockDetected = "40P01"
	notAllowed       = "42501"
)

// maxGap is how many partitions are made for a time in which nobody wrote; a
// longer one gets a single partition.
const maxGap = 62

// partitions looks after those of a table.
type partitions struct {
	db          *sql.DB
	table       string // as in Options
	period      Partition
	distributed bool
	log         *slog.Logger
	now         func() time.Time
	pgx         bool // the handle's connections are pgx's
}

// list returns the partitions, oldest first.
func (p *partitions) list(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}) (all []partition, err error) {
	// The bounds are text in the form of this session: in most of them the name of a zone is short, and read as another one's.
	rows, err := db.QueryContext(ctx, `WITH form AS MATERIALIZED (SELECT set_config('DateStyle', 'ISO', true) AS form)
		SELECT '"' || replace(n.nspname, '"', '""') || '"."' || c.relname || '"',
			(regexp_match(b.text, 'FROM \(''([^'']+)''\)'))[1]::timestamptz, (regexp_match(b.text, 'TO \(''([^'']+)''\)'))[1]::timestamptz
		FROM form, pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
			LATERAL (SELECT CASE WHEN form.form IS NOT NULL THEN pg_get_expr(c.relpartbound, c.oid) END AS text) b
		WHERE i.inhparent = `+literal(quote(p.table))+`::regclass ORDER BY 2 NULLS FIRST`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one partition
		var from, to sql.NullTime
		if err := rows.Scan(&one.name, &from, &to); err != nil {
			return nil, err
		}
		one.from, one.to = from.Time, to.Time
		all = append(all, one)
	}
	return all, rows.Err()
}

// alone runs f in a transaction of which there is one at a time for this table, in
// any process. It waits for locks only shortly, and tries again. Tables that f makes
// without naming a schema go to that of the table.
func (p *partitions) alone(ctx context.Context, f func(tx *sql.Tx) error) (err error) {
	for i := range lockTries {
		if i > 0 {
			if pauseErr := pause(ctx, lockPause); pauseErr != nil {
				return pauseErr
			}
		}
		if err = p.once(ctx, f); err == nil || !isState(err, lockNotAvailable) && !isState(err, deadlockDetected) {
			return err
		}
	}
	return fmt.Errorf("the table is in use by long transactions, tried %d times: %w", lockTries, err)
}

func (p *partitions) once(ctx context.Context, f func(tx *sql.Tx) error) error {
	// Each statement must see what was there when its lock was granted.
	tx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // says that it is done, once it is
	schema, err := home(ctx, tx, p.table)
	if err != nil {
		return err
	}
	if err := execAll(ctx, tx, []string{
		"SET LOCAL lock_timeout = '" + lockTimeout + "'", inside(schema, p.table),
		fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", tableLock(schema, p.table, "partitions")),
	}); err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// ahead makes the partitions that will soon be needed.
func (p *partitions) ahead(ctx context.Context) error {
	want := p.period.start(p.now())
	for range 1 + ahead {
		want = p.period.next(want)
	}
	all, err := p.list(ctx, p.db)
	if err != nil || len(all) == 0 || !all[len(all)-1].from.Before(want) {
		return err
	}
	if last := all[len(all)-1]; last.to.IsZero() && !last.from.IsZero() && !p.distributed {
		if crowded, err := p.crowded(ctx, last, want); err != nil {
			return err
		} else if crowded {
			return p.closeOff(ctx, last, want)
		}
	}
	return p.alone(ctx, func(tx *sql.Tx) error {
		all, err := p.list(ctx, tx)
		if err != nil {
			return err
		}
		last := all[len(all)-1]
		if last.from.IsZero() || !last.to.IsZero() {
			return fmt.Errorf("partition %s is not open to the future: attach one that is, FOR VALUES FROM (…) TO (MAXVALUE)", last)
		}
		if !last.from.Before(want) {
			return nil // another process was faster
		}
		return execAll(ctx, tx, p.split(last, want))
	})
}

// split are the statements that make partitions of the beginning of the last one,
// up to want, and move what is there already.
func (p *partitions) split(last partition, want time.Time) []string {
	stmts := []string{last.detach(p.table), unboundPart(last)} // which a closeOff left that was killed
	at := last.from
	if now := p.period.start(p.now()); now.Sub(at) > maxGap*p.period.next(now).Sub(now) {
		stmts = append(stmts, between(p.table, at, now).create(p.table))
		at = now
	}
	for at.Before(want) {
		next := p.period.next(at)
		stmts = append(stmts, between(p.table, at, next).create(p.table))
		at = next
	}
	rest := partition{last.name, at, time.Time{}}
	return append(stmts,
		"WITH moved AS (DELETE FROM "+last.name+" WHERE created_at < "+timeLiteral(at)+" RETURNING *) INSERT INTO "+quote(p.table)+" SELECT * FROM moved",
		rest.attach(p.table))
}

// together is execAll in one message where that is possible: everybody who writes waits
// for a lock that is held from statement to statement.
func (p *partitions) together(ctx context.Context, tx *sql.Tx, stmts []string) error {
	if !p.pgx {
		return execAll(ctx, tx, stmts)
	}
	_, err := tx.ExecContext(ctx, strings.Join(stmts, "; "), pgx.QueryExecModeSimpleProtocol)
	return err
}

func execAll(ctx context.Context, tx *sql.Tx, stmts []string) error {
	for _, stmt := range stmts {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
