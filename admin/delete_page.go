package admin

import (
	"net/http"
	"net/url"
	"time"

	"github.com/callastar/syslog"
)

// deleteView is a step of a deletion: what to delete, a look at it, or what came of it.
type deleteView struct {
	frame
	ReadOnly  bool
	Action    string
	Back      string
	Errors    []string
	Preview   bool // the second step
	Chips     []chip
	Filters   bool // there are some
	ByDates   bool
	Start     dateField
	End       dateField
	Spare     bool
	Fields    []option
	Forecast  forecast
	Confirm   confirmation
	ExportURL string
	Done      *doneView
}

func (h *Handler) newDelete(r *http.Request, who Principal, q url.Values) deleteView {
	if lang := r.URL.Query().Get("lang"); lang != "" {
		q.Set("lang", lang)
	}
	f := h.frame(at(r, q), who, "delete", "delete.title")
	v := deleteView{frame: f, ReadOnly: h.opts.ReadOnly, Action: f.place.to("delete"), Back: f.place.turned(""), Spare: true, Fields: inputs(chosen(q))}
	for _, name := range []string{"startDate", "endDate"} {
		v.ByDates = v.ByDates || q.Get(name) != ""
	}
	v.Start, v.End = newDate(q.Get("startDate"), f.loc, false), newDate(q.Get("endDate"), f.loc, true)
	return v
}

// filters lists what is chosen.
func (v *deleteView) filters(s selection, filter syslog.Filter) {
	if v.Chips = chips(v.frame); filter.From.IsZero() && filter.To.IsZero() {
		v.Filters = len(v.Chips) > 0
		return
	}
	if c := newPeriod(v.frame, s, filter).Chip; c != nil {
		v.Chips = append([]chip{*c}, v.Chips...)
	}
	v.Filters = len(v.Chips) > 0
}

// deletePage serves GET delete: the choice of what to delete, and with "done" what was.
func (h *Handler) deletePage(w http.ResponseWriter, r *http.Request, who Principal) error {
	g := read(r.URL.RawQuery, with("done")...)
	s := g.selection()
	filter := s.filter(g.v, h.now())
	if p := g.v.problem(); p != nil {
		return p
	}
	v := h.newDelete(r, who, chosen(g.values))
	if id := g.get("done"); id != "" {
		v.Done = h.done(r.Context(), v.frame, id, auditPrefix+"LOGS_DELETED")
		return h.show(w, r, http.StatusOK, "delete", "delete", v)
	}
	v.filters(s, filter)
	v.ByDates = !v.Filters
	return h.show(w, r, http.StatusOK, "delete", "delete", v)
}

// deleteFlow serves POST delete: a look at what a form chooses, and the deletion of what
// somebody has seen so.
func (h *Handler) deleteFlow(w http.ResponseWriter, r *http.Request, who Principal) error {
	f, p := h.readForm(w, r, who, with("deleteType", "expectedCount")...)
	if p != nil {
		return p
	}
	now, kind := h.now(), f.get("deleteType")
	if f.step == stepPreview && kind == byDates {
		f.onlyDates()
	}
	s := f.selection()
	filter, p := s.removal(kind, f.v, now)
	if p == nil && f.step == stepPreview && f.raw.Get(formSpare) != "" {
		s.spare(f)
		filter, p = s.removal(kind, f.v, now)
	}
	if p != nil {
		return h.chooseAgain(w, r, who, f, p)
	}
	if f.step == stepPreview && s.Range != "" { // what ends now would be another period by the time of the deletion
		delete(f.values, "range")
		if !filter.From.IsZero() {
			f.values.Set("startDate", iso(filter.From))
		}
	}
	ahead, err := h.foresee(r.Context(), filter, s.AsOf)
	if err != nil {
		return err
	}
	typed := mustType(ahead, now)
	p = nil
	if f.step == stepConfirm {
		if p = f.confirmed(ahead, typed); p == nil {
			return h.deleteNow(w, r, who, filter, kind)
		} else if p.details != nil {
			return p
		}
	}
	return h.showPreview(w, r, who, f, s, filter, ahead, typed, p)
}

// mustType reports whether a button is not enough: for what is much, fresh or grave.
func mustType(p previewed, now time.Time) bool {
	return p.Count > 100 || p.ByLevel.Critical > 0 || p.To == nil || p.To.After(now.Add(-24*time.Hour))
}

// onlyDates makes the dates of the form all that it chooses by.
func (f sent) onlyDates() {
	for name := range chosen(f.values) {
		if name != "tz" {
			delete(f.values, name)
		}
	}
	for name, own := range map[string]string{"startDate": formStart, "endDate": formEnd} {
		f.values.Set(name, f.raw.Get(own))
	}
}

// spare leaves CRITICAL out.
func (s *selection) spare(f sent) {
	critical := syslog.LevelCritical.String()
	s.NotLevel = append(s.NotLevel, critical)
	f.values.Add("notLevel", critical)
}

// chooseAgain shows the first step with what is wrong with it.
func (h *Handler) chooseAgain(w http.ResponseWriter, r *http.Request, who Principal, f sent, p *problem) error {
	if f.step == stepConfirm {
		return p // the fields are not somebody's own
	}
	h.note(w, r, p)
	q := chosen(f.raw)
	v := h.newDelete(r, who, q)
	v.Start, v.End = newDate(f.raw.Get(formStart), v.loc, false), newDate(f.raw.Get(formEnd), v.loc, true)
	s := parameters{f.raw, &invalid{}}.selection()
	v.filters(s, s.filter(&invalid{}, h.now()))
	v.ByDates, v.Spare = f.get("deleteType") != byFilters, f.raw.Get(formSpare) != ""
	if len(p.details) == 0 {
		v.Errors = []string{v.voice.say(p.key)}
	}
	for _, d := range p.details {
		if d.key == "want_both_dates" {
			d.key = "delete.wantDate"
		}
		v.Errors = append(v.Errors, v.voice.fault(d))
	}
	return h.show(w, r, p.status, "delete", "delete", v)
}

// deleteNow deletes, and leads to what came of it.
func (h *Handler) deleteNow(w http.ResponseWriter, r *http.Request, who Principal, f syslog.Filter, kind string) error {
	_, id, err := h.removeAll(r, who, f, kind)
	if err != nil {
		return err
	}
	h.leadTo(w, r, "delete", "done", id)
	return nil
}

// leadTo redirects to another page once what was recorded can be read there, or that takes
// too long.
func (h *Handler) leadTo(w http.ResponseWriter, r *http.Request, path string, changes ...string) {
	ctx, cancel := h.limited(r.Context())
	defer cancel()
	_ = h.flush(ctx) // the page says what it does not find
	redirect(w, place{ownBase(r), r.URL.Query()}.to(path, changes...), http.StatusSeeOther)
}

// showPreview shows the second step. A problem is why it is shown again.
func (h *Handler) showPreview(w http.ResponseWriter, r *http.Request, who Principal, f sent, s selection, filter syslog.Filter, ahead previewed, typed bool, p *problem) error {
	v := h.newDelete(r, who, chosen(f.values))
	v.Preview = true
	v.filters(s, filter)
	v.Forecast = newForecast(v.frame, ahead)
	v.Back = v.place.turned("delete")
	v.Confirm = newConfirmation(v.voice, ahead, typed)
	v.Confirm.Fields = append(inputs(chosen(f.values)), option{Text: "deleteType", Value: f.get("deleteType")})
	if who.Perms.Has(PermExport) {
		v.ExportURL = v.API + "/export" + v.place.turned("", "asOf", ahead.AsOf)[len(v.Base):]
	}
	status := http.StatusOK
	if p != nil {
		status = p.status
		v.Confirm.explain(v.voice, p)
	}
	return h.show(w, r, status, "delete", "delete", v)
}
