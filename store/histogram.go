package store

import (
	"context"
	"fmt"
	"time"

	"github.com/callastar/syslog"
)

// Histogram counts by time and level what f chooses, as syslog.Logger.Histogram says. All
// of it is read at one moment, unless the database cannot compare what f asks for.
func (s *Store) Histogram(ctx context.Context, f syslog.Filter, edges []time.Time) ([]syslog.LevelCounts, error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return nil, err
	}
	counts := make([]syslog.LevelCounts, max(0, len(edges)-1))
	spans := spansOf(&f, edges)
	var err error
	switch {
	case len(spans) == 0:
		err = ctx.Err()
	case s.dialect.Moment == "" || s.inGo(&f):
		f.From, f.To = spans[0].from, spans[len(spans)-1].until.Add(-time.Millisecond)
		for l, failed := range s.each(ctx, &f, syslog.Desc, nil) {
			if err = failed; err != nil {
				break
			}
			if i, ok := syslog.BucketOf(edges, l.CreatedAt); ok {
				counts[i].Add(l.Level, 1)
			}
		}
	case s.dialect.PartialIndexes && timed(&f):
		err = s.countByIndex(ctx, &f, spans, counts)
	case s.dialect.WidthBucket:
		err = s.countByScan(ctx, &f, spans, counts)
	default:
		err = s.countBySpan(ctx, &f, spans, counts)
	}
	if err != nil {
		return nil, fmt.Errorf("store: histogram: %w", s.plain(err))
	}
	return counts, nil
}

// span is a bucket, as far as the filter reaches: from is in it, until is not.
type span struct {
	bucket      int
	from, until time.Time
}

// spansOf are those in which there may be events, in order.
func spansOf(f *syslog.Filter, edges []time.Time) (spans []span) {
	for i := range max(0, len(edges)-1) {
		at := span{i, edges[i], edges[i+1]}
		if !f.From.IsZero() && f.From.After(at.from) {
			at.from = f.From
		}
		if end := f.To.Add(time.Millisecond); !f.To.IsZero() && end.Before(at.until) {
			at.until = end
		}
		if at.from.Before(at.until) {
			spans = append(spans, at)
		}
	}
	return spans
}

// timed reports whether f asks for nothing but levels and times.
func timed(f *syslog.Filter) bool {
	rest := *f
	rest.Levels, rest.From, rest.To = nil, time.Time{}, time.Time{}
	return rest.IsZero()
}
