package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// maxFacet is how many values a facet lists at most.
const maxFacet = 100

// facets serves GET …/facets: how often the values of fields occur, each among the events
// that the other fields choose, so that a choice can be widened.
func (h *Handler) facets(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, with("fields", "limit")...)
	s, now := g.selection(), h.now()
	s.filter(g.v, now)
	limit := g.number("limit", 1, maxFacet, syslog.DefaultFacetLimit)
	fields := syslog.Fields()
	if text := g.get("fields"); text != "" {
		fields = nil
		for name := range names([]string{text}) {
			f, ok := fieldOf(name)
			if !ok {
				g.v.add("fields", "want_fields")
				break
			}
			if !slices.Contains(fields, f) {
				fields = append(fields, f)
			}
		}
	}
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	facets, err := h.counted(ctx, s, now, fields, limit)
	if err != nil {
		return err
	}
	out := map[string]any{"success": true}
	for i, field := range fields {
		out[string(field)] = facets[i]
	}
	answer(w, http.StatusOK, out)
	return nil
}

// counted is how often the values of fields occur, each without what s says of it.
func (h *Handler) counted(ctx context.Context, s selection, now time.Time, fields []syslog.Field, limit int) ([]syslog.Facet, error) {
	facets := make([]syslog.Facet, len(fields))
	err := h.spread(ctx, len(fields), func(ctx context.Context, i int) (err error) {
		f := s.without(fields[i]).filter(&invalid{}, now)
		facets[i], err = h.logger.Facets(ctx, f, syslog.FacetQuery{Field: fields[i], Limit: limit})
		return err
	})
	if err != nil {
		return nil, asProblem(ctx, err)
	}
	return facets, nil
}

func fieldOf(name string) (syslog.Field, bool) {
	f := syslog.Field(name)
	return f, slices.Contains(syslog.Fields(), f)
}

// without is a selection that says nothing of a field.
func (s selection) without(f syslog.Field) *selection {
	switch f {
	case syslog.FieldLevel:
		s.Level, s.MinLevel, s.NotLevel = "", "", nil
	case syslog.FieldActor:
		s.Actor, s.NotActor = "", nil
	case syslog.FieldType:
		s.Type, s.NotType = "", nil
	case syslog.FieldActorID:
		s.ActorID, s.NotActorID = "", nil
	}
	return &s
}

// suggested are values that a text may become.
type suggested struct {
	Success bool     `json:"success"`
	Values  []string `json:"values"`
}

// suggest serves GET …/suggest?field=type&q=PAY: the values that have the text, those that
// begin with it first, and of these the ones that came last.
func (h *Handler) suggest(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, "field", "q", "limit")
	field, ok := fieldOf(g.get("field"))
	if !ok {
		g.v.add("field", "want_fields")
	}
	q, limit := g.get("q"), g.number("limit", 1, maxFacet, syslog.DefaultFacetLimit)
	if len(q) > maxText {
		g.v.add("q", "too_long", maxText)
	}
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	facet, err := h.logger.Facets(ctx, syslog.Filter{}, syslog.FacetQuery{Field: field, Contains: q, ByRecency: true, Limit: maxFacet})
	if err != nil {
		return asProblem(ctx, err)
	}
	begins := func(v syslog.FacetValue) bool {
		return len(v.Value) >= len(q) && strings.EqualFold(v.Value[:len(q)], q)
	}
	slices.SortStableFunc(facet.Values, func(a, b syslog.FacetValue) int {
		switch {
		case begins(a) == begins(b):
			return 0
		case begins(a):
			return -1
		}
		return 1
	})
	out := suggested{true, []string{}}
	for _, v := range facet.Values[:min(limit, len(facet.Values))] {
		out.Values = append(out.Values, v.Value)
	}
	answer(w, http.StatusOK, out)
	return nil
}
