package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/callastar/syslog/store/postgres"
)

// Names of the sides that others are measured against.
const (
	ourLogger = "logger"
	ourTwo    = "two loggers"
	ourSix    = "logger, the original's six indexes"
	ourCopy   = "store, COPY"
	ourRetry  = "store, retry by unnest"
	ourAgain  = "store, second retry, as one"
)

// singles is how many rows those write that write each alone: their rate settles
// soon.
const singles = 5_000

// ingest is the comparison of ways into one table.
type ingest struct {
	*bench
	dsn   string // our table
	six   string // the table that Prisma makes
	rows  int
	files map[string]string // for psql, of what a logger made
}

func comparePostgres(ctx context.Context, b *bench) error {
	c, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer c.end()
	in := &ingest{bench: b, rows: b.rows, files: map[string]string{}}
	if in.dsn, err = c.database(ctx, "ours", ""); err != nil {
		return err
	}
	if in.six, err = c.database(ctx, "six", ""); err != nil {
		return err
	}
	if err := execute(ctx, in.six, prismaSQL); err != nil {
		return err
	}
	// The rivals write what a logger made: the same rows, in the same order.
	if _, err := in.log(ctx, in.dsn, nil, 1); err != nil {
		return err
	}
	if err := in.keep(ctx); err != nil {
		return err
	}
	sides := []side{
		in.side(ourLogger, b.rows, func(ctx context.Context) (time.Duration, error) { return in.log(ctx, in.dsn, nil, 1) }),
		in.side(ourTwo, b.rows, func(ctx context.Context) (time.Duration, error) { return in.log(ctx, in.dsn, nil, 2) }),
		in.side(ourSix, b.rows, func(ctx context.Context) (time.Duration, error) {
			return in.log(ctx, in.six, &postgres.Options{Layout: postgres.PrismaLayout}, 1)
		}),
		in.side(ourCopy, b.rows, func(ctx context.Context) (time.Duration, error) { return in.store(ctx, 0) }),
		in.side(ourRetry, b.rows, func(ctx context.Context) (time.Duration, error) { return in.store(ctx, 1) }),
		in.side(ourAgain, b.rows, func(ctx context.Context) (time.Duration, error) { return in.store(ctx, 2) }),
	}
	r := b.report
	for _, rival := range in.rivals() {
		sides = append(sides, in.side(rival.name, rival.rows, rival.write))
		r.compare(cmp.Or(rival.ours, ourLogger), rival.name, rival.least, 0)
	}
	r.compare(ourRetry, ourCopy, 0.6, 0)
	r.compare(ourAgain, ourCopy, 0.6, 0)
	r.compare(ourLogger, ourSix, 1.4, 0)
	r.compare(ourTwo, ourLogger, 0, 0)
	return b.takeTurns(ctx, sides)
}

// side empties the tables, has rows written, and looks whether they are there.
func (in *ingest) side(name string, rows int, write func(ctx context.Context) (time.Duration, error)) side {
	return side{name: name, again: true, run: func(ctx context.Context, round int) error {
		if err := execute(ctx, in.six, `TRUNCATE "Log"`); err != nil {
			return err
		}
		if err := execute(ctx, in.dsn, "TRUNCATE system_logs", "CHECKPOINT"); err != nil {
			return err
		}
		took, err := write(ctx)
		if err != nil {
			return err
		}
		dsn, table := in.dsn, "system_logs"
		if name == ourSix {
			dsn, table = in.six, `"Log"`
		}
		var there int
		if err := query(ctx, dsn, "SELECT count(*) FROM "+table+" WHERE jsonb_typeof(metadata) = 'object'", &there); err != nil {
			return err
		}
		if there != rows {
			return fmt.Errorf("%d rows in the table, want %d", there, rows)
		}
		in.report.add(round, name, "rows/s", perSecond(rows, took))
		return nil
	}}
}
