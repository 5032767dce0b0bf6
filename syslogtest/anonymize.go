package syslogtest

import (
	"context"
	"slices"

	"github.com/callastar/syslog"
)

// Anonymize changes what f chooses, as syslog.Logger.Anonymize says. scrub is not called
// with a lock held.
func (s *Store) Anonymize(ctx context.Context, f syslog.Filter, scrub syslog.Scrub) (n int64, err error) {
	ctx = background(ctx)
	if f, err = f.Normalize(); err != nil {
		return 0, err
	}
	if f.ActorID == "" {
		return 0, syslog.ErrEmptyFilter
	}
	found, err := s.find(ctx, f, syslog.Asc)
	for _, old := range found {
		l := clone(old)
		if l.Message, l.Metadata, err = scrub(clone(old)); err != nil {
			return n, err
		}
		l.ActorID = ""
		changed, err := s.exchange(ctx, old, clone(l))
		if err != nil {
			return n, err
		}
		if changed {
			n++
		}
	}
	return n, err
}

// exchange puts an event in place of another, if that is there as it was.
func (s *Store) exchange(ctx context.Context, old, l syslog.Log) (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return false, err
	}
	i, found := slices.BinarySearchFunc(s.logs, old, compare)
	if !found || s.logs[i].ActorID != old.ActorID {
		return false, nil
	}
	s.logs[i] = l
	s.wake()
	return true, nil
}
