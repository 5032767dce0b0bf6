package syslogtest

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// Delete deletes what f chooses and returns how many. A zero filter is
// syslog.ErrEmptyFilter.
func (s *Store) Delete(ctx context.Context, f syslog.Filter) (int64, error) {
	ctx = background(ctx)
	if f.IsZero() {
		return 0, syslog.ErrEmptyFilter
	}
	f, err := f.Normalize()
	if err != nil {
		return 0, err
	}
	if f.IsZero() { // nothing must turn a filter into all
		return 0, syslog.ErrEmptyFilter
	}
	var n int64
	err = s.remove(ctx, f.Matcher(), func(syslog.Log) { n++ })
	return n, err
}

// Cleanup deletes what p no longer keeps at the time now. While one runs
// another returns syslog.ErrCleanupRunning.
func (s *Store) Cleanup(ctx context.Context, p syslog.RetentionPolicy, now time.Time) (syslog.CleanupStats, error) {
	ctx = background(ctx)
	stats := syslog.CleanupStats{Policy: maps.Clone(p)}
	if err := p.Validate(); err != nil {
		return stats, err
	}
	if !s.cleaning.CompareAndSwap(false, true) {
		return stats, syslog.ErrCleanupRunning
	}
	defer s.cleaning.Store(false)
	start := time.Now()
	err := s.remove(ctx, func(l *syslog.Log) bool {
		age, finite := p.Age(l.Level)
		return finite && l.CreatedAt.Before(now.Add(-age))
	}, func(l syslog.Log) { stats.Add(l.Level, 1) })
	stats.DurationMs = time.Since(start).Milliseconds()
	return stats, err
}

// remove deletes the chosen events, and calls count for each.
func (s *Store) remove(ctx context.Context, chosen func(*syslog.Log) bool, count func(syslog.Log)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return err
	}
	s.logs = slices.DeleteFunc(s.logs, func(l syslog.Log) bool {
		if !chosen(&l) {
			return false
		}
		delete(s.ids, l.ID)
		count(l)
		return true
	})
	s.wake()
	return nil
}
