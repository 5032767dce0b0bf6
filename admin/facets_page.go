package admin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// facetsView is what values the fields have, with links that choose one.
type facetsView struct {
	frame
	Facets []facetView
	Actors *facetView // by their ids: this takes as long as the others together
	Back   string
}

type facetView struct {
	Field, Text string
	Values      []facetValue
	More        int64 // values that are not listed
	Capped      string
	All         string // leads to the list without a choice of this field
}

type facetValue struct {
	Value   []run
	Count   string
	Title   string
	Href    string
	Current bool
	Level   string
}

// facetTexts are the names of the fields.
var facetTexts = map[syslog.Field]string{
	syslog.FieldLevel: "column.level", syslog.FieldActor: "column.actor", syslog.FieldType: "column.type", syslog.FieldActorID: "column.actorId",
}

// facetsPage serves GET facets, and all that the others serve where it is a page.
func (h *Handler) facetsPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	fields := []syslog.Field{syslog.FieldLevel, syslog.FieldActor, syslog.FieldType}
	if !fragment(r) {
		fields = append(fields, syslog.FieldActorID)
	}
	return h.showFacets(w, r, who, "facets", fields)
}

// actorFacet serves GET facets/actors.
func (h *Handler) actorFacet(w http.ResponseWriter, r *http.Request, who Principal) error {
	return h.showFacets(w, r, who, "actors", []syslog.Field{syslog.FieldActorID})
}

func (h *Handler) showFacets(w http.ResponseWriter, r *http.Request, who Principal, region string, fields []syslog.Field) error {
	a := h.ask(r, h.frame(r, who, "facets", "facets.title"))
	if a.problem != nil {
		return a.problem
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	facets, err := h.counted(ctx, a.selection, a.now, fields, syslog.MaxFacetLimit)
	if err != nil {
		return err
	}
	v := facetsView{frame: a.frame, Back: a.place.turned("")}
	for i, field := range fields {
		view := h.newFacet(a, field, facets[i])
		if field == syslog.FieldActorID {
			v.Actors = &view
			continue
		}
		v.Facets = append(v.Facets, view)
	}
	return h.show(w, r, http.StatusOK, "facets", region, v)
}

// rivals are the parameters that choose by a field: counts of the field ignore them, and a
// choice takes their place.
var rivals = map[syslog.Field][]string{
	syslog.FieldLevel: {"level", "minLevel", "notLevel"}, syslog.FieldActor: {"actor", "notActor"},
	syslog.FieldType: {"type", "notType"}, syslog.FieldActorID: {"actorId", "notActorId"},
}

// choosing leads to the list with one value, or none, for a field.
func (p place) choosing(field syslog.Field, value string) string {
	var changes []string
	for _, name := range rivals[field] {
		changes = append(changes, name, "")
	}
	return p.filtered(append(changes, string(field), value)...)
}

func (h *Handler) newFacet(a asked, field syslog.Field, facet syslog.Facet) facetView {
	name := string(field)
	chosen := a.place.query.Get(name)
	values := facet.Values[:min(syslog.DefaultFacetLimit, len(facet.Values))]
	v := facetView{Field: name, Text: a.voice.say(facetTexts[field]), More: facet.Distinct - int64(len(values))}
	if facet.Capped {
		v.Capped = a.voice.say("facets.capped", a.voice.number(syslog.FacetRows))
	}
	if chosen != "" {
		v.All = a.place.choosing(field, "")
	}
	if field == syslog.FieldLevel {
		values = allLevels(values)
	}
	for _, value := range values {
		f := facetValue{Value: runs(value.Value, false), Count: a.voice.number(value.Count), Title: plainly(value.Value)}
		if field == syslog.FieldType {
			f.Count, f.Title = a.voice.atLeast(facet, value)
		}
		several := field == syslog.FieldLevel || field == syslog.FieldActor
		if f.Current = value.Value == chosen || several && has(chosen, value.Value); several {
			f.Href = a.place.choosing(field, toggled(chosen, value.Value))
		} else if f.Href = a.place.choosing(field, value.Value); f.Current {
			f.Href = v.All
		}
		switch field {
		case syslog.FieldLevel:
			f.Level = value.Value
			if level, err := syslog.ParseLevel(value.Value); err == nil {
				f.Title = h.levelMeaning(a.voice, level)
			}
		case syslog.FieldActor:
			f.Title = actorMeaning(a.voice, syslog.LogActor(value.Value))
			if !syslog.LogActor(value.Value).Valid() { // of another program: no filter can have it
				f.Href = ""
			}
		}
		v.Values = append(v.Values, f)
	}
	return v
}

// allLevels are the levels in their order, also those that there are none of.
func allLevels(values []syslog.FacetValue) (out []syslog.FacetValue) {
	for _, level := range levelNames() {
		i := slices.IndexFunc(values, func(v syslog.FacetValue) bool { return v.Value == level })
		if i < 0 {
			out = append(out, syslog.FacetValue{Value: level})
		} else {
			out = append(out, values[i])
		}
	}
	return out
}

// toggled is a list with a value more, or less.
func toggled(list, value string) string {
	values := splitList(list)
	if !slices.Contains(values, value) {
		return strings.Join(append(values, value), ",")
	}
	return strings.Join(slices.DeleteFunc(values, func(v string) bool { return v == value }), ",")
}
