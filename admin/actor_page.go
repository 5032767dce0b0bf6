package admin

import (
	"net/http"

	"github.com/callastar/syslog"
)

// actorView is what is known of an actor, and how it is erased.
type actorView struct {
	frame
	ReadOnly  bool
	Action    string
	Back      string
	ActorID   string
	Name      []run
	Found     *forecast
	List      string // leads to the events
	ExportURL string
	MayErase  bool
	MayAnonym bool // the store can
	Mode      string
	Preview   bool // of an erasure
	Confirm   confirmation
	Done      *doneView
	Self      string // leads here, to the first step
	Lasting   []option
}

func (h *Handler) newActor(r *http.Request, who Principal, g parameters) actorView {
	q := chosen(g.values)
	q.Del("actorId")
	if lang := r.URL.Query().Get("lang"); lang != "" {
		q.Set("lang", lang)
	}
	f := h.frame(at(r, q), who, "maintenance", "actor.title")
	id := g.get("actorId")
	v := actorView{
		frame: f, ReadOnly: h.opts.ReadOnly, ActorID: id, Name: runs(id, false), Action: f.place.to("maintenance/actor"), Back: f.place.to("maintenance"),
		List: f.place.to("", "actorId", id), Self: f.place.to("maintenance/actor", "actorId", id), Lasting: lastingInputs(f), MayErase: f.perms.Has(PermErase), MayAnonym: h.capabilities()["anonymize"],
	}
	if f.perms.Has(PermExport) {
		v.ExportURL = v.API + "/export" + f.place.to("", "actorId", id, "format", formatJSON)[len(f.Base):]
	}
	return v
}

// readActor checks what both methods have.
func readActor(g parameters) *problem {
	zone(g.get("tz"), g.v)
	s := selection{ActorID: g.get("actorId")}
	s.tooLong(g.v)
	return g.v.problem()
}

// actorPage serves GET maintenance/actor: what there is of an actor. Without an id it asks
// for one.
func (h *Handler) actorPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	g := read(r.URL.RawQuery, "tz", "actorId", "done")
	if p := readActor(g); p != nil {
		return p
	}
	v := h.newActor(r, who, g)
	if id := g.get("done"); id != "" {
		v.Done = h.done(r.Context(), v.frame, id, auditPrefix+"LOGS_ERASED")
	} else if v.ActorID != "" {
		ahead, err := h.foresee(r.Context(), syslog.Filter{ActorID: v.ActorID}, "")
		if err != nil {
			return err
		}
		found := newForecast(v.frame, ahead)
		v.Found = &found
	}
	return h.show(w, r, http.StatusOK, "actor", "actor", v)
}

// eraseFlow serves POST maintenance/actor: a look at an erasure, and the erasure of what
// somebody has seen so.
func (h *Handler) eraseFlow(w http.ResponseWriter, r *http.Request, who Principal) error {
	f, p := h.readForm(w, r, who, "tz", "actorId", "mode", "asOf", "expectedCount")
	if p == nil {
		p = readActor(f.parameters)
	}
	if p != nil {
		return p
	}
	mode := f.get("mode")
	filter, err := h.erasing(r.Context(), erasure{Mode: mode, AsOf: f.get("asOf")}, f.get("actorId"))
	if err != nil {
		return err
	}
	ahead, err := h.foresee(r.Context(), filter, f.get("asOf"))
	if err != nil {
		return err
	}
	if f.step == stepConfirm {
		if p = f.confirmed(ahead, true); p == nil {
			return h.eraseNow(w, r, who, filter, mode)
		} else if p.details != nil {
			return p
		}
	}
	v := h.newActor(r, who, f.parameters)
	found := newForecast(v.frame, ahead)
	v.Found, v.Preview, v.Mode = &found, true, mode
	v.Confirm = newConfirmation(v.voice, ahead, true)
	status := http.StatusOK
	if p != nil {
		status = p.status
		v.Confirm.explain(v.voice, p)
	}
	return h.show(w, r, status, "actor", "actor", v)
}

// eraseNow erases, and leads to a page that does not know whom any more.
func (h *Handler) eraseNow(w http.ResponseWriter, r *http.Request, who Principal, f syslog.Filter, mode string) error {
	_, id, err := h.eraseAll(r, who, f, mode)
	if err != nil {
		return err
	}
	h.leadTo(w, r, "maintenance/actor", "done", id)
	return nil
}
