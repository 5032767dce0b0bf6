package pipeline

import (
	"context"
	"time"
)

// Stats is a snapshot of the counters:
//
//	Produced = Accepted + refused
//	Accepted = Written + Duplicate + DeadLetter + Dropped + Queued + Spilled
//
// where refused is what Lost counts as QueueFull and Closed, and Dropped the
// rest of it.
type Stats struct {
	Produced, Accepted        uint64
	Written, Duplicate        uint64
	DeadLetter, Dropped       uint64
	Queued, Spilled           uint64
	QueuedBytes, SpilledBytes int64
	SpillErrors               uint64 // failed writes to the disk
	Spilling                  error  // why the disk cannot be used now
	Lost                      Losses
	LastError                 string
	LastLoss                  time.Time // zero is never
	FirstLoss                 time.Time // zero if none is lost
	LossError                 string    // why events were dropped, the last time
	Failing                   int       // attempts that have failed since one succeeded
	FailingSince              time.Time // the first of these
	Misconfigured             bool      // the last one: a person has to change something
	Waiting                   int       // goroutines, for an event or in a Flush
}

// Stats returns the counters as they are together at one moment.
func (q *Queue) Stats() Stats {
	q.mu.Lock()
	defer q.mu.Unlock()
	s := Stats{
		Produced: q.c.produced, Accepted: q.c.accepted,
		Written: q.c.written, Duplicate: q.c.duplicate, DeadLetter: q.c.deadLetter, Dropped: q.c.dropped,
		Queued: uint64(q.inMemory()), QueuedBytes: q.bytes, Spilled: q.disk.spilled,
		SpillErrors: q.disk.errors, Spilling: q.disk.err,
		Lost: q.c.lost, LastError: q.c.lastError, LossError: q.c.lastLoss, Misconfigured: q.misconfig, Failing: q.failing, FailingSince: q.failingSince, Waiting: len(q.waiters),
	}
	if at := q.lastLoss.Load(); at != 0 {
		s.LastLoss = q.born.Add(time.Duration(at))
	}
	if s.Lost.Total() > 0 { // it is counted before its time is kept
		q.firstLoss.CompareAndSwap(0, max(int64(time.Since(q.born)), 1))
		s.FirstLoss = q.born.Add(time.Duration(q.firstLoss.Load()))
	}
	if q.cfg.Disk != nil {
		s.SpilledBytes = q.cfg.Disk.Bytes()
	}
	return s
}

// Flush has everything delivered that was accepted so far, without waiting for
// company, and returns how many events were dropped since the last Flush ended.
// The error is ctx's, or ErrKept.
func (q *Queue) Flush(ctx context.Context) (dropped uint64, err error) {
	q.mu.Lock()
	before := q.flushed
	target := q.c.accepted
	if q.low() < target {
		if q.ended {
			q.mu.Unlock()
			return 0, ErrKept
		}
		ch := make(chan error, 1)
		q.waiters = append(q.waiters, waiter{seq: target, ch: ch, flush: true})
		q.urgent = target
		q.mu.Unlock()
		q.poke()
		select {
		case err := <-ch:
			if err != nil {
				return 0, err
			}
		case <-ctx.Done():
			q.Forget(ch)
			return 0, ctx.Err()
		}
		q.mu.Lock()
	}
	defer q.mu.Unlock()
	q.flushed = max(q.flushed, q.c.dropped)
	return q.c.dropped - before, nil
}
