package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/spill"
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
		q.stored, q.most = 0, b.n
		q.deliver(b, 1)
		q.tell(false)
	}
}

// take waits for a batch: enough events or bytes, an event older than
// FlushInterval, or somebody who waits. What is on disk comes first and does not
// wait. It reports the end of the queue.
func (q *Queue) take(timer *time.Timer) (b Batch, ended bool) {
	var expired <-chan time.Time
	aged := false
	for {
		q.mu.Lock()
		if q.disk.spilled > 0 && q.base.Err() == nil {
			q.mu.Unlock()
			if b = q.readBack(); b.n > 0 {
				return b, false
			}
		} else {
			n := q.takeable()
			ready := aged || q.closed || n >= q.enough || q.urgent > q.low() || q.bytes >= q.heavy
			if n > 0 && ready {
				b = q.takeOff()
				empty := q.empty
				q.empty = nil
				q.mu.Unlock()
				if q.spiller == nil {
					b.own(empty)
				}
				return b, false
			}
			if n > 0 && expired == nil {
				timer.Reset(q.cfg.FlushInterval)
				expired = timer.C
			}
			ended = q.inMemory() == 0 && q.closed
			q.mu.Unlock()
		}
		if ended {
			return Batch{}, true
		}
		select {
		case <-q.wake:
		case <-expired:
			aged = true
		}
	}
}

// own gives the batch memory of its own, since a sink may keep it, and the chunks that
// it was in back: who fills the next one gets memory that is warm. A view of more than
// a chunk is a frame that has its memory to itself.
func (b Batch) own(chunks [][]byte) {
	for i, v := range b.views {
		if len(v) <= chunkSize {
			b.views[i] = bytes.Clone(v)
		}
	}
	for _, c := range chunks {
		if cap(c) == chunkSize {
			chunkPool.Put((*[chunkSize]byte)(c[:chunkSize]))
		}
	}
}

// takeable is how many events in memory the worker may have now.
func (q *Queue) takeable() int {
	switch d := &q.disk; {
	case d.readyN > 0:
		return d.readyN
	case d.moving.n > 0 && d.writing:
		return 0 // they are older than what is in the chunks
	case q.cfg.Journal && !d.failing && q.spiller != nil && q.base.Err() == nil:
		return 0
	case d.moving.n > 0:
		return d.moving.n
	}
	return q.pending
}

// takeOff takes a batch of what is takeable.
func (q *Queue) takeOff() (b Batch) {
	first := q.memFrom()
	var parts []spill.Part
	switch d := &q.disk; {
	case d.readyN > 0:
		b, parts = d.takeReady(q.batch, q.batchSize)
	case d.moving.n > 0:
		b, d.moving = d.moving, Batch{}
	default:
		b = q.cut(q.batch, q.batchSize)
	}
	q.fly(flight{batch: b, n: b.n, bytes: b.size(), first: first, parts: parts})
	return b
}

// fly has the worker hold a batch. Nobody else may come to make room while that lasts.
func (q *Queue) fly(f flight) {
	q.flying = f
	if q.spiller != nil {
		q.spiller.unload()
	}
}

// cut takes up to a number of events and bytes, but at least one event, from the
// front of the chunks.
func (q *Queue) cut(events int, bytes int64) (b Batch) {
	left, size, most := events, 0, int(bytes)
	gone := 0
	for i := range q.chunks {
		c := &q.chunks[i]
		view := c.buf[c.read:]
		if c.n > left || size+len(view) > most { // part of the chunk
			end, n := 0, 0
			for n < c.n && n < left {
				next := frame.Size(view[end:])
				if b.n+n > 0 && size+end+next > most {
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
		left = events - b.n
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
	if q.spiller == nil {
		for i := range q.chunks[:gone] {
			q.empty = append(q.empty, q.chunks[i].buf)
		}
	}
	n := copy(q.chunks, q.chunks[gone:])
	clear(q.chunks[n:])
	q.chunks = q.chunks[:n]
	q.pending -= b.n
	return b
}

// split halves a batch of at least two.
func (b Batch) split() (left, right Batch) {
	left.n = b.n / 2
	right.n = b.n - left.n
	skip := left.n
	for i, v := range b.views {
		end := 0
		for ; skip > 0 && end < len(v); skip-- {
			end += frame.Size(v[end:])
		}
		if end > 0 {
			left.views = append(left.views, v[:end:end])
		}
		if skip == 0 {
			right.views = append([][]byte{v[end:]}, b.views[i+1:]...)
			return left, right
		}
	}
	return left, right
}

// deliver tries until the batch is stored, rejected for good, or abandoned. A
// batch that is rejected is halved until the events that it is rejected for are
// alone: they must not take the others along. One that is not written in time is
// halved, too: the same again might never be.
func (q *Queue) deliver(b Batch, attempt int) {
	for ; ; attempt++ {
		began := time.Now()
		written, fail := q.attempt(b)
		written = min(max(written, 0), b.n)
		q.note(fail)
		q.fit(b.n, fail, time.Since(began))
		if fail == nil {
			known := min(b.n-written, q.stored)
			q.stored -= known
			q.finish(b, outcome{written: written + known})
			return
		}
		q.stored = min(q.stored+written, q.most)
		if q.cfg.OnError != nil && !fail.permanent {
			q.cfg.OnError(fail.text, attempt, fail.misconfigured)
		}
		if fail.permanent {
			if b.n == 1 {
				q.reject(b, fail.err)
				return
			}
			left, right := b.split()
			q.deliver(left, 1)
			q.deliver(right, 1)
			return
		}
		q.pause(fail, attempt)
		if q.base.Err() != nil {
			q.finish(b, outcome{err: fail.err, reason: Abandoned})
			return
		}
		if fail.late && b.n > 1 {
			left, right := b.split()
			q.deliver(left, attempt+1)
			q.deliver(right, 1)
			return
		}
	}
}

// smallBatch is a batch that others need not be as small as, if it was late: an
// outage is no reason for one statement an event.
const smallBatch = 100

// fit has batches be of a size that is written in time: half of one that was not,
// until twice as much can be expected to be.
func (q *Queue) fit(n int, fail *failure, took time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case fail != nil && fail.late && n > smallBatch:
		q.batch = min(q.batch, n/2)
	case fail == nil && n >= q.batch && took < q.cfg.AttemptTimeout/3:
		q.batch = min(2*q.batch, q.mostBatch)
	}
	q.enough = min(q.batch, q.maxEvents[0]/2+1)
}

// note keeps how the destination is doing. That it refuses an event does not mean
// that it is not well.
func (q *Queue) note(fail *failure) {
	q.mu.Lock()
	well := fail == nil || fail.permanent
	again := well && q.failing > 0
	since := q.failingSince
	switch {
	case well:
		q.failing = 0
	case q.failing == 0:
		q.failingSince = time.Now()
		q.failing = 1
	default:
		q.failing++
	}
	q.misconfig = fail != nil && fail.misconfigured
	if fail != nil {
		q.c.lastError = fail.text
	}
	q.mu.Unlock()
	if again && q.cfg.OnWell != nil {
		q.cfg.OnWell(time.Since(since))
	}
}

// failure is what the pipeline needs of a destination's error. It is read once,
// where a method of the error's that panics does no harm.
type failure struct {
	err           error
	text          string
	permanent     bool
	misconfigured bool          // it lasts until a person changes something
	late          bool          // AttemptTimeout ended it
	after         time.Duration // what the destination asks for
}

func read(err error) (f *failure) {
	if err == nil {
		return nil
	}
	f = &failure{err: err, text: fmt.Sprintf("%T", err)}
	defer func() { _ = recover() }() // what was read by then holds
	var after interface{ RetryDelay() time.Duration }
	if errors.As(err, &after) {
		f.after = after.RetryDelay()
	}
	var p interface{ IsPermanent() bool }
	f.permanent = errors.As(err, &p) && p.IsPermanent()
	var m interface{ IsMisconfigured() bool }
	f.misconfigured = errors.As(err, &m) && m.IsMisconfigured()
	f.text = err.Error()
	return f
}

var errGone = errors.New("Write ended its goroutine")

// attempt writes the batch once. A panic of the destination is a failure like
// any other, and so is a runtime.Goexit.
func (q *Queue) attempt(b Batch) (written int, fail *failure) {
	if err := q.base.Err(); err != nil {
		return 0, read(err)
	}
	ctx, cancel := context.WithTimeout(q.base, q.cfg.AttemptTimeout)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		fail = read(errGone)
		defer func() {
			if r := recover(); r != nil {
				fail = read(fmt.Errorf("panic: %v", r))
			}
		}()
		n, err := q.cfg.Deliver(ctx, b)
		written, fail = n, read(err)
	}()
	<-done
	if fail != nil {
		fail.late = errors.Is(ctx.Err(), context.DeadlineExceeded)
	}
	return written, fail
}

// pause waits before the next attempt. The end of the queue cuts it short: who
// shuts down has little time.
func (q *Queue) pause(fail *failure, attempt int) {
	d := q.backoff(fail, attempt)
	closing := q.closing
	select {
	case <-closing:
		d, closing = min(d, endPause), nil
	default:
	}
	pause := time.NewTimer(d)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-closing:
	case <-q.base.Done():
	}
}

// endPause is the longest pause between attempts once the queue is closed.
const endPause = time.Second

// backoff is what the failure asks for, or a random part of a bound that doubles
// (full jitter).
func (q *Queue) backoff(fail *failure, attempt int) time.Duration {
	if fail.after > 0 {
		return fail.after
	}
	bound := q.cfg.MaxBackoff
	if shift := attempt - 1; shift < 20 && q.cfg.MinBackoff<<shift < bound {
		bound = q.cfg.MinBackoff << shift
	}
	return time.Duration(rand.Int64N(int64(bound)) + 1)
}

// tell queues an event about what was lost since it did so last, and reports
// whether there was something to tell. At the end of the queue time does not
// matter.
func (q *Queue) tell(end bool) bool {
	if q.cfg.Report == nil || q.base.Err() != nil {
		return false
	}
	q.mu.Lock()
	if q.disk.parking {
		q.mu.Unlock()
		return false // what is left was put on disk a moment ago
	}
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
	spill := q.spiller != nil && q.spiller.ask()
	q.mu.Unlock()
	if spill {
		q.spiller.poke()
	}
	return true
}
