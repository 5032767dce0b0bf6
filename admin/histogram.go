package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

// histogram is the answer about when events happened.
type histogram struct {
	Success  bool     `json:"success"`
	Interval string   `json:"interval"`
	Start    string   `json:"start"` // of the first bucket
	End      string   `json:"end"`   // of the last one, exclusive
	Buckets  []bucket `json:"buckets"`
}

type bucket struct {
	T string `json:"t"` // its start
	syslog.LevelCounts
}

// How many buckets a histogram may have, and has by default.
const (
	maxBuckets     = 120
	defaultBuckets = 96
)

// histogram serves GET …/histogram: the number of events by level, in at most so many
// spans of the same length on the clocks of a time zone, and one more where the period
// does not begin with a span. The first and the last are counted as far as the period goes.
func (h *Handler) histogram(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, with("buckets")...)
	s, now := g.selection(), h.now()
	f, most := s.filter(g.v, now), g.number("buckets", 1, maxBuckets, defaultBuckets)
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	out, err := h.buckets(ctx, f, most, zone(s.TZ, g.v), now)
	if err != nil {
		return asProblem(ctx, err)
	}
	answer(w, http.StatusOK, out)
	return nil
}

func (h *Handler) buckets(ctx context.Context, f syslog.Filter, most int, loc *time.Location, now time.Time) (out histogram, err error) {
	step, edges, counts, err := h.spans(ctx, f, most, loc, now)
	if err != nil {
		return out, err
	}
	stamp := func(t time.Time) string { return t.UTC().Format(precise) }
	out = histogram{true, step.name, stamp(edges[0]), stamp(edges[len(edges)-1]), make([]bucket, len(counts))}
	for i, c := range counts {
		out.Buckets[i] = bucket{stamp(edges[i]), c}
	}
	return out, nil
}

// spans counts events between edges, which are one more than the counts.
func (h *Handler) spans(ctx context.Context, f syslog.Filter, most int, loc *time.Location, now time.Time) (step interval, edges []time.Time, counts []syslog.LevelCounts, err error) {
	from, to, err := h.period(ctx, f, now)
	if err != nil {
		return step, nil, nil, err
	}
	step, edges = spread(from, to, min(most+1, maxBuckets), loc)
	if edges[0].UTC().Year() < 1 {
		edges[0] = dawn
	}
	counts, err = h.logger.Histogram(ctx, f, edges)
	return step, edges, counts, err
}

// period is that of a histogram: the one asked for, which begins where it is open with the
// oldest event, whatever its kind, and ends with the newest, or now. Of no event at all it
// is the last day.
func (h *Handler) period(ctx context.Context, f syslog.Filter, now time.Time) (from, to time.Time, err error) {
	from, to = f.From, f.To
	if !from.IsZero() && !to.IsZero() {
		return from, to, nil
	}
	oldest, newest, err := h.bounds(ctx, syslog.Filter{From: from, To: to})
	if err != nil {
		return from, to, err
	}
	if to.IsZero() {
		if to = now; newest != nil && newest.After(now) {
			to = *newest
		}
	}
	if from.IsZero() {
		if from = to.Add(-24 * time.Hour); oldest != nil {
			from = *oldest
		}
	}
	if from.After(to) { // the period lies in the future
		to = from
	}
	return from, to, nil
}
