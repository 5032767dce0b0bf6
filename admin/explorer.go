package admin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// deepest is how far a page by its number may lie: further back leads a date, or a cursor.
const deepest = 50_000

// asked is what a request of the explorer asks for.
type asked struct {
	frame
	selection selection
	query     syslog.Query
	asOf      string
	columns   []column
	wrap      bool
	problem   *problem
}

// ask reads a query of the page, which is that of a list and what only the page knows.
func (h *Handler) ask(r *http.Request, f frame) asked {
	a := asked{frame: f}
	raw := r.URL.RawQuery
	a.query, a.asOf, a.problem = listQuery(raw, f.now)
	g := read(raw, with(paging...)...)
	a.selection = g.selection()
	if g.get("count") == "" {
		a.query.Count = syslog.CountCapped // rows do not wait for more
	}
	v := &invalid{}
	a.columns = readColumns(f.place.query.Get("cols"), v, f.voice.catalog)
	if a.wrap = f.place.query.Get("wrap") == "1"; !a.wrap && f.place.query.Get("wrap") != "" {
		v.add("wrap", "want_one")
	}
	limit := a.query.Limit
	if limit == 0 {
		limit = syslog.DefaultLimit
	}
	if a.query.Page > deepest/limit+1 {
		v.add("page", "want_nearer", f.voice.number(int64(deepest/limit+1)))
	}
	if a.query.Offset > deepest {
		v.add("offset", "want_nearer", f.voice.number(deepest))
	}
	if p := v.problem(); p != nil {
		if a.problem != nil {
			p.details = append(p.details, a.problem.details...)
		}
		a.problem = p
	}
	return a
}

// explorerPage serves GET / and GET rows: the list with its filters. What a form has sent is led to
// the query that it means. A query that is wrong, or takes too long, shows the form again.
func (h *Handler) explorerPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	if to := tidied(r, h.opts.DefaultRange != ""); to != "" {
		if !fragment(r) {
			redirect(w, to, http.StatusSeeOther)
			return nil
		}
		// A script does not follow what leads elsewhere, which may be a login.
		_, query, _ := strings.Cut(to, "?")
		r = r.Clone(r.Context())
		r.URL.RawQuery = query
		if p := h.guessed(r, who); p != nil { // what the form has sent was none of the filter before
			return p
		}
		w.Header().Set("X-Query", query)
	}
	f := h.frame(r, who, "explorer", "explorer.title")
	if to := h.opts.DefaultRange; to != "" && f.place.bare() && !fragment(r) {
		redirect(w, f.place.filtered("range", to), http.StatusSeeOther)
		return nil
	}
	a := h.ask(r, f)
	v := h.newExplorer(a)
	status := http.StatusOK
	if err := h.fillRows(r.Context(), a, &v); err != nil {
		var p *problem
		if !errors.As(err, &p) {
			p = asProblem(r.Context(), err)
		}
		if errors.Is(r.Context().Err(), context.Canceled) {
			return err
		}
		h.note(w, r, p)
		status = p.status
		v.fail(a, p)
	}
	return h.show(w, r, status, "explorer", "rows", v)
}

// fillRows reads the page of the list.
func (h *Handler) fillRows(ctx context.Context, a asked, v *explorerView) error {
	if a.problem != nil {
		return a.problem
	}
	began := time.Now()
	page, err := h.page(ctx, a.query)
	if err != nil {
		return err
	}
	page.Pagination.AsOf = a.asOf
	v.Took = a.voice.length(time.Since(began))
	v.list(a, page)
	if len(page.Logs) == 0 {
		h.nothing(ctx, a, v)
	}
	return nil
}

// nothing says why a list is empty: nothing was ever logged, nothing matches, or it lies
// before the period.
func (h *Handler) nothing(ctx context.Context, a asked, v *explorerView) {
	if a.query.IsZero() && a.query.Offset == 0 && a.query.Page <= 1 && a.query.Cursor == "" {
		v.Empty, v.Counts = emptyView{Never: true, Snippet: snippet}, false
		return
	}
	v.Empty.Nothing = true
	v.Empty.Clear = a.place.to("")
	if a.query.From.IsZero() {
		return
	}
	if a.selection.Range != "7d" && a.selection.Range != "30d" {
		v.Empty.Week = a.place.filtered("range", "7d", "startDate", "", "endDate", "")
	}
	v.Empty.All = a.place.filtered("range", a.everything, "startDate", "", "endDate", "")
	older := a.query.Filter
	older.From, older.To = time.Time{}, a.query.From.Add(-time.Millisecond)
	ctx, cancel := h.limited(ctx)
	defer cancel()
	page, err := h.logger.Query(ctx, syslog.Query{Filter: older, Limit: 1, Count: syslog.CountNone})
	if err == nil && len(page.Logs) > 0 { // it is only a hint
		l := page.Logs[0]
		v.Empty.Older = a.voice.ago(l.CreatedAt, a.now)
		v.Empty.OlderHref = a.place.filtered("range", "", "startDate", "", "endDate", iso(l.CreatedAt))
	}
}

// snippet is how a program logs its first event.
const snippet = `st, err := sqlite.Open("app-logs.db")
logger, err := syslog.New(st, nil)
logger.Info(ctx, "AUTH_LOGIN", syslog.User("usr_1"), "Login of user usr_1 succeeded")
err = logger.Flush(ctx)`

// limits are the numbers of rows that a page may have.
var limits = []int{25, 50, 100, 250, 500}

// lost says how many events the pipeline has lost since the first of them, "" for none.
func (h *Handler) lost(f frame) string {
	s := h.logger.Stats()
	n := int64(s.Refused + s.Dropped)
	if n == 0 {
		return ""
	}
	return f.voice.counted("explorer.lost", n, f.voice.since(s.LostSince.In(f.loc), f.now.In(f.loc)))
}

// aggregates reports whether the store counts by values and by time.
func (h *Handler) aggregates() bool { return h.capabilities()["facets"] }

// levelNames are the levels from the least to the gravest.
func levelNames() (out []string) {
	for _, l := range syslog.Levels() {
		out = append(out, l.String())
	}
	return out
}

func has(list, value string) bool { return slices.Contains(splitList(list), value) }
