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
	stop    context.CancelFunc // nil where it does not run

	known  *recent // of the goroutine, as what follows
	looked time.Time
	cursor string // where a look ended that did not come to the end
}

func (f *feed) join() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop == nil {
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
	f.changed, f.known, f.looked, f.cursor = make(chan struct{}), newRecent(feedKnown), f.now(), ""
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	go f.run(ctx, sub)
	return nil
}

func (f *feed) leave() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.readers--; f.readers > 0 || f.stop == nil {
		return
	}
	stop := f.stop
	f.linger = time.AfterFunc(feedLinger, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.readers == 0 && f.linger != nil {
			f.stop, f.linger = nil, nil
			stop()
		}
	})
}

// run fills the feed until it is stopped, or the logger ends.
func (f *feed) run(ctx context.Context, sub *syslog.Subscription) {
	defer sub.Close()
	began := f.looked
	for next := began.Add(f.every); ; {
		wait, cancel := ctx, context.CancelFunc(func() {})
		if f.every > 0 {
			wait, cancel = context.WithTimeout(ctx, max(0, next.Sub(f.now())))
		}
		logs, missed, err := sub.Next(wait)
		cancel()
		switch {
		case errors.Is(err, syslog.ErrClosed):
			f.end(ctx)
			return
		case ctx.Err() != nil:
			return
		}
		switch due := f.every > 0 && !f.now().Before(next); {
		case missed > 0: // these are older than the ones that came
			for again := true; again && ctx.Err() == nil; {
				again = f.look(ctx, began)
			}
		case due && f.watched():
			f.look(ctx, began)
		case f.every <= 0:
			f.looked = f.now()
		}
		f.append(f.fresh(logs))
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
func (f *feed) end(ctx context.Context) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() == nil {
		f.stop()
		f.stop = nil
		close(f.changed)
	}
}

// look reads from the store what did not come by itself since the feed began and the last
// look: what others store, and what the subscription missed. It reports whether there is
// more to read.
func (f *feed) look(parent context.Context, began time.Time) (more bool) {
	ctx, cancel := context.WithTimeout(parent, f.limit)
	defer cancel()
	now, start := f.now(), f.known.since(f.looked, settle)
	if start.Before(began) {
		start = began
	}
	q := syslog.Query{Order: syslog.Asc, Limit: syslog.MaxLimit, Count: syslog.CountNone, Cursor: f.cursor}
	if q.Cursor == "" {
		q.Cursor = from(start).Cursor(syslog.Asc)
	}
	for rows := 0; rows < lookRows; {
		page, err := f.logger.Query(ctx, q)
		if err != nil {
			if parent.Err() == nil {
				f.warn("syslog/admin: live tail: cannot read what other processes store", err)
			}
			return false
		}
		rows += len(page.Logs)
		f.append(f.fresh(page.Logs))
		if f.cursor = page.Pagination.NextCursor; f.cursor == "" {
			f.looked = now
			return false
		}
		q.Cursor = f.cursor
	}
	return true
}

// fresh are those of some events that it was not told of before.
func (f *feed) fresh(logs []syslog.Log) []syslog.Log {
	return slices.DeleteFunc(logs, func(l syslog.Log) bool { return !f.known.add(&l) })
}

// append adds events that came at the same time.
func (f *feed) append(logs []syslog.Log) {
	if len(logs) == 0 {
		return
	}
	slices.SortFunc(logs, func(a, b syslog.Log) int { return comparePositions(position(a, 0), position(b, 0)) })
	f.mu.Lock()
	defer f.mu.Unlock()
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
		return nil, false, f.stop != nil, f.changed
	}
	at := min(int(number-f.first), len(f.items))
	return slices.Clone(f.items[at:min(len(f.items), at+most)]), true, f.stop != nil, f.changed
}

// next is the number of the next event.
func (f *feed) next() (epoch string, number uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.epoch, f.first + uint64(len(f.items))
}
