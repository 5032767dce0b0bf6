package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/callastar/syslog/internal/frame"
)

// How often the queue reports losses at most: when there is room again, and
// while it stays scarce.
const (
	tellEvery = time.Second
	tellBusy  = 10 * time.Second
)

// Batch is a run of frames in the order in which they were pushed.
type Batch struct {
	views [][]byte
	n     int
}

// Len is the number of frames.
func (b Batch) Len() int { return b.n }

// Frames yields the frames. Their bytes never change and may be kept.
func (b Batch) Frames() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, v := range b.views {
			for len(v) > 0 {
				n := frame.Size(v)
				if !yield(v[:n:n]) {
					return
				}
				v = v[n:]
			}
		}
	}
}

func (b Batch) size() (n int64) {
	for _, v := range b.views {
		n += int64(len(v))
	}
	return n
}

// work is the worker.
func (q *Queue) work() {
	defer close(q.done)
	defer q.abandon()
	timer := time.NewTimer(0)
	defer timer.Stop()
	told := false
	for {
		b, ended := q.take(timer)
		if ended {
			if told {
				return
			}
			told = true // what was lost at the end is told once, even if that is lost too
			if !q.tell(true) {
				return
			}
			continue
		}
		q.deliver(b)
		q.tell(false)
	}
}

// take waits for a batch: enough events or bytes, an event older than
// FlushInterval, or somebody who waits. It reports the end of the queue.
func (q *Queue) take(timer *time.Timer) (b Batch, ended bool) {
	var expired <-chan time.Time
	aged := false
	for {
		q.mu.Lock()
		ready := aged || q.closed || q.pending >= q.enough || q.urgent > q.c.finished || q.bytes >= q.heavy
		if q.pending > 0 && ready {
			b = q.cut()
			q.mu.Unlock()
			return b, false
		}
		ended = q.pending == 0 && q.closed
		waiting := q.pending > 0
		q.mu.Unlock()
		if ended {
			return Batch{}, true
		}
		if waiting && expired == nil {
			timer.Reset(q.cfg.FlushInterval)
			expired = timer.C
		}
		select {
		case <-q.wake:
		case <-expired:
			aged = true
		}
	}
}

// cut takes up to a batch from the front of the queue.
func (q *Queue) cut() (b Batch) {
	left, size := q.cfg.BatchSize, 0
	gone := 0
	for i := range q.chunks {
		c := &q.chunks[i]
		view := c.buf[c.read:]
		if c.n > left || size+len(view) > batchBytes { // part of the chunk
			end, n := 0, 0
			for n < c.n && n < left {
				next := frame.Size(view[end:])
				if b.n+n > 0 && size+end+next > batchBytes {
					break
				}
				end += next
				n++
			}
			view = view[:end]
			b.n += n
			c.n -= n
		} else {
			b.n += c.n
			c.n = 0
		}
		c.read += len(view)
		size += len(view)
		left = q.cfg.BatchSize - b.n
		if len(view) > 0 {
			b.views = append(b.views, view[:len(view):len(view)])
		}
		if c.n > 0 {
			break
		}
		if i < len(q.chunks)-1 || cap(c.buf)-len(c.buf) < frame.HeadSize {
			gone = i + 1 // the last chunk stays, for more to be appended
		}
		if left == 0 {
			break
		}
	}
	n := copy(q.chunks, q.chunks[gone:])
	clear(q.chunks[n:])
	q.chunks = q.chunks[:n]
	q.pending -= b.n
	q.flying += b.n
	return b
}

// deliver tries until the batch is stored, rejected for good, or abandoned.
func (q *Queue) deliver(b Batch) {
	for attempt := 1; ; attempt++ {
		written, err := q.attempt(b)
		if err == nil {
			q.finish(b, min(max(written, 0), b.n), nil, 0)
			return
		}
		q.mu.Lock()
		q.c.lastError = err.Error()
		q.mu.Unlock()
		if q.cfg.OnError != nil {
			q.cfg.OnError(err, attempt)
		}
		if permanent(err) {
			q.finish(b, 0, err, Rejected)
			return
		}
		pause := time.NewTimer(q.backoff(err, attempt))
		select {
		case <-pause.C:
		case <-q.base.Done():
		}
		pause.Stop()
		if q.base.Err() != nil {
			q.finish(b, 0, err, Abandoned)
			return
		}
	}
}

// attempt writes the batch once. A panic of the destination is a failure like
// any other.
func (q *Queue) attempt(b Batch) (written int, err error) {
	if err := q.base.Err(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(q.base, q.cfg.AttemptTimeout)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return q.cfg.Deliver(ctx, b)
}

// backoff is the pause before the next attempt: what the error asks for, or a
// random part of a bound that doubles (full jitter).
func (q *Queue) backoff(err error, attempt int) time.Duration {
	var after interface{ RetryDelay() time.Duration }
	if errors.As(err, &after) && after.RetryDelay() > 0 {
		return after.RetryDelay()
	}
	bound := q.cfg.MaxBackoff
	if shift := attempt - 1; shift < 20 && q.cfg.MinBackoff<<shift < bound {
		bound = q.cfg.MinBackoff << shift
	}
	return time.Duration(rand.Int64N(int64(bound)) + 1)
}

func permanent(err error) bool {
	var p interface{ IsPermanent() bool }
	return errors.As(err, &p) && p.IsPermanent()
}

// finish books what became of a batch and tells who waits for it.
func (q *Queue) finish(b Batch, written int, err error, reason int) {
	q.mu.Lock()
	q.flying -= b.n
	q.bytes -= b.size()
	q.c.finished += uint64(b.n)
	if err == nil {
		q.c.written += uint64(written)
		q.c.duplicate += uint64(b.n - written)
	} else {
		q.c.dropped += uint64(b.n)
		for f := range b.Frames() {
			q.c.lost[reason][frame.Level(f)]++
		}
	}
	ready := 0
	for ready < len(q.waiters) && q.waiters[ready].seq <= q.c.finished {
		q.waiters[ready].ch <- err
		ready++
	}
	n := copy(q.waiters, q.waiters[ready:])
	clear(q.waiters[n:])
	q.waiters = q.waiters[:n]
	if q.freed != nil {
		close(q.freed)
		q.freed = nil
	}
	q.mu.Unlock()
	if err != nil {
		q.loss()
	}
}

// tell queues an event about what was lost since it did so last, and reports
// whether there was something to tell. At the end of the queue time does not
// matter.
func (q *Queue) tell(end bool) bool {
	if q.cfg.Report == nil || q.base.Err() != nil {
		return false
	}
	q.mu.Lock()
	lost := q.c.lost.Minus(&q.reported)
	lost[Closed] = [Levels]uint64{} // who logs after the end was told so
	pause := tellEvery
	if q.pending*2 > q.maxEvents[0] || q.bytes*2 > q.maxBytes[0] {
		pause = tellBusy
	}
	if lost.Total() == 0 || !end && time.Since(q.lastTold) < pause {
		q.mu.Unlock()
		return false
	}
	q.reported = q.c.lost
	q.lastTold = time.Now()
	q.mu.Unlock()
	f := q.cfg.Report(lost)
	if f == nil {
		return false
	}
	q.mu.Lock()
	q.c.produced++
	q.add(f)
	q.mu.Unlock()
	return true
}
