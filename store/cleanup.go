package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
)

// Cleanup deletes what p no longer keeps at the time now. While it runs, another
// on the same table, in this process or another one, is ErrCleanupRunning.
//
// It ends early, and without an error, once Options.CleanupBudget is used up: the
// next one goes on from there, and CleanupStats.Remaining says what is left.
func (s *Store) Cleanup(ctx context.Context, p syslog.RetentionPolicy, now time.Time) (stats syslog.CleanupStats, err error) {
	ctx = background(ctx)
	start := time.Now()
	stats.Policy = p
	if err := errors.Join(s.alive(), p.Validate()); err != nil {
		return stats, err
	}
	ctx, done := s.running.start(ctx)
	defer func() { done(&err) }()
	held, err := s.lock(ctx, "cleanup")
	if err != nil {
		return stats, err
	}
	defer func() {
		stats.DurationMs = time.Since(start).Milliseconds()
		if relErr := held.Release(ctx); err == nil && relErr != nil {
			err = fmt.Errorf("store: cleanup is done, but its lock is left for up to %v: %w", leaseTime, s.plain(relErr))
		}
	}()
	expiry := Expiry{}
	for _, level := range syslog.Levels() {
		if age, finite := p.Age(level); finite {
			expiry[level] = lastBefore(now.Add(-age))
		}
	}
	err = s.expire(ctx, expiry, func(level syslog.LogLevel, n int64) error {
		stats.Add(level, n)
		s.progress(stats.TotalDeleted)
		if s.opts.CleanupBudget > 0 && time.Since(start) >= s.opts.CleanupBudget {
			return errBudget
		}
		return held.Renew(ctx)
	})
	if errors.Is(err, errBudget) {
		stats.Remaining, err = s.remaining(ctx, expiry)
	}
	if err != nil {
		return stats, fmt.Errorf("store: cleanup, after %d event(s): %w", stats.TotalDeleted, s.plain(err))
	}
	return stats, nil
}

// errBudget ends a cleanup whose time is up.
var errBudget = errors.New("the time for cleaning up is over")

// expire deletes level by level. deleted is called behind each batch.
func (s *Store) expire(ctx context.Context, expiry Expiry, deleted func(level syslog.LogLevel, n int64) error) error {
	if fast := s.dialect.Expire; fast != nil {
		if err := fast(ctx, expiry, deleted); err != nil {
			return err
		}
	}
	for _, level := range syslog.Levels() {
		last, finite := expiry[level]
		if !finite {
			continue
		}
		before := int64(0)
		_, err := s.deleteAll(ctx, expired(level, last), func(n int64) error {
			err := deleted(level, n-before)
			before = n
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func expired(level syslog.LogLevel, last time.Time) *syslog.Filter {
	return &syslog.Filter{Levels: []syslog.LogLevel{level}, To: last}
}

// remaining counts what a cleanup left, up to CountCap for each level: an exact
// count of a large table takes long.
func (s *Store) remaining(ctx context.Context, expiry Expiry) (total int64, err error) {
	for level, last := range expiry {
		n, err := s.count(ctx, &syslog.Query{Filter: *expired(level, last), Count: syslog.CountCapped})
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// lock takes a lock that holds across processes.
func (s *Store) lock(ctx context.Context, name string) (Lock, error) {
	if s.dialect.Lock != nil {
		return s.dialect.Lock(ctx, name)
	}
	return s.acquire(ctx, name)
}

// lastBefore is the last whole millisecond before t.
func lastBefore(t time.Time) time.Time {
	ms := time.UnixMilli(t.UnixMilli()).UTC()
	if ms.Before(t) {
		return ms
	}
	return ms.Add(-time.Millisecond)
}
