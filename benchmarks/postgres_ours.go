package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
	"golang.org/x/sync/errgroup"
)

// log has loggers of default settings record all events and flush. Only the queue
// is larger than by default: producers never wait, so nothing may be refused.
func (in *ingest) log(ctx context.Context, dsn string, opts *postgres.Options, loggers int) (time.Duration, error) {
	all := make([]*syslog.Logger, loggers)
	for i := range all {
		st, err := postgres.OpenWithOptions(ctx, dsn, opts)
		if err != nil {
			return 0, err
		}
		if all[i], err = syslog.New(st, &syslog.Config{
			QueueSize: 2*in.rows + 1000, QueueBytes: int64(in.rows)*2048 + 1<<20, Logger: slog.New(slog.NewTextHandler(in.progress, nil)),
		}); err != nil {
			return 0, err
		}
		defer func() { _ = all[i].Close() }()
	}
	start := time.Now()
	var group errgroup.Group
	for n, l := range all {
		group.Go(func() error {
			for i := n; i < in.rows; i += loggers {
				if err := record(ctx, l, i); err != nil {
					return err
				}
			}
			return l.Flush(ctx)
		})
	}
	err := group.Wait()
	return time.Since(start), err
}

// store hands batches of a logger's size to the store itself. With failures, it does
// what it does with a batch whose first attempts failed: as many refused events go
// before each, which is not timed.
func (in *ingest) store(ctx context.Context, failures int) (took time.Duration, err error) {
	logs, err := in.events()
	if err != nil {
		return 0, err
	}
	st, err := postgres.OpenWithOptions(ctx, in.dsn, &postgres.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return 0, err
	}
	defer func() { _ = st.Close(ctx) }()
	refused := logs[0]
	refused.Metadata = []byte(`{"no JSON`)
	for batch := range slices.Chunk(logs, syslog.DefaultBatchSize) {
		for range failures {
			if st.Write(ctx, []syslog.Log{refused}) == nil {
				return 0, fmt.Errorf("metadata %s was stored", refused.Metadata)
			}
		}
		start := time.Now()
		if err := st.Write(ctx, batch); err != nil {
			return 0, err
		}
		took += time.Since(start)
	}
	return took, nil
}
