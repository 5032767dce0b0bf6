package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
)

// log has a logger of default settings record all events and flush. Only the queue
// is larger than by default: producers never wait, so nothing may be refused.
func (li *lite) log(ctx context.Context, path string) (took time.Duration, err error) {
	st, err := sqlite.Open(path)
	if err != nil {
		return 0, err
	}
	l, err := syslog.New(st, &syslog.Config{
		QueueSize: 2*li.rows + 1000, QueueBytes: int64(li.rows)*2048 + 1<<20, Logger: slog.New(slog.NewTextHandler(li.progress, nil)),
	})
	if err != nil {
		return 0, errors.Join(err, st.Close(ctx))
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	start := time.Now()
	for _, i := range li.events {
		if err := record(ctx, l, i); err != nil {
			return 0, err
		}
	}
	err = l.Flush(ctx)
	return time.Since(start), err
}

// store hands batches of a logger's size to the store itself.
func (li *lite) store(ctx context.Context, path string) (took time.Duration, err error) {
	rows, err := li.kept(ctx, li.rows)
	if err != nil {
		return 0, err
	}
	logs := make([]syslog.Log, len(rows))
	for i := range rows {
		if logs[i], err = rows[i].event(); err != nil {
			return 0, err
		}
	}
	st, err := sqlite.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, st.Close(ctx)) }()
	start := time.Now()
	for batch := range slices.Chunk(logs, syslog.DefaultBatchSize) {
		if err := st.Write(ctx, batch); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}
