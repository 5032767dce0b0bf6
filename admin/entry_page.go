package admin

import (
	"context"
	"net/http"
	"slices"

	"github.com/callastar/syslog"
)

// entryView is one event, with what lies around it.
type entryView struct {
	frame
	ID, Level              string
	LevelTitle             string
	ActorMeaning           string // "" of one that other programs have
	Name, Actor            []run  // the id, and the actor, as they are shown
	Type, ActorID, Message []run
	At                     stamp // in the zone of the page
	Ago                    string
	Expires                *stamp // nil for never
	ExpiresIn              string
	LevelHref, TypeHref    string
	ActorHref, ActorIDHref string
	OfTime, OfActor        deeds
	OfActorID, OfType      deeds
	OfID                   deeds

	Nodes    []node
	Raw      []run
	Bytes    int
	Size     string
	Cut      bool
	ShowAll  string
	Previous string
	Next     string
	Back     string
	Self     string
	Reveals  bool // there are values that are masked, which who asks may see
	Revealed bool // they, or some, are shown

	Scopes  []option
	Context []contextRow
}

// viewAll shows metadata that is larger than treeBytes.
const viewAll = "all"

// entryPage serves GET logs/{id}. Its query is that of the list it is in.
func (h *Handler) entryPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	return h.showEntry(w, r, who, nil)
}

// revealing is what makes of an event what somebody may see, once that is recorded.
type revealing func(context.Context, syslog.Log) (syslog.Log, error)

// showEntry shows an event as it leaves the house, or with what reveal makes of it.
func (h *Handler) showEntry(w http.ResponseWriter, r *http.Request, who Principal, reveal revealing) error {
	a := h.ask(r, h.frame(r, who, "entry", "entry.title"))
	view := a.place.query.Get("view")
	if !slices.Contains([]string{"", "actor", "type", "request", viewAll}, view) {
		v := &invalid{}
		v.add("view", "want_view")
		return v.problem()
	}
	if a.problem != nil {
		return a.problem
	}
	ctx, cancel := h.limited(r.Context())
	defer cancel()
	l, err := h.logger.Get(ctx, r.PathValue("id"))
	if err != nil {
		return asProblem(ctx, err)
	}
	shown := h.shown(l)
	hidden := map[string]bool{} // paths
	h.opts.Mask.each(whole(l.Metadata), func(path string, _ *tokens) bool {
		hidden[path] = true
		return true
	})
	request := requestOf(shown.Metadata, hidden)
	if view == "request" && request == nil {
		v := &invalid{}
		v.add("view", "want_request")
		return v.problem()
	}
	if reveal != nil {
		if shown, err = reveal(ctx, l); err != nil {
			return err
		}
	}
	v := h.newEntry(a, shown, view)
	v.Revealed = reveal != nil
	masks, _ := v.nodeDeeds(v.Nodes, nil, hidden)
	v.Reveals = masks && who.Perms.Has(PermReveal)
	for o, into := range map[syslog.Order]*string{other(a.query.Order): &v.Previous, a.query.Order: &v.Next} {
		id, err := h.neighbour(ctx, a.query.Filter, l, o)
		if err != nil {
			return asProblem(ctx, err)
		}
		if id != nil {
			*into = a.place.turned("logs/"+segment(*id), "view", "")
		}
	}
	if err := h.fillContext(ctx, a, l, view, request, &v); err != nil {
		return asProblem(ctx, err)
	}
	return h.show(w, r, http.StatusOK, "entry", "entry", v)
}

func (h *Handler) newEntry(a asked, l syslog.Log, view string) entryView {
	p := a.place
	only := func(field, value string) string { return p.to("", field, value) }
	v := entryView{
		frame: a.frame, ID: l.ID, Level: l.Level.String(), Name: runs(l.ID, false), Actor: runs(string(l.Actor), false),
		Type: runs(l.Type, false), ActorID: runs(l.ActorID, false), Message: runs(l.Message, true, a.selection.Search),
		LevelTitle: h.levelMeaning(a.voice, l.Level), ActorMeaning: meansActor(a.voice, l.Actor),
		At: a.voice.stamp(l.CreatedAt, a.loc), Ago: a.voice.ago(l.CreatedAt, a.now),
		LevelHref: only("level", l.Level.String()), TypeHref: only("type", l.Type), ActorHref: only("actor", string(l.Actor)), ActorIDHref: only("actorId", l.ActorID),
		Bytes: len(l.Metadata), Size: a.voice.size(int64(len(l.Metadata))), Back: p.turned("", "view", "", "log", ""), Self: p.turned("logs/" + segment(l.ID)),
		OfID: deeds{Name: a.voice.say("entry.id"), Copy: escaped(l.ID)}, OfTime: deeds{Name: a.voice.say("column.time"), Copy: iso(l.CreatedAt)},
		OfType: a.valueDeeds(syslog.FieldType, l.Type), OfActor: a.valueDeeds(syslog.FieldActor, string(l.Actor)), OfActorID: a.valueDeeds(syslog.FieldActorID, l.ActorID),
	}
	v.Title = plainly(l.Type)
	if at := h.expiry(l); at != nil {
		s := a.voice.stamp(*at, a.loc)
		s.Text = a.voice.day(at.In(a.loc))
		v.Expires, v.ExpiresIn = &s, a.voice.ago(*at, a.now)
	}
	limit := treeBytes
	if view == viewAll {
		limit = 0
	}
	v.Nodes, v.Cut = tree(l.Metadata, limit)
	raw := indented(l.Metadata)
	if limit > 0 && len(raw) > 2*limit {
		raw, v.Cut = excerpt(raw, 2*limit), true
	}
	if v.Raw = runs(raw, true); v.Cut {
		v.ShowAll = p.turned("logs/"+segment(l.ID), "view", viewAll)
	}
	return v
}
