package main

import (
	"context"
	"fmt"
	"time"

	"github.com/callastar/syslog/store/postgres"
)

// stretch is what the writer felt once, in milliseconds, batch by batch.
type stretch struct {
	felt
	took time.Duration
	size float64 // of the database afterwards, in MB
}

// stretch has the writer write to a copy of the template, in memory, first alone and
// then while old events are deleted. It is alone for as many batches as it was beside
// the deletion the time before: both are seconds apart, on the same copy and disk.
func (c *cleanup) stretch(ctx context.Context, by *cleaner) (s stretch, err error) {
	template, err := c.template(ctx, by.opts)
	if err != nil {
		return s, err
	}
	dsn, err := c.cluster.database(ctx, "turn", template)
	if err != nil {
		return s, err
	}
	if err := execute(ctx, dsn, "SELECT pg_prewarm(oid) FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"); err != nil {
		return s, err
	}
	st, err := postgres.OpenWithOptions(ctx, dsn, &by.opts)
	if err != nil {
		return s, err
	}
	defer func() { _ = st.Close(ctx) }()
	w := startWriter(ctx, st)
	if !w.settle(min(warmUp, c.enough)) {
		c.late++
	}
	alone := c.lasted[by.name]
	if alone == 0 {
		alone = c.enough / 4
	}
	first := w.count()
	w.wait(first + alone)
	begin, start := w.count(), time.Now()
	deleted := c.old
	if by.clean == nil {
		w.wait(begin + alone)
	} else {
		deleted, err = by.clean(ctx, c, st, dsn)
	}
	s.took = time.Since(start)
	w.wait(begin + 1) // of few rows it may be over before a batch is due
	times, writeErr := w.stop()
	if err != nil || writeErr != nil {
		return s, fmt.Errorf("delete: %w, write: %w", err, writeErr)
	}
	s.before, s.beside = times[first:begin], times[begin:]
	c.lasted[by.name] = len(s.beside)
	var left int64
	if err := queryWith(ctx, dsn, "SELECT count(*) FROM system_logs WHERE created_at < $1", []any{c.now.Add(-keep)}, &left); err != nil {
		return s, err
	}
	if by.clean != nil && (deleted != c.old || left > 0) {
		return s, fmt.Errorf("%d events deleted, want %d, and %d are left", deleted, c.old, left)
	}
	return s, query(ctx, dsn, "SELECT pg_database_size(current_database()) / 1e6", &s.size)
}
