package pipeline

import (
	"slices"
	"sort"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/spill"
)

// Events are numbered as they are accepted, the first one being 1, those found on
// disk before all others. They are finished in this order, but for those that are
// lost on disk when that is full.

// waiter waits for the event with number seq: for what becomes of it, or, in a
// flush, for it and all before it to be finished.
type waiter struct {
	seq   uint64
	ch    chan error
	flush bool
}

// memFrom is the number of the oldest event in memory that is not flying. Events
// in memory are newer than all on disk.
func (q *Queue) memFrom() uint64 {
	return q.c.accepted - uint64(q.pending+q.disk.moving.n+q.disk.readyN) + 1
}

// low is the number up to which all events are finished.
func (q *Queue) low() uint64 {
	first := q.memFrom()
	if q.disk.spilled > 0 {
		head, some := q.cfg.Disk.Head()
		lost, unbooked := q.cfg.Disk.Unbooked()
		switch {
		case some && unbooked:
			first = min(head, lost)
		case some:
			first = head
		case unbooked:
			first = lost
		default:
			return 0 // it is closed: they stay there
		}
	}
	if q.flying.n > 0 {
		first = min(first, q.flying.first)
	}
	return first - 1
}

// outcome is what became of events.
type outcome struct {
	written   int
	err       error // nil: they are stored
	reason    int   // for err
	setAside  bool  // with err: they are in the dead letters
	keptSpill bool  // with err: they are on disk, for the next start
}

// finish books what became of the first events of the flying batch, which are b,
// and tells who waits for them.
func (q *Queue) finish(b Batch, o outcome) {
	q.mu.Lock()
	fl := &q.flying
	if o.reason == Abandoned && o.err != nil && len(fl.parts) > 0 {
		o.keptSpill = true
	}
	if !o.keptSpill {
		q.tellWaiters(fl.first, fl.first+uint64(b.n)-1, o.err)
	}
	fl.n -= b.n
	fl.first += uint64(b.n)
	size := b.size()
	fl.bytes -= size
	q.bytes -= size
	lost := false
	switch {
	case o.err == nil:
		q.c.written += uint64(o.written)
		q.c.duplicate += uint64(b.n - o.written)
	case o.keptSpill:
		q.disk.spilled += uint64(b.n)
	case o.setAside:
		q.c.deadLetter += uint64(b.n)
	default:
		lost = true
		q.c.lastLoss = q.c.lastError
		q.c.dropped += uint64(b.n)
		for f := range b.Frames() {
			q.c.lost[o.reason][frame.Level(f)]++
		}
	}
	onDisk := len(fl.parts) > 0
	if onDisk && !o.keptSpill {
		fl.parts = q.cfg.Disk.Ack(fl.parts, b.Frames())
	}
	if fl.n == 0 {
		if len(fl.parts) > 0 && !o.keptSpill { // of a batch on disk that was not taken whole
			q.cfg.Disk.Release(&fl.parts[0])
		}
		*fl = flight{}
	}
	q.settle()
	q.mu.Unlock()
	if onDisk {
		q.cfg.Disk.Tidy()
	}
	if lost {
		for f := range b.Frames() {
			q.lossOf(f)
		}
	}
}

// tellWaiters tells those who wait for one of the events from first to last.
func (q *Queue) tellWaiters(first, last uint64, err error) {
	q.tellRange(q.waiting(first-1), q.waiting(last), func(w waiter) bool { return !w.flush }, err)
}

// waiting is how many of the waiters wait for events up to a number: they are in the
// order of these.
func (q *Queue) waiting(upTo uint64) int {
	return sort.Search(len(q.waiters), func(i int) bool { return q.waiters[i].seq > upTo })
}

// settle tells the flushes that have nothing left to wait for, and those who wait for
// room.
func (q *Queue) settle() {
	q.tellRange(0, q.waiting(q.low()), func(w waiter) bool { return w.flush }, nil)
	q.roomier()
}

// roomier wakes those who wait for room.
func (q *Queue) roomier() {
	if q.freed != nil {
		close(q.freed)
		q.freed = nil
	}
}

// tellRange tells some of the waiters in a range, and forgets them.
func (q *Queue) tellRange(from, to int, which func(waiter) bool, err error) {
	left := slices.DeleteFunc(q.waiters[from:to:to], func(w waiter) bool {
		if which(w) {
			w.ch <- err
		}
		return which(w)
	})
	q.waiters = slices.Delete(q.waiters, from+len(left), to)
}

// gone books events that are on disk no more, and tells who waits for one of them.
func (q *Queue) gone(lost *spill.Lost, reason int, err error) {
	q.mu.Lock()
	q.cfg.Disk.Booked(lost)
	q.c.lastLoss = err.Error()
	for lv, n := range lost.Counts {
		q.c.lost[reason][lv] += n
		q.c.dropped += n
		q.disk.spilled -= n
	}
	q.tellWaiters(lost.First, lost.Last, err)
	q.settle()
	q.mu.Unlock()
	q.loss()
	if q.cfg.OnTop != nil {
		for _, f := range lost.Top {
			q.cfg.OnTop(f)
		}
	}
	q.poke()
}

// reject books an event that the destination refuses for good.
func (q *Queue) reject(b Batch, err error) {
	o := outcome{err: err, reason: Rejected}
	if q.cfg.Reject != nil {
		for f := range b.Frames() {
			o.setAside = q.cfg.Reject(f, err)
		}
	}
	if o.setAside {
		o.err = SetAside{err}
	}
	q.finish(b, o)
}
