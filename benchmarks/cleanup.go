package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/callastar/syslog/store/postgres"
)

// The writer: batches of so many events, one each so often.
const (
	writerBatch = 100
	writerEvery = 5 * time.Millisecond
	aloneFor    = 1500 // batches of the writer without a deletion
	warmUp      = 100  // batches before a deletion begins, at least
	noDeletion  = "no deletion"
	// keep is the age up to which events are kept: 70 % of the table.
	keep = 30 * 24 * time.Hour
)

// cleanup is the comparison of them.
type cleanup struct {
	*bench
	cluster *cluster
	now     time.Time
	past    history
	old     int64 // events to delete
	pooled  map[string][]float64
}

func compareCleanup(ctx context.Context, b *bench) error {
	cl, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer cl.end()
	now := time.Now().Truncate(time.Millisecond)
	step := keep * 10 / 7 / time.Duration(b.rows)
	c := &cleanup{
		bench: b, cluster: cl, now: now, pooled: map[string][]float64{},
		past: history{start: now.Add(-time.Duration(b.rows) * step), step: step},
	}
	for ; c.past.at(int(c.old)).Before(now.Add(-keep)); c.old++ {
	}
	var sides []side
	for _, cleaner := range cleaners {
		sides = append(sides, side{name: cleaner.name, run: func(ctx context.Context, round int) error { return c.turn(ctx, round, &cleaner) }})
		if cleaner.clean != nil {
			alone, most := noDeletion, 2.0
			if cleaner.opts.Partition != postgres.Unpartitioned {
				alone, most = noDeletion+", partitions", 1.2
			}
			b.report.compare(cleaner.name+", p50", alone+", p50", 0, 0)
			b.report.compare(cleaner.name+", p99", alone+", p99", 0, most)
		}
	}
	if err := b.takeTurns(ctx, sides); err != nil {
		return err
	}
	b.report.notes = append(b.report.notes, c.pool())
	return nil
}

// turn has the writer write to a copy of the template, in memory, while old events
// are deleted.
func (c *cleanup) turn(ctx context.Context, round int, by *cleaner) error {
	template, err := c.template(ctx, by.opts)
	if err != nil {
		return err
	}
	dsn, err := c.cluster.database(ctx, "turn", template)
	if err != nil {
		return err
	}
	if err := execute(ctx, dsn, "SELECT pg_prewarm(oid) FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"); err != nil {
		return err
	}
	st, err := postgres.OpenWithOptions(ctx, dsn, &by.opts)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close(ctx) }()
	w := startWriter(ctx, st)
	var deleted int64
	w.settle()
	from, start := w.count(), time.Now()
	if by.clean == nil {
		w.wait(from + min(aloneFor, c.rows))
	} else if deleted, err = by.clean(ctx, c, st, dsn); err == nil && deleted != c.old {
		err = fmt.Errorf("%d events deleted, want %d", deleted, c.old)
	}
	took := time.Since(start)
	times, writeErr := w.stop()
	if err != nil || writeErr != nil {
		return fmt.Errorf("delete: %w, write: %w", err, writeErr)
	}
	var size float64
	if err := query(ctx, dsn, "SELECT pg_database_size(current_database()) / 1e6", &size); err != nil {
		return err
	}
	times = times[from:]
	c.pooled[by.name] = append(c.pooled[by.name], times...)
	slices.Sort(times)
	for _, m := range []struct {
		name, unit string
		value      float64
	}{
		{"p50", "ms", percentile(times, 0.50)}, {"p99", "ms", percentile(times, 0.99)}, {"max", "ms", times[len(times)-1]},
		{"batches written", "batches", float64(len(times))}, {"took", "s", took.Seconds()}, {"size afterwards", "MB", size},
	} {
		c.report.add(round, by.name+", "+m.name, m.unit, m.value)
	}
	return nil
}
