package main

import (
	"context"

	"github.com/callastar/syslog"
)

// fakeStore is a store that does with a batch what a comparison says. Nobody reads
// it, so the methods for that are those of a nil.
type fakeStore struct {
	syslog.Store
	write func(ctx context.Context, logs []syslog.Log) error
}

// Write is the comparison's.
func (s *fakeStore) Write(ctx context.Context, logs []syslog.Log) error { return s.write(ctx, logs) }

// Close has nothing to close.
func (s *fakeStore) Close(context.Context) error { return nil }
