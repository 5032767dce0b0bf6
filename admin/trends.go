package admin

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/callastar/syslog"
)

// usualRange is the period of the trends where none is asked for.
const usualRange = "7d"

// topValues is how many types and actors the trends list.
const topValues = 10

// trends are what a period has in it, beside the one before.
type trends struct {
	statistics
	step   interval
	edges  []time.Time
	counts []syslog.LevelCounts
	days   []dayCounts
	cut    bool                // days are the last ones only
	all    syslog.Facet        // the types, of which Types has the most frequent
	before map[string]int64    // types of the period before
	fresh  []syslog.FacetValue // types that the period before did not have
	partly bool                // there are more types than are compared
}

// trendsPage serves GET trends, and with format=csv its numbers as a file.
func (h *Handler) trendsPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	if q, changed := tidyTrends(r); changed {
		redirect(w, place{ownBase(r), q}.turned("trends"), http.StatusSeeOther)
		return nil
	}
	g := read(r.URL.RawQuery, with("format", "sep", "bom")...)
	as, file := g.exportFormat(), g.get("format") != ""
	if file && as.format != formatCSV {
		g.v.add("format", "want_csv")
	}
	for _, name := range []string{"sep", "bom"} {
		if !file && g.get(name) != "" {
			g.v.add(name, "csv_only")
		}
	}
	if file {
		if p := withinSite(r); p != nil {
			return p
		}
	}
	q := g.values
	for _, name := range []string{"format", "sep", "bom"} {
		q.Del(name)
	}
	for _, name := range quiet {
		if text := r.URL.Query().Get(name); text != "" {
			q.Set(name, text)
		}
	}
	if q.Get("range") == "" && q.Get("startDate") == "" && q.Get("endDate") == "" {
		q.Set("range", usualRange)
	}
	p := g.v.problem()
	a := h.asking(r, who, q)
	if a.problem != nil && p == nil {
		p = a.problem
	}
	if p != nil {
		return p
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	t, err := h.trends(ctx, a)
	if err != nil {
		return asProblem(ctx, err)
	}
	if file {
		return writeTrends(w, r, a, t, as, who)
	}
	return h.show(w, r, http.StatusOK, "trends", "trends", newTrends(a, t))
}

// tidyTrends is the query that a form means: here all time is a choice, since it is not what
// there is without one.
func tidyTrends(r *http.Request) (out url.Values, changed bool) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return q, false // it is answered by what is wrong
	}
	out, _ = tidy(q, false)
	if q.Get(formRange) == "all" || q.Get(formRange) == "" && q.Get("range") == "all" {
		out.Set("range", "all")
	}
	return out, encode(out) != encode(q)
}

// asking is what the page asks for, with the period that it has then.
func (h *Handler) asking(r *http.Request, who Principal, q url.Values) asked {
	r = at(r, q)
	return h.ask(r, h.frame(r, who, "trends", "trends.title"))
}

func (h *Handler) trends(ctx context.Context, a asked) (t trends, err error) {
	f := a.query.Filter
	if t.statistics, err = h.summary(ctx, f, syslog.MaxFacetLimit, a.now); err != nil {
		return t, err
	}
	t.all = t.Types
	for _, facet := range []*syslog.Facet{&t.Types, &t.ActorIDs} {
		facet.Values = facet.Values[:min(topValues, len(facet.Values))]
	}
	if t.step, t.edges, t.counts, err = h.spans(ctx, f, defaultBuckets, a.loc, a.now); err != nil {
		return t, err
	}
	if t.days, t.cut, err = h.days(ctx, f, t.edges, a.loc, a.now); err != nil || t.Previous == nil {
		return t, err
	}
	return t, h.compare(ctx, f, t.all, &t)
}

// compare sets the types of a period beside those of the one before.
func (h *Handler) compare(ctx context.Context, f syslog.Filter, now syslog.Facet, t *trends) error {
	f.From, f.To = t.Previous.From, t.Previous.To
	old, err := h.logger.Facets(ctx, f, syslog.FacetQuery{Field: syslog.FieldType, Limit: syslog.MaxFacetLimit})
	if err != nil {
		return err
	}
	t.before = map[string]int64{}
	for _, v := range old.Values {
		t.before[v.Value] = v.Count
	}
	for _, v := range now.Values {
		if _, known := t.before[v.Value]; !known {
			t.fresh = append(t.fresh, v)
		}
	}
	t.partly = old.Other+now.Other > 0 || old.Capped || now.Capped
	return nil
}
