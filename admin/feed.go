package admin

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// How much of what came in lately a feed keeps for those who fall behind or come back.
const (
	feedEvents = 4096
	feedBytes  = 8 << 20
	feedLinger = time.Minute // after the last one has left
	feedKnown  = 1 << 16     // events that are told from those of other processes
	lookRows   = 10_000      // that a look reads at most; the next one goes on from there
)

// feed is what came into the log lately, one for all tails of a handler: what this
// process stores, as it does, and what others store, by looking into the store now and
// then. It runs while somebody reads, and for a while after that.
type feed struct {
	logger *syslog.Logger
	every  time.Duration // between two looks; 0 is never
	limit  time.Duration // of a look
	now    func() time.Time
	warn   func(msg string, err error)

	mu      sync.Mutex
	epoch   string // of this run; numbers of another one mean nothing
	items   []syslog.Log
	first   uint64 // the number of items[0]
	bytes   int
	changed chan struct{} // is closed when something came
	readers int
	linger  *time.Timer
	run     *feedRun // nil where it does not
}

// feedRun is what the goroutine that fills a feed knows. One that is not the feed's any more
// adds nothing to it.
type feedRun struct {
	f      *feed
	stop   context.CancelFunc
	began  time.Time
	known  *recent
	looked time.Time
	cursor string // where a look ended that did not come to the end
}

func (f *feed) join() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run == nil {
		if err := f.start(); err != nil {
			return err
		}
	}
	if f.readers++; f.linger != nil {
		f.linger.Stop()
		f.linger = nil
	}
	return nil
}

func (f *feed) start() error {
	sub, err := f.logger.Subscribe(feedEvents)
	if err != nil {
		return err
	}
	var id [6]byte
	_, _ = rand.Read(id[:]) // it never fails
	f.epoch, f.items, f.bytes, f.first = hex.EncodeToString(id[:]), nil, 0, 1
	f.changed = make(chan struct{})
	ctx, stop := context.WithCancel(context.Background())
	now := f.now()
	f.run = &feedRun{f: f, stop: stop, began: now, looked: now, known: newRecent(feedKnown)}
	go f.run.fill(ctx, sub)
	return nil
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers > 0 || f.run == nil {
		return
	}
	run := f.run
	f.linger = time.AfterFunc(feedLinger, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.readers == 0 && f.run == run {
			f.run, f.linger = nil, nil
			run.stop()
		}
	})
}

// fill fills the feed until it is stopped, or the logger ends.
func (r *feedRun) fill(ctx context.Context, sub *syslog.Subscription) {
	defer sub.Close()
	f := r.f
	for next := r.began.Add(f.every); ; {
		wait, cancel := ctx, context.CancelFunc(func() {})
		if f.every > 0 {
			wait, cancel = context.WithTimeout(ctx, max(0, next.Sub(f.now())))
		}
		logs, missed, err := sub.Next(wait)
		cancel()
		switch {
		case errors.Is(err, syslog.ErrClosed):
			r.end()
			return
		case ctx.Err() != nil:
			return
		}
		switch due := f.every > 0 && !f.now().Before(next); {
		case missed > 0: // these are older than the ones that came
			for again := true; again && ctx.Err() == nil; {
				again = r.look(ctx)
			}
		case due && f.watched():
			r.look(ctx)
		case f.every <= 0:
			r.looked = f.now()
		}
		r.append(logs)
		if !f.now().Before(next) {
			next = f.now().Add(f.every)
		}
	}
}

func (f *feed) watched() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.readers > 0
}

// end is that of the logger: who waits is woken up, and the next one starts anew.
func (r *feedRun) end() {
	r.f.mu.Lock()
	defer r.f.mu.Unlock()
	if r.stop(); r.f.run == r {
		r.f.run = nil
		close(r.f.changed)
	}
}

// look reads from the store what did not come by itself since the feed began and the last
// look: what others store, and what the subscription missed. It reports whether there is
// more to read.
func (r *feedRun) look(parent context.Context) (more bool) {
	ctx, cancel := context.WithTimeout(parent, r.f.limit)
	defer cancel()
	now, start := r.f.now(), r.known.since(r.looked, settle)
	if start.Before(r.began) {
		start = r.began
	}
	q := syslog.Query{Order: syslog.Asc, Limit: syslog.MaxLimit, Count: syslog.CountNone, Cursor: r.cursor}
	if q.Cursor == "" {
		q.Cursor = from(start).Cursor(syslog.Asc)
	}
	for rows := 0; rows < lookRows; {
		page, err := r.f.logger.Query(ctx, q)
		if err != nil {
			if parent.Err() == nil {
				r.f.warn("syslog/admin: live tail: cannot read what other processes store", err)
			}
			return false
		}
		rows += len(page.Logs)
		r.append(page.Logs)
		if r.cursor = page.Pagination.NextCursor; r.cursor == "" {
			r.looked = now
			return false
		}
		q.Cursor = r.cursor
	}
	return true
}

// append adds events that came at the same time, without those that came before.
func (r *feedRun) append(logs []syslog.Log) {
	logs = slices.DeleteFunc(logs, func(l syslog.Log) bool { return !r.known.add(&l) })
	if len(logs) == 0 {
		return
	}
	slices.SortFunc(logs, func(a, b syslog.Log) int { return comparePositions(position(a, 0), position(b, 0)) })
	f := r.f
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run != r {
		return
	}
	for i := range logs {
		f.bytes += sizeOf(&logs[i])
	}
	f.items = append(f.items, logs...)
	drop := 0
	for left := f.bytes; drop < len(f.items) && (len(f.items)-drop > feedEvents || left > feedBytes); drop++ {
		left -= sizeOf(&f.items[drop])
		f.bytes = left
	}
	f.items = slices.Delete(f.items, 0, drop)
	f.first += uint64(drop)
	close(f.changed)
	f.changed = make(chan struct{})
}

func sizeOf(l *syslog.Log) int { return len(l.Message) + len(l.Metadata) + 200 }

// read returns what came from a number on; ok is false where some of that is gone. The
// channel is closed when there is more, and running false when there will be none.
func (f *feed) read(number uint64, most int) (items []syslog.Log, ok, running bool, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if number < f.first {
		return nil, false, f.run != nil, f.changed
	}
	at := min(int(number-f.first), len(f.items))
	return slices.Clone(f.items[at:min(len(f.items), at+most)]), true, f.run != nil, f.changed
}

// next is the number of the next event.
func (f *feed) next() (epoch string, number uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.epoch, f.first + uint64(len(f.items))
}
