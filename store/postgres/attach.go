package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/callastar/syslog/store"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// attach makes the store on a handle.
func attach(ctx context.Context, db *gorm.DB, read *sql.DB, closers []func() error, o *Options) (*store.Store, error) {
	if _, tx := db.Statement.ConnPool.(gorm.TxCommitter); tx {
		return store.New(db, nil) // which says what is wrong with that
	}
	write, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("the handle has no *sql.DB to work with: %w", err)
	}
	driver, err := inspect(ctx, write)
	if err != nil {
		return nil, err
	}
	l := o.layout()
	if err := fits(ctx, write, l, o); err != nil {
		return nil, err
	}
	d := l.dialect(o)
	d.Verdict, d.Plain = l.verdict, plain
	if d.ByPlace, err = hasPlaces(ctx, write, o); err != nil {
		return nil, err
	}
	if o.Layout == PrismaLayout {
		d.Lock = (&locker{db: write, table: o.Table}).lock
	}
	if driver.pgx {
		d.AnyID = true
		d.Write = newWriter(quote(o.Table), l, driver.simple).write
		if !driver.simple {
			// A plan for any value walks the whole table for rare text: see
			// docs/DESIGN.md. Statements without a name are planned for theirs.
			d.QueryArgs = []any{pgx.QueryExecModeCacheDescribe}
		}
	}
	d.Expire = func(ctx context.Context, _ store.Expiry, _ deleted) error {
		analyze(ctx, write, o.Table)
		return nil
	}
	up := upkeep{log: o.Logger, tick: o.tick}
	var parts *partitions
	if o.Partition != Unpartitioned && !driver.readOnly {
		parts = &partitions{db: write, table: o.Table, period: o.Partition, distributed: o.Distributed, log: o.Logger, now: o.now, pgx: driver.pgx}
		d.Expire = func(ctx context.Context, e store.Expiry, done deleted) error {
			err := parts.expire(ctx, e, done)
			analyze(ctx, write, o.Table) // what is left of it
			return err
		}
		up.tasks = append(up.tasks, parts.ahead)
	}
	if o.Trigram && !driver.readOnly {
		if t := (&trigrams{write, o.Table, parts, o.Logger}); t.allowed(ctx) {
			up.tasks = append(up.tasks, t.build)
		}
	}
	if len(up.tasks) > 0 {
		closers = append([]func() error{up.stop}, closers...)
	}
	s, err := store.Open(ctx, db, store.Handles{Read: read, Dialect: &d, Close: closers}, o.common())
	if err != nil {
		return nil, err
	}
	if len(up.tasks) > 0 {
		up.start()
	}
	return s, nil
}

// fits says why the table that is there, or the server, does not go with the
// options.
func fits(ctx context.Context, db *sql.DB, l *layout, o *Options) error {
	if o.Layout == PrismaLayout {
		return l.prisma(ctx, db, o)
	}
	var kind sql.NullString
	if err := db.QueryRowContext(ctx, "SELECT (SELECT relkind::text FROM pg_class WHERE oid = to_regclass("+literal(quote(o.Table))+"))").Scan(&kind); err != nil {
		return err
	}
	switch {
	case kind.String == "p" && o.Partition == Unpartitioned:
		return fmt.Errorf("table %s is partitioned: set Options.Partition", quote(o.Table))
	case kind.Valid && kind.String != "p" && o.Partition != Unpartitioned:
		return fmt.Errorf("table %s is there already and has no partitions: call postgres.Repartition once, or leave Options.Partition off", quote(o.Table))
	}
	if kind.String == "r" {
		(&leftovers{db, o}).remove(ctx)
	}
	if !o.Distributed {
		return nil
	}
	var citus bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").Scan(&citus); err != nil {
		return err
	}
	if !citus {
		return errors.New("Options.Distributed needs the extension citus, which this database lacks: connect to the coordinator of a Citus cluster and run CREATE EXTENSION citus there, or leave the option off")
	}
	return nil
}

// hasPlaces reports whether a statement may name the table's rows by ctid and tableoid.
// A view has none, and where Citus is those of one node mean others on the next: it
// may have distributed the table behind our back.
func hasPlaces(ctx context.Context, db *sql.DB, o *Options) (ok bool, err error) {
	if o.Partition != Unpartitioned || o.Distributed {
		return false, nil
	}
	err = db.QueryRowContext(ctx, "SELECT NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AND"+
		" COALESCE((SELECT relkind = 'r' FROM pg_class WHERE oid = to_regclass("+literal(quote(o.Table))+")), true)").Scan(&ok)
	return ok, err
}

// driver is what a handle's connections are. On a read-only one, as of a replica,
// there is nothing to look after.
type driver struct{ pgx, simple, readOnly bool }

// inspect looks at a connection, which also shows whether there is one to be had.
func inspect(ctx context.Context, db *sql.DB) (d driver, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return d, err
	}
	defer func() { _ = conn.Close() }()
	err = conn.Raw(func(dc any) error {
		if c, ok := dc.(interface{ Conn() *pgx.Conn }); ok && c.Conn() != nil {
			d.pgx, d.simple = true, c.Conn().Config().DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	err = conn.QueryRowContext(ctx, "SELECT current_setting('transaction_read_only') = 'on'").Scan(&d.readOnly)
	return d, err
}
