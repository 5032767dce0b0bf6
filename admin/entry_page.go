package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// entryView is one event, with what lies around it.
type entryView struct {
	frame
	ID, Level              string
	Name, Actor            []run // the id, and the actor, as they are shown
	Type, ActorID, Message []run
	At                     stamp // in the zone of the page
	Ago                    string
	Expires                *stamp // nil for never
	ExpiresIn              string
	LevelHref, TypeHref    string
	ActorHref, ActorIDHref string

	Nodes    []node
	Raw      []run
	Bytes    int
	Size     string
	Cut      bool
	ShowAll  string
	Previous string
	Next     string
	Back     string
	Reveals  bool // there are values that are masked, which who asks may see

	Scopes  []option
	Context []contextRow
}

// contextRow is an event beside the one that is shown, which is Self.
type contextRow struct {
	At             stamp
	Time           string
	Href, Level    string
	Type, Message  []run
	Actor, ActorID []run
	Self           bool
}

// scopes are what the events around one have in common with it.
var scopes = []struct{ view, scope, text string }{
	{"", "all", "entry.around"}, {"actor", "actor", "entry.sameActor"}, {"type", "type", "entry.sameType"},
}

// viewAll shows metadata that is larger than treeBytes.
const viewAll = "all"

// entryPage serves GET logs/{id}. Its query is that of the list it is in.
func (h *Handler) entryPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	a := h.ask(r, h.frame(r, who, "entry", "entry.title"))
	view := a.place.query.Get("view")
	if !slices.Contains([]string{"", "actor", "type", viewAll}, view) {
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
	v := h.newEntry(a, l, view)
	v.Reveals = who.Perms.Has(PermReveal) && len(h.opts.Mask.paths(l.Metadata)) > 0
	for o, into := range map[syslog.Order]*string{other(a.query.Order): &v.Previous, a.query.Order: &v.Next} {
		id, err := h.neighbour(ctx, a.query.Filter, l, o)
		if err != nil {
			return asProblem(ctx, err)
		}
		if id != nil {
			*into = a.place.turned("logs/"+segment(*id), "view", "")
		}
	}
	if err := h.fillContext(ctx, a, l, view, &v); err != nil {
		return asProblem(ctx, err)
	}
	return h.show(w, r, http.StatusOK, "entry", "entry", v)
}

func (h *Handler) newEntry(a asked, l syslog.Log, view string) entryView {
	l = h.shown(l)
	p := a.place
	only := func(field, value string) string { return p.to("", field, value) }
	v := entryView{
		frame: a.frame, ID: l.ID, Level: l.Level.String(), Name: runs(l.ID, false), Actor: runs(string(l.Actor), false),
		Type: runs(l.Type, false), ActorID: runs(l.ActorID, false), Message: runs(l.Message, true, a.selection.Search),
		At: a.voice.stamp(l.CreatedAt, a.loc), Ago: a.voice.ago(l.CreatedAt, a.now),
		LevelHref: only("level", l.Level.String()), TypeHref: only("type", l.Type), ActorHref: only("actor", string(l.Actor)), ActorIDHref: only("actorId", l.ActorID),
		Bytes: len(l.Metadata), Size: a.voice.size(int64(len(l.Metadata))), Back: p.turned("", "view", "", "log", ""),
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
	v.nodeLinks(v.Nodes)
	return v
}

// nodeLinks leads from the values of the metadata to the events that have them.
func (v *entryView) nodeLinks(nodes []node) {
	for i := range nodes {
		if n := &nodes[i]; n.Path != "" && n.Plain != masked { // which no event has
			n.Href, n.NotHref = v.place.filtered(metaPrefix+n.Path, n.Plain), v.place.filtered(notMetaPrefix+n.Path, n.Plain)
			n.ColumnHref = v.place.filtered(formColumn, metaPrefix+n.Path)
		}
		v.nodeLinks(nodes[i].Nodes)
	}
}

// fillContext reads what happened before and after.
func (h *Handler) fillContext(ctx context.Context, a asked, l syslog.Log, view string, v *entryView) error {
	scope := "all"
	for _, s := range scopes {
		current := s.view == view || view == viewAll && s.view == ""
		if current {
			scope = s.scope
		}
		v.Scopes = append(v.Scopes, option{Text: a.voice.say(s.text), Current: current, Href: a.place.turned("logs/"+segment(l.ID), "view", s.view) + "#context"})
	}
	after, err := h.around(ctx, l, scope, syslog.Asc, 5)
	if err != nil {
		return err
	}
	before, err := h.around(ctx, l, scope, syslog.Desc, 5)
	if err != nil {
		return err
	}
	slices.Reverse(after)
	for _, l := range slices.Concat(after, []syslog.Log{l}, before) {
		v.Context = append(v.Context, contextRow{
			At: a.voice.stamp(l.CreatedAt, a.loc), Time: nearTime(l.CreatedAt, v.At, a), Href: a.place.turned("logs/" + segment(l.ID)), Level: l.Level.String(),
			Type: runs(l.Type, false), Message: runs(excerpt(l.Message, longest), false), Actor: runs(string(l.Actor), false), ActorID: runs(l.ActorID, false),
			Self: l.ID == v.ID,
		})
	}
	return nil
}

// nearTime is a time as short as its distance to the event allows.
func nearTime(t time.Time, to stamp, a asked) string {
	text := a.voice.moment(t.In(a.loc))
	day := a.voice.day(t.In(a.loc))
	if len(to.Text) > len(day) && to.Text[:len(day)] == day {
		return t.In(a.loc).Format("15:04:05.000")
	}
	return text
}
