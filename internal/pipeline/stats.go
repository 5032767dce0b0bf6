package pipeline

import (
	"context"
	"slices"
)

// Stats is a snapshot of the counters:
//
//	Produced = Accepted + refused,  Accepted = Written + Duplicate + Dropped + Queued
//
// where refused is what Lost counts as QueueFull and Closed, and Dropped the
// rest of it.
type Stats struct {
	Produced, Accepted          uint64
	Written, Duplicate, Dropped uint64
	Queued                      uint64
	QueuedBytes                 int64
	Lost                        Losses
	LastError                   string
}

// Stats returns the counters as they are together at one moment.
func (q *Queue) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	return Stats{
		Produced: q.c.produced, Accepted: q.c.accepted,
		Written: q.c.written, Duplicate: q.c.duplicate, Dropped: q.c.dropped,
		Queued: uint64(q.pending + q.flying), QueuedBytes: q.bytes,
		Lost: q.c.lost, LastError: q.c.lastError,
	}
}

// Flush has everything delivered that was accepted so far, without waiting for
// company, and returns how many events were dropped since the last Flush ended.
// The error is ctx's.
func (q *Queue) Flush(ctx context.Context) (dropped uint64, err error) {
	q.mu.Lock()
	before := q.flushed
	target := q.c.accepted
	if q.c.finished < target {
		ch := make(chan error, 1)
		q.waiters = append(q.waiters, waiter{target, ch})
		q.urgent = target
		q.mu.Unlock()
		q.poke()
		select {
		case <-ch: //nolint:errcheck // what became of the event shows in the count of dropped ones
		case <-ctx.Done():
			q.mu.Lock()
			q.waiters = slices.DeleteFunc(q.waiters, func(w waiter) bool { return w.ch == ch })
			q.mu.Unlock()
			return 0, ctx.Err()
		}
		q.mu.Lock()
	}
	defer q.mu.Unlock()
	q.flushed = max(q.flushed, q.c.dropped)
	return q.c.dropped - before, nil
}
