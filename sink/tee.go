package sink

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// Tee writes every batch to each sink, one after the other, also when one
// fails. Sinks that are nil are left out; a Tee of none accepts everything.
//
// Write fails when one of the sinks does, with all their errors joined, and the
// retry then repeats the batch for all of them: use it for sinks that know an
// event by its ID or can bear it twice. They also share one timeout. Sinks of
// their own in syslog.Config.Sinks have neither drawback.
//
// The joined error is [syslog.Permanent] only if every failure is, so that the
// others are retried, [syslog.Misconfigured] if the rest of them is that, and asks
// to wait as long as the longest [syslog.RetryAfter] in it. errors.Is sees through it; errors.As does not.
//
// Close closes every sink once, in order, and joins their errors.
func Tee(sinks ...syslog.Sink) syslog.Sink {
	return &tee{sinks: slices.DeleteFunc(slices.Clone(sinks), func(s syslog.Sink) bool { return s == nil })}
}

type tee struct {
	sinks  []syslog.Sink
	closed once
}

func (t *tee) Write(ctx context.Context, logs []syslog.Log) error {
	var errs []error
	for _, s := range t.sinks {
		if err := s.Write(ctx, logs); err != nil {
			errs = append(errs, err)
		}
	}
	return join(errs)
}

func (t *tee) Close(ctx context.Context) error {
	return t.closed.close(func() error {
		var errs []error
		for _, s := range t.sinks {
			errs = append(errs, s.Close(ctx))
		}
		return errors.Join(errs...)
	})
}

// join is errors.Join with one mark for all instead of the first one found.
func join(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	permanent, passes, after := true, false, time.Duration(0)
	plain := make([]error, len(errs))
	for i, err := range errs {
		plain[i] = unmarked{err}
		var p interface{ IsPermanent() bool }
		if !errors.As(err, &p) || !p.IsPermanent() {
			permanent = false
			var m interface{ IsMisconfigured() bool }
			passes = passes || !errors.As(err, &m) || !m.IsMisconfigured()
		}
		var d interface{ RetryDelay() time.Duration }
		if errors.As(err, &d) {
			after = max(after, d.RetryDelay())
		}
	}
	err := errors.Join(plain...)
	switch {
	case permanent:
		return syslog.Permanent(err)
	case !passes:
		return syslog.Misconfigured(err)
	case after > 0:
		return syslog.RetryAfter(err, after)
	}
	return err
}

// unmarked hides an error's marks, which apply to one sink alone.
type unmarked struct{ err error }

func (e unmarked) Error() string        { return e.err.Error() }
func (e unmarked) Is(target error) bool { return errors.Is(e.err, target) }
