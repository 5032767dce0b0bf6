package pipeline

import (
	"errors"
	"time"

	"github.com/callastar/syslog/internal/spill"
)

// ErrKept is what those who wait for an event get when the queue ends with it on
// disk.
var ErrKept = errors.New("the event is on disk, for the next start")

// SetAside is what those get who wait for an event that Reject has set aside.
type SetAside struct{ Err error }

func (e SetAside) Error() string { return e.Err.Error() }
func (e SetAside) Unwrap() error { return e.Err }

var errSpillFull = errors.New("the spill directory was full, and what was oldest there had to go")

// onDisk is what a queue knows of its disk. In order of their age events are
// flying, on disk only, ready, moving and in the chunks.
type onDisk struct {
	spilled uint64       // events on disk only, not counting the flying ones
	ready   []readyBatch // on disk and in memory
	readyN  int
	moving  Batch // being written, or left in memory where that failed
	writing bool
	failing bool // the last write failed, or could not begin
	err     error
	errors  uint64
	parking bool // all that is in memory is to go to the disk
}

type readyBatch struct {
	b    Batch
	part spill.Part
}

// takeReady takes batches that are up to a number of events and bytes together, but
// at least one.
func (d *onDisk) takeReady(events int, bytes int64) (b Batch, parts []spill.Part) {
	n, size := 0, int64(0)
	for n < len(d.ready) {
		r := &d.ready[n]
		if n > 0 && (b.n+r.b.n > events || size+r.b.size() > bytes) {
			break
		}
		b.views = append(b.views, r.b.views...)
		b.n += r.b.n
		size += r.b.size()
		parts = append(parts, r.part)
		n++
	}
	d.ready = shift(d.ready, n)
	d.readyN -= b.n
	return b, parts
}

func shift[T any](s []T, n int) []T {
	left := copy(s, s[n:])
	clear(s[left:])
	return s[:left]
}

// recovered counts what was found on disk.
func (q *Queue) recovered() {
	r := &q.cfg.Recovered
	n := uint64(r.Events)
	q.disk.spilled = n
	for lv, lost := range r.Lost {
		n += lost
		q.c.dropped += lost
		q.c.lost[Damaged][lv] += lost
	}
	if q.c.dropped > 0 {
		q.c.lastLoss = "they were damaged in the spill directory"
		q.firstLoss.Store(1)
	}
	q.c.produced, q.c.accepted = n, n
}

// readBack has the worker hold the oldest batch that is on disk only. It may find
// none, where another goroutine is about to book what became of it.
func (q *Queue) readBack() Batch {
	r, lost, err := q.cfg.Disk.Next(q.batch, q.batchSize)
	if lost != nil {
		q.mu.Lock()
		q.disk.errors++
		q.mu.Unlock()
		q.gone(lost, Damaged, err)
		if q.cfg.OnSpill != nil {
			q.cfg.OnSpill(err)
		}
	}
	if err != nil && lost == nil {
		if q.cfg.OnSpill != nil {
			q.cfg.OnSpill(err)
		}
		time.AfterFunc(retrySpill, q.poke)
	}
	if r.N == 0 {
		return Batch{}
	}
	b := Batch{r.Views, r.N}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.disk.spilled -= uint64(r.N)
	q.bytes += b.size()
	q.fly(flight{batch: b, n: r.N, bytes: b.size(), first: r.First, parts: r.Parts})
	return b
}
