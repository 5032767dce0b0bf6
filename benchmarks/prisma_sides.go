package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/callastar/syslog/store/postgres"
)

// ourOriginal is a logger that writes to the table that Prisma writes to.
const ourOriginal = "logger, the original's table"

// prismaWays are how the application that this library comes from writes, and how it
// could. Those that are slow write fewer rows: their rate settles soon.
var prismaWays = []struct {
	name, way string
	rows      int
	least     float64
}{
	{"Prisma create, awaited", "awaited", 5_000, 50},
	{"Prisma create, awaited, prepared", "prepared", 5_000, 0},
	{"Prisma create, 50 at a time", "fifty", 10_000, 0},
	{"Prisma createMany(1000)", "many", 50_000, 0},
}

// stack is the comparison with the application that this library comes from.
type stack struct {
	*ingest
	app  string // the folder of the program for Node
	text string // the events for it
}

func comparePrisma(ctx context.Context, b *bench) error {
	app, err := installPrisma(ctx, b)
	var lacks *missing
	if err != nil && !errors.As(err, &lacks) {
		return err
	}
	c, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer c.end()
	st := &stack{&ingest{bench: b, rows: b.rows}, app, filepath.Join(b.dir, "events")}
	if st.dsn, err = c.database(ctx, "prisma", ""); err != nil {
		return err
	}
	if err := st.prepare(ctx); err != nil {
		return err
	}
	sides := []side{
		st.side(ourLogger, b.rows, `system_logs`, func(ctx context.Context) (time.Duration, error) { return st.log(ctx, st.dsn, nil, 1) }),
		st.side(ourOriginal, b.rows, `"Log"`, func(ctx context.Context) (time.Duration, error) {
			return st.log(ctx, st.dsn, &postgres.Options{Layout: postgres.PrismaLayout}, 1)
		}),
	}
	b.report.compare(ourLogger, ourOriginal, 0, 0)
	if lacks != nil {
		note := fmt.Sprintf("skipped: Prisma: %s", lacks.what)
		fmt.Fprintln(b.progress, note)
		b.report.notes = append(b.report.notes, note)
		return b.takeTurns(ctx, sides)
	}
	for _, w := range prismaWays {
		n := min(w.rows, b.rows)
		sides = append(sides, st.side(w.name, n, `"Log"`, func(ctx context.Context) (time.Duration, error) { return st.node(ctx, w.way, n) }))
		b.report.compare(ourLogger, w.name, w.least, 0)
		b.report.compare(ourOriginal, w.name, w.least, 0)
	}
	if err := st.describeNode(ctx); err != nil {
		return err
	}
	return b.takeTurns(ctx, sides)
}

// What rows of both tables and of the kept ones have in common: everything but the
// ID and the time.
var prismaSelect = map[string]string{
	"system_logs": "SELECT level, type, actor, actor_id, message, metadata FROM system_logs",
	`"Log"`:       `SELECT level::text, type, actor::text, "actorId", message, metadata FROM "Log"`,
}

// prepare makes both tables, has a logger record the events, and keeps them for
// Prisma and for the check.
func (st *stack) prepare(ctx context.Context) error {
	if err := execute(ctx, st.dsn, prismaSQL); err != nil {
		return err
	}
	if _, err := st.log(ctx, st.dsn, nil, 1); err != nil {
		return err
	}
	if err := execute(ctx, st.dsn, "CREATE TABLE kept AS SELECT row_number() OVER (ORDER BY created_at, id) AS n, * FROM system_logs", "ANALYZE kept"); err != nil {
		return err
	}
	return st.export(ctx)
}

// side empties the tables, has rows written, and looks whether they are those that
// the logger made.
func (st *stack) side(name string, rows int, table string, write func(ctx context.Context) (time.Duration, error)) side {
	return side{name: name, again: true, run: func(ctx context.Context, round int) error {
		if err := execute(ctx, st.dsn, `TRUNCATE system_logs, "Log"`, "CHECKPOINT"); err != nil {
			return err
		}
		took, err := write(ctx)
		if err != nil {
			return err
		}
		var there, wrong int
		if err := query(ctx, st.dsn, fmt.Sprintf(`SELECT (SELECT count(*) FROM %s), (SELECT count(*) FROM (%s EXCEPT ALL
			SELECT level, type, actor, actor_id, message, metadata FROM kept WHERE n <= %d) other)`, table, prismaSelect[table], rows), &there, &wrong); err != nil {
			return err
		}
		if there != rows || wrong > 0 {
			return fmt.Errorf("%d rows in the table, want %d; %d are not as they should be", there, rows, wrong)
		}
		st.report.add(round, name, "rows/s", perSecond(rows, took))
		return nil
	}}
}
