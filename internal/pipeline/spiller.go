package pipeline

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/callastar/syslog/internal/spill"
)

// retrySpill is how long the disk is left alone after a failure.
const retrySpill = time.Second

// spiller is the goroutine that writes to a queue's disk.
type spiller struct {
	q    *Queue
	wake chan struct{} // one slot
	stop chan struct{}
	once sync.Once
	done chan struct{}

	closed chan struct{} // once the disk is

	// Under the queue's lock.
	asked  bool          // it is awake, or will be
	parked chan struct{} // closed when Park may look again
	aged   uint64        // number of the last event that has waited for SpillAfter
	marked uint64        // number of the last event at the last tick
	retry  time.Time     // not before
	mark   time.Time     // of the last tick; zero while there is nothing to wait for

	kept bool // the disk was full, and memory not: under the queue's lock

	due bool // the spiller's own: what was written is to be synced
}

func newSpiller(q *Queue) *spiller {
	return &spiller{q: q, wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}), closed: make(chan struct{})}
}

// ask reports whether the spiller is to be woken, since there is something in
// memory that it does not know of. It is called under the queue's lock.
func (s *spiller) ask() bool {
	if s.asked || !s.mark.IsZero() && !s.q.cfg.Journal && !s.crowded() {
		return false
	}
	s.asked = true
	return true
}

// crowded reports whether half of the room that the flying batch leaves is in use.
func (s *spiller) crowded() bool {
	q, f := s.q, &s.q.flying
	return (q.inMemory()-f.n)*2 > q.maxEvents[0]-f.n || (q.bytes-f.bytes)*2 > q.maxBytes[0]-f.bytes
}

func (s *spiller) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *spiller) run() {
	defer close(s.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		todo, pause := s.plan()
		switch todo {
		case write:
			s.move()
			continue
		case probe:
			s.probe()
			continue
		}
		if s.due || pause == 0 {
			s.due = false
			s.sync()
		}
		if pause == 0 {
			pause = time.Hour
		}
		timer.Reset(pause)
		select {
		case <-s.wake:
		case <-timer.C:
		case <-s.stop:
			return
		}
	}
}

// step is what the spiller does next.
type step int

const (
	rest  step = iota
	write      // a batch
	probe      // whether the disk, which failed, takes writes again
)

// plan says what to do now, and for rest how long to wait before looking again; 0 is
// until somebody asks.
func (s *spiller) plan() (todo step, pause time.Duration) {
	q := s.q
	q.mu.Lock()
	defer q.mu.Unlock()
	oldest, some := s.oldest()
	s.asked = false
	now := time.Now()
	wait := s.retry.Sub(now)
	if !some {
		s.mark = time.Time{}
		s.tellParked()
		switch {
		case !q.disk.failing:
			return rest, 0
		case wait > 0:
			return rest, wait
		}
		return probe, 0
	}
	if q.disk.failing && !q.disk.parking && wait > 0 && !(s.kept && s.crowded()) {
		s.asked = !s.kept // by now, nobody else needs to, unless memory fills up
		return rest, wait
	}
	after := q.cfg.SpillAfter
	switch {
	case s.mark.IsZero():
		s.mark, s.aged, s.marked = now, 0, q.c.accepted
	case now.Sub(s.mark) >= after:
		s.mark, s.aged, s.marked, s.due = now, s.marked, q.c.accepted, true
	}
	switch {
	case q.disk.parking || q.cfg.Journal || s.crowded() || oldest <= s.aged:
		return write, 0
	case q.disk.failing:
		return probe, 0
	}
	return rest, max(s.mark.Add(after).Sub(now), time.Millisecond)
}

// oldest is the number of the oldest event that is in memory only.
func (s *spiller) oldest() (first uint64, some bool) {
	q := s.q
	if q.flying.n > 0 && len(q.flying.parts) == 0 {
		return q.flying.first, true
	}
	return q.memFrom() + uint64(q.disk.readyN), q.pending+q.disk.moving.n > 0
}

// move writes one batch.
func (s *spiller) move() {
	q := s.q
	q.mu.Lock()
	var b spill.Batch
	flying := q.flying.n > 0 && len(q.flying.parts) == 0
	switch d := &q.disk; {
	case flying: // older than all else, so it must be the first on disk, too
		f := &q.flying
		b = spill.Batch{Views: f.batch.views, N: f.batch.n, First: f.first + uint64(f.n) - uint64(f.batch.n)}
	case d.moving.n == 0 && q.pending == 0:
		q.mu.Unlock()
		return
	default:
		if d.moving.n == 0 {
			d.moving = q.cut(min(max(q.batch, minSpill), q.maxEvents[0]/2+1), min(q.cfg.Disk.MaxBatch(), q.heavy))
		}
		b = spill.Batch{Views: d.moving.views, N: d.moving.n, First: q.memFrom() + uint64(d.readyN)}
		d.writing = true
	}
	b.Keep = !s.crowded() && !q.disk.parking // memory has room: nothing on disk has to go for it
	ready := len(q.disk.ready)
	q.mu.Unlock()

	part, lost, err := q.cfg.Disk.Append(&b)
	for i := range lost {
		q.gone(&lost[i], SpillFull, errSpillFull)
	}
	s.moved(b, part, flying, ready, err)
}

// sync makes what was written outlast a power cut, where the policy is not to do so
// batch by batch.
func (s *spiller) sync() {
	if err := s.q.cfg.Disk.Sync(); err != nil {
		s.q.mu.Lock()
		s.q.disk.errors++
		s.q.mu.Unlock()
		if s.q.cfg.OnSpill != nil {
			s.q.cfg.OnSpill(err)
		}
	}
}

// probe looks whether a disk that failed takes writes again, where nothing has to be
// written that would show it.
func (s *spiller) probe() {
	q := s.q
	err := q.cfg.Disk.Probe()
	q.mu.Lock()
	q.disk.failing, q.disk.err = err != nil, err
	s.retry = time.Now().Add(retrySpill)
	q.mu.Unlock()
	if err != nil {
		return
	}
	q.cfg.Disk.Tidy()
	if q.cfg.OnSpill != nil {
		q.cfg.OnSpill(nil)
	}
}

// minSpill is the least that goes to the disk together, if it is there: small
// batches cost a header each.
const minSpill = 1000

// moved books what became of a batch that was written, where so many others were ready then.
func (s *spiller) moved(b spill.Batch, part spill.Part, flying bool, ready int, err error) {
	q := s.q
	q.mu.Lock()
	d := &q.disk
	d.writing = false
	was, why := d.failing, d.err
	d.failing, d.err = err != nil, err
	switch {
	case errors.Is(err, spill.ErrFull) && b.Keep && d.parking:
		d.failing, d.err = false, nil // it was told to spare the oldest, which holds no longer
	case errors.Is(err, spill.ErrFull) && !b.Keep && s.unload():
		d.failing, d.err = false, nil // what was in memory, too, is now the cap's to drop
	case errors.Is(err, spill.ErrFull) && !b.Keep && len(d.ready) < ready:
		d.failing, d.err = was, why // the worker has taken of it meanwhile, and unloaded the rest: there may be room
	case err != nil:
		d.errors++
		s.kept = b.Keep && errors.Is(err, spill.ErrFull)
		s.retry = time.Now().Add(retrySpill)
		s.tellParked()
	case flying:
		s.landed(b, part)
	default:
		if q.cfg.Journal {
			d.ready = append(d.ready, readyBatch{d.moving, part})
			d.readyN += d.moving.n
			d.moving = Batch{}
		} else if q.release(d.moving, &part) {
			d.moving = Batch{} // else it is written again
		}
		s.unload()
	}
	failing, err := d.failing, d.err
	q.mu.Unlock()
	q.cfg.Disk.Tidy()
	q.poke()
	if q.cfg.OnSpill != nil && failing != was {
		q.cfg.OnSpill(err)
	}
}

// unload gives up the memory of what is ready, as far as room is needed, the oldest
// first: what is on disk only is read before it. For want of room a worker that holds
// nothing takes it at once. It reports whether there was something.
func (s *spiller) unload() (some bool) {
	q, d := s.q, &s.q.disk
	for len(d.ready) > 0 && (d.parking || s.crowded() && q.flying.n > 0) {
		if !q.release(d.ready[0].b, &d.ready[0].part) {
			return some
		}
		d.readyN -= d.ready[0].b.n
		d.ready = shift(d.ready, 1)
		some = true
	}
	return some
}

// landed books that the flying batch is on disk, which may have been finished
// meanwhile, or in part.
func (s *spiller) landed(b spill.Batch, part spill.Part) {
	q := s.q
	done := b.N
	same := q.flying.n > 0 && q.flying.first+uint64(q.flying.n) == b.First+uint64(b.N)
	if same {
		done -= q.flying.n
	}
	batch := Batch{b.Views, b.N}
	parts := q.cfg.Disk.Ack([]spill.Part{part}, func(yield func([]byte) bool) {
		n := 0
		for f := range batch.Frames() {
			if n++; n > done || !yield(f) {
				return
			}
		}
	})
	if same {
		q.flying.parts = parts
		q.roomier()
	}
}

// release gives up the memory of a batch, if it is on disk.
func (q *Queue) release(b Batch, part *spill.Part) bool {
	if !q.cfg.Disk.Release(part) {
		return false
	}
	q.disk.spilled += uint64(b.n)
	q.bytes -= b.size()
	q.roomier()
	return true
}

func (s *spiller) tellParked() {
	if s.parked != nil {
		close(s.parked)
		s.parked = nil
	}
}

// Park puts all that is in memory on disk and reports whether it is there, also
// what the worker is delivering. The queue must be closed.
func (q *Queue) Park(ctx context.Context) bool {
	if q.spiller == nil {
		return false
	}
	q.mu.Lock()
	q.disk.parking = true
	failed := q.disk.errors
	for {
		_, some := q.spiller.oldest()
		if !some || q.disk.errors > failed || ctx.Err() != nil {
			q.disk.parking = !some
			q.mu.Unlock()
			return !some
		}
		if q.spiller.parked == nil {
			q.spiller.parked = make(chan struct{})
		}
		parked := q.spiller.parked
		q.mu.Unlock()
		q.spiller.poke()
		select {
		case <-parked:
		case <-ctx.Done():
		}
		q.mu.Lock()
	}
}

// End ends the use of the disk, after the worker's end or after Abandon, and tells
// those who still wait. It reports whether the disk is out of use: one that hangs may
// still be when ctx ends.
func (q *Queue) End(ctx context.Context) bool {
	if q.spiller == nil {
		return true
	}
	q.spiller.once.Do(func() {
		close(q.spiller.stop)
		go func() {
			defer close(q.spiller.closed)
			<-q.spiller.done
			q.cfg.Disk.Close()
		}()
	})
	ended := false
	select {
	case <-q.spiller.closed:
		ended = true
	case <-ctx.Done():
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.waiters {
		w.ch <- ErrKept
	}
	q.waiters, q.ended = nil, true
	return ended
}
