package sink

import (
	"context"

	"github.com/callastar/syslog"
)

// Filter passes on to s the events that keep is true for, in their order; the
// others count as delivered. When none is left s is not called. A nil keep
// keeps all, and one that panics keeps the event at hand. Errors are those of
// s. Filter(nil, keep) is nil.
//
// keep is called on the goroutine that calls Write, possibly several times for
// an event, and must not change it.
func Filter(s syslog.Sink, keep func(syslog.Log) bool) syslog.Sink {
	if s == nil {
		return nil
	}
	if keep == nil {
		keep = func(syslog.Log) bool { return true }
	}
	f := &filter{sink: s, keep: keep}
	if counting, ok := s.(syslog.CountingSink); ok {
		return &countingFilter{filter: f, counting: counting}
	}
	return f
}

// MinLevel passes on to s the events of this level and above, as [Filter].
func MinLevel(s syslog.Sink, level syslog.LogLevel) syslog.Sink {
	return Filter(s, func(l syslog.Log) bool { return l.Level >= level })
}

type filter struct {
	sink   syslog.Sink
	keep   func(syslog.Log) bool
	closed once
}

func (f *filter) Write(ctx context.Context, logs []syslog.Log) error {
	kept := f.choose(logs)
	if len(kept) == 0 {
		return nil
	}
	return f.sink.Write(ctx, kept)
}

func (f *filter) Close(ctx context.Context) error {
	return f.closed.close(func() error { return f.sink.Close(ctx) })
}

// choose returns logs itself where all are kept: the usual case of a retry, and
// of filters for what is rare.
func (f *filter) choose(logs []syslog.Log) []syslog.Log {
	for i := range logs {
		if f.keeps(logs[i]) {
			continue
		}
		kept := append(make([]syslog.Log, 0, len(logs)), logs[:i]...)
		for _, l := range logs[i+1:] {
			if f.keeps(l) {
				kept = append(kept, l)
			}
		}
		return kept
	}
	return logs
}

func (f *filter) keeps(l syslog.Log) (keep bool) {
	defer func() {
		if recover() != nil {
			keep = true // better one event too many than one lost
		}
	}()
	return f.keep(l)
}

// countingFilter lets the logger go on telling new events from duplicates.
type countingFilter struct {
	*filter
	counting syslog.CountingSink
}

// WriteCount counts the events that were left out as new ones.
func (f *countingFilter) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	kept := f.choose(logs)
	if len(kept) == 0 {
		return len(logs), nil
	}
	n, err := f.counting.WriteCount(ctx, kept)
	return n + len(logs) - len(kept), err
}
