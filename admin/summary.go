package admin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

type counted struct {
	Success bool             `json:"success"`
	Count   int64            `json:"count"`
	Kind    syslog.CountKind `json:"kind"`
}

// count serves GET …/count: the total without the rows.
func (h *Handler) count(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, with("count")...)
	s := g.selection()
	f, kind := s.filter(g.v, h.now()), g.count()
	if kind == syslog.CountNone {
		g.v.add("count", "want_exact")
	}
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	p, err := h.total(ctx, f, kind)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, counted{true, p.TotalCount, p.CountKind})
	return nil
}

// total counts without reading events.
func (h *Handler) total(ctx context.Context, f syslog.Filter, kind syslog.Count) (syslog.Pagination, error) {
	page, err := h.logger.Query(ctx, syslog.Query{Filter: f, Limit: 1, Count: kind})
	if err != nil {
		return syslog.Pagination{}, asProblem(ctx, err)
	}
	return page.Pagination, nil
}

// statistics are what some events have in common.
type statistics struct {
	Success   bool               `json:"success"`
	Total     int64              `json:"total"`
	ByLevel   syslog.LevelCounts `json:"byLevel"`
	ErrorRate float64            `json:"errorRate"` // of ERROR and CRITICAL, 0 to 1
	ByActor   syslog.Facet       `json:"byActor"`
	Types     syslog.Facet       `json:"types"`
	ActorIDs  syslog.Facet       `json:"actorIds"`
	Oldest    *time.Time         `json:"oldest"`
	Newest    *time.Time         `json:"newest"`
	// Previous is the period of the same length before this one, null where the period is open.
	Previous *earlier `json:"previous"`
}

type earlier struct {
	From      time.Time          `json:"from"`
	To        time.Time          `json:"to"`
	Total     int64              `json:"total"`
	ByLevel   syslog.LevelCounts `json:"byLevel"`
	ErrorRate float64            `json:"errorRate"`
	Delta     int64              `json:"delta"` // the total of this period less that one
}

// stats serves GET …/stats.
func (h *Handler) stats(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, with("limit")...)
	s, now := g.selection(), h.now()
	f, limit := s.filter(g.v, now), g.number("limit", 1, maxFacet, 10)
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	out, err := h.summary(ctx, f, limit, now)
	if err != nil {
		return asProblem(ctx, err)
	}
	answer(w, http.StatusOK, out)
	return nil
}

func (h *Handler) summary(ctx context.Context, f syslog.Filter, limit int, now time.Time) (out statistics, err error) {
	out.Success = true
	if out.ByLevel, err = h.levels(ctx, f); err != nil {
		return out, err
	}
	out.Total, out.ErrorRate = out.ByLevel.Total(), errorRate(out.ByLevel)
	for field, into := range map[syslog.Field]*syslog.Facet{
		syslog.FieldActor: &out.ByActor, syslog.FieldType: &out.Types, syslog.FieldActorID: &out.ActorIDs,
	} {
		if *into, err = h.logger.Facets(ctx, f, syslog.FacetQuery{Field: field, Limit: limit}); err != nil {
			return out, err
		}
	}
	if out.Oldest, out.Newest, err = h.bounds(ctx, f); err != nil || f.From.IsZero() {
		return out, err
	}
	to := f.To
	if to.IsZero() {
		to = now
	}
	before := f
	before.To = f.From.Add(-time.Millisecond)
	before.From = before.To.Add(-to.Sub(f.From))
	if !to.After(f.From) || before.From.Year() < 1 {
		return out, nil
	}
	levels, err := h.levels(ctx, before)
	if err != nil {
		return out, err
	}
	out.Previous = &earlier{before.From.UTC(), before.To.UTC(), levels.Total(), levels, errorRate(levels), out.Total - levels.Total()}
	return out, nil
}

func errorRate(c syslog.LevelCounts) float64 {
	if c.Total() == 0 {
		return 0
	}
	return float64(c.Error+c.Critical) / float64(c.Total())
}

// The first and the last moment that an event can have.
var (
	dawn = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC)
	dusk = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)
)

// levels counts by level: one bucket from end to end. A store that has no histograms
// counts one level after the other.
func (h *Handler) levels(ctx context.Context, f syslog.Filter) (c syslog.LevelCounts, err error) {
	from, to := f.From, f.To
	if from.IsZero() {
		from = dawn
	}
	if to.IsZero() || to.After(dusk) {
		to = dusk
	}
	buckets, err := h.logger.Histogram(ctx, f, []time.Time{from, to.Add(time.Millisecond)})
	if err == nil {
		return buckets[0], nil
	}
	if !errors.Is(err, errors.ErrUnsupported) {
		return c, err
	}
	for _, level := range syslog.Levels() {
		one := f
		for _, other := range syslog.Levels() {
			if other != level {
				one.Not.Levels = append(one.Not.Levels[:len(one.Not.Levels):len(one.Not.Levels)], other)
			}
		}
		page, err := h.logger.Query(ctx, syslog.Query{Filter: one, Limit: 1})
		if err != nil {
			return c, err
		}
		c.Add(level, page.Pagination.TotalCount)
	}
	return c, nil
}

// bounds are when the first and the last of some events happened.
func (h *Handler) bounds(ctx context.Context, f syslog.Filter) (oldest, newest *time.Time, err error) {
	for o, into := range map[syslog.Order]**time.Time{syslog.Asc: &oldest, syslog.Desc: &newest} {
		page, err := h.logger.Query(ctx, syslog.Query{Filter: f, Order: o, Limit: 1, Count: syslog.CountNone})
		if err != nil {
			return nil, nil, err
		}
		if len(page.Logs) > 0 {
			*into = &page.Logs[0].CreatedAt
		}
	}
	return oldest, newest, nil
}
