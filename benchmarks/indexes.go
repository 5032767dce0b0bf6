package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// inserted is how many rows an insert is timed with.
const inserted = 200_000

// indexed is the comparison of index sets: a table for each, in one database.
type indexed struct {
	*bench
	dsn  string
	past history
	more int // rows of a timed insert
}

func compareIndexes(ctx context.Context, b *bench) error {
	c, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer c.end()
	x := &indexed{bench: b, more: min(inserted, max(1, b.rows/5)), past: pastMonth(b.rows)}
	if x.dsn, err = c.database(ctx, "indexes", ""); err != nil {
		return err
	}
	if err := execute(ctx, x.dsn, "CREATE EXTENSION pg_trgm"); err != nil {
		return err
	}
	var sides []side
	for i, s := range indexSets {
		if !b.wants(s.name) {
			continue
		}
		table := fmt.Sprintf("full_%d", i)
		if err := x.fill(ctx, s, table); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Fprintf(b.progress, "filled: %s\n", s.name)
		sides = append(sides, side{name: s.name, run: func(ctx context.Context, round int) error { return x.measure(ctx, round, s, table) }})
		x.compare(s)
	}
	if err := b.takeTurns(ctx, sides); err != nil {
		return err
	}
	b.report.notes = append(b.report.notes, x.markdown())
	return nil
}

// measure is a turn of a set: inserts into an empty table and into the full one,
// which grows by that, alike for every set, and then every query.
func (x *indexed) measure(ctx context.Context, round int, s indexSet, table string) error {
	var empty, full time.Duration
	first := x.rows + round*x.more
	if err := execute(ctx, x.dsn, append(s.ddl("empty", slices.Concat(s.indexes, s.late)), "CHECKPOINT")...); err != nil {
		return err
	}
	if err := x.write(ctx, "empty", first, first+x.more, &empty); err != nil {
		return err
	}
	if err := execute(ctx, x.dsn, "DROP TABLE empty", "CHECKPOINT"); err != nil {
		return err
	}
	if err := x.write(ctx, table, first, first+x.more, &full); err != nil {
		return err
	}
	x.report.add(round, s.name+": insert, empty table", "rows/s", perSecond(x.more, empty))
	x.report.add(round, s.name+": insert, full table", "rows/s", perSecond(x.more, full))
	if err := execute(ctx, x.dsn, "VACUUM (ANALYZE) "+table, "CHECKPOINT"); err != nil { // as autovacuum would
		return err
	}
	var size float64
	if err := query(ctx, x.dsn, "SELECT pg_indexes_size('"+table+"') / 1e6", &size); err != nil {
		return err
	}
	x.report.add(round, s.name+": size of indexes", "MB", size)
	st, err := x.open(ctx, table)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close(ctx) }()
	return connected(ctx, x.dsn, func(conn *pgx.Conn) error {
		queries, err := x.queries(st, table)
		if err != nil {
			return err
		}
		for _, q := range queries {
			times, err := sample(ctx, conn, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.name, err)
			}
			x.report.add(round, s.name+": "+q.name+", p50", "ms", percentile(times, 0.50))
			x.report.add(round, s.name+": "+q.name+", p95", "ms", percentile(times, 0.95))
		}
		return nil
	})
}

// compare asks for the ratios of a set to the one that the library has.
func (x *indexed) compare(s indexSet) {
	base := indexSets[0].name
	if s.name == base {
		return
	}
	if s.name == originals {
		for _, column := range []string{"insert, empty table", "insert, full table"} {
			x.report.compare(base+": "+column, s.name+": "+column, 1.4, 0)
		}
	}
	for _, column := range x.columns() {
		if !strings.HasSuffix(column, ", p95") {
			x.report.compare(s.name+": "+column, base+": "+column, 0, 0)
		}
	}
}
