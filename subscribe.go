package syslog

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/callastar/syslog/internal/pipeline"
)

// DefaultSubscriptionSize is how many events wait for the reader of a [Subscription].
const DefaultSubscriptionSize = 1024

// Subscription hands out events once they are stored: see [Logger.Subscribe]. Its
// methods may be called concurrently; of several readers each event reaches one.
type Subscription struct {
	all  *subscriptions
	size int

	mu     sync.Mutex
	logs   []Log // that wait, oldest first
	missed uint64
	err    error         // why no more come
	wake   chan struct{} // one slot
}

// Subscribe returns what the logger stores from now on, in the order in which it does:
// each event after the store has it, most often within FlushInterval. It is for live
// views of one process: what others write to the same database, other processes and
// WriteTx of a store, is not among it.
//
// Up to size events wait for the reader, 0 is DefaultSubscriptionSize. One that is slower
// misses the oldest, which are counted: it never holds the logger back. Nothing is spent
// on subscriptions where there are none. Close it when it is no longer read. The error
// is [ErrNoStore], [ErrClosed], or that of a negative size.
func (l *Logger) Subscribe(size int) (*Subscription, error) {
	switch {
	case size < 0:
		return nil, errors.New("syslog: Subscribe: negative size: want 0 for the default, or more")
	case size == 0:
		size = DefaultSubscriptionSize
	}
	if l == nil || l.store == nil {
		return nil, ErrNoStore
	}
	s := &Subscription{all: &l.subs, size: size, wake: make(chan struct{}, 1)}
	if !l.subs.add(s) {
		return nil, ErrClosed
	}
	return s, nil
}

// Next waits for events and returns all that wait, whose Metadata must not be changed;
// missed is how many older ones made room for them since the call before. After Close, and after the
// logger's Shutdown, it returns what still waits and then [ErrClosed]; the error is ctx's
// when that ends first.
func (s *Subscription) Next(ctx context.Context) (logs []Log, missed uint64, err error) {
	ctx = background(ctx)
	for {
		s.mu.Lock()
		logs, missed, err = s.logs, s.missed, s.err
		s.logs, s.missed = nil, 0
		s.mu.Unlock()
		switch {
		case len(logs) > 0 || missed > 0:
			return logs, missed, nil
		case err != nil:
			s.signal() // for others who wait
			return nil, 0, err
		}
		select {
		case <-s.wake:
		case <-ctx.Done():
			return nil, 0, ctx.Err()
		}
	}
}

// Close ends it; a second call does nothing.
func (s *Subscription) Close() {
	s.all.remove(s)
	s.end()
}

func (s *Subscription) end() {
	s.mu.Lock()
	s.err = ErrClosed
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// add takes events, of which missed older ones have been left out.
func (s *Subscription) add(logs []Log, missed uint64) {
	s.mu.Lock()
	if s.err == nil {
		over := max(0, len(s.logs)+len(logs)-s.size)
		fromOld := min(over, len(s.logs))
		s.logs = append(slices.Delete(s.logs, 0, fromOld), logs[over-fromOld:]...)
		s.missed += missed + uint64(over)
	}
	s.mu.Unlock()
	s.signal()
}

// subscriptions are those of a logger. Reading the list costs an atomic load.
type subscriptions struct {
	mu    sync.Mutex
	ended bool
	list  atomic.Pointer[[]*Subscription]
}

func (a *subscriptions) current() []*Subscription {
	if p := a.list.Load(); p != nil {
		return *p
	}
	return nil
}

func (a *subscriptions) add(s *Subscription) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		return false
	}
	list := append(slices.Clone(a.current()), s)
	a.list.Store(&list)
	return true
}

func (a *subscriptions) remove(s *Subscription) {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(a.current()), func(other *Subscription) bool { return other == s })
	a.list.Store(&list)
}

// publish hands out a batch that is stored.
func (a *subscriptions) publish(b pipeline.Batch) {
	list := a.current()
	if len(list) == 0 {
		return
	}
	most := 0
	for _, s := range list {
		most = max(most, s.size)
	}
	skip := max(0, b.Len()-most)
	logs, i := make([]Log, 0, b.Len()-skip), 0
	for f := range b.Frames() {
		if i++; i > skip {
			logs = append(logs, fromFrame(slices.Clone(f))) // a view would keep the whole batch in memory
		}
	}
	for _, s := range list {
		s.add(logs, uint64(skip))
	}
}

// end tells all that nothing more comes.
func (a *subscriptions) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	for _, s := range a.current() {
		s.end()
	}
}
