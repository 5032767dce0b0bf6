package syslogtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog"
)

// Store is a syslog.Store in memory, with the answers that the stores on a
// database give. Make it with [NewStore]. All its methods may be called
// concurrently.
type Store struct {
	mu      sync.Mutex
	logs    []syslog.Log // by (createdAt, id); an element is replaced, never changed
	ids     map[string]struct{}
	changed chan struct{} // closed by the next change
	closed  bool
	faults  faults

	cleaning atomic.Bool
}

var (
	_ syslog.Store        = (*Store)(nil)
	_ syslog.CountingSink = (*Store)(nil)
	_ syslog.Getter       = (*Store)(nil)
	_ syslog.Aggregator   = (*Store)(nil)
	_ syslog.Sizer        = (*Store)(nil)
	_ syslog.Anonymizer   = (*Store)(nil)
)

// NewStore makes an empty store.
func NewStore() *Store {
	return &Store{ids: map[string]struct{}{}, changed: make(chan struct{})}
}

// Write stores the events it does not have yet, by ID. It stores all of them or,
// on an error, none: the error of [Store.FailWrites], ctx's, or
// syslog.ErrClosed.
func (s *Store) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := s.WriteCount(ctx, logs)
	return err
}

// WriteCount is Write, and returns how many of the events were new.
func (s *Store) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	ctx = background(ctx)
	if err := s.lockPastGates(ctx); err != nil {
		return 0, err
	}
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return 0, err
	}
	if err := s.faults.next(); err != nil {
		return 0, err
	}
	n := 0
	for _, l := range logs {
		if _, ok := s.ids[l.ID]; ok {
			continue
		}
		s.insert(l)
		n++
	}
	if n > 0 {
		s.wake()
	}
	return n, nil
}

// Close ends the store: every method returns syslog.ErrClosed after it, except
// Close, which returns nil, and [Store.Logs].
func (s *Store) Close(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.wake()
	return nil
}

// Logs returns a copy of every stored event, oldest first, also after Close.
func (s *Store) Logs() []syslog.Log {
	s.mu.Lock()
	defer s.mu.Unlock()
	logs := make([]syslog.Log, len(s.logs))
	for i, l := range s.logs {
		logs[i] = clone(l)
	}
	return logs
}

// background is ctx, or one that never ends for a nil one.
func background(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// usable says why a method cannot do its work; s.mu is held.
func (s *Store) usable(ctx context.Context) error {
	if s.closed {
		return fmt.Errorf("syslogtest: %w", syslog.ErrClosed)
	}
	return ctx.Err()
}

// insert adds a new event, at the precision of a database; s.mu is held.
func (s *Store) insert(l syslog.Log) {
	l = clone(l)
	l.CreatedAt = time.UnixMilli(l.CreatedAt.UnixMilli()).UTC()
	s.ids[l.ID] = struct{}{}
	i, _ := slices.BinarySearchFunc(s.logs, l, compare)
	s.logs = slices.Insert(s.logs, i, l)
}

// wake tells those who wait for a change; s.mu is held.
func (s *Store) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// count returns how many events there are, and a channel that is closed when
// that may have changed.
func (s *Store) count() (int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.logs), s.changed
}

// compare is the order of events.
func compare(a, b syslog.Log) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

// clone copies what a caller could change.
func clone(l syslog.Log) syslog.Log {
	l.Metadata = slices.Clone(l.Metadata)
	return l
}
