package admin

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// explorerView is what the explorer shows.
type explorerView struct {
	frame
	Lost   string // that the pipeline has lost events
	Counts bool   // there are facets and a histogram

	// The form.
	Search, Type, ActorID string
	Levels, Actors        []option
	Chosen                int64 // actors
	Period                periodView
	Hidden                []option
	Errors                []fieldError
	Chips                 []chip
	Active                int
	ActiveCount           int64
	FacetsHref, ChartHref string // where there is no script
	Critical              string // leads to all CRITICAL events
	Clear                 string

	// The list.
	Columns    []column
	Choices    []option
	AllColumns string // leads to the columns that there are without a choice
	Limits     []option
	Wrap       bool
	WrapHref   string
	Wide       bool     // may be wider than the window
	Everything []option // the query, for a form
	Order      string   // aria-sort
	OrderHref  string
	Days       []day
	Total      int64
	Status     string
	Took       string
	AsOf       string
	Newest     string // leads to the newest events
	Pager      pager
	Empty      emptyView
	Failure    *problemView
}

// emptyView is why there are no rows.
type emptyView struct {
	Never            bool
	Snippet          string
	Nothing          bool
	Clear, Week, All string
	Older, OlderHref string
}

// day is rows of one date.
type day struct {
	Text string
	Rows []row
}

// row is an event of the list. Its links add what they show to the filter.
type row struct {
	ISO, Time, Href           string
	Level, LevelHref          string
	ActorHref                 string // "" for one that no filter can have
	ActorIDHref, TypeHref, ID string
	Actor, ActorID            []run
	Type, Message             []run
	Meta                      map[string][]run
	Columns                   []column
}

func (h *Handler) newExplorer(a asked) explorerView {
	say, q := a.voice.catalog, a.place.query
	v := explorerView{
		frame: a.frame, Lost: h.lost(a.frame), Counts: a.problem == nil && h.aggregates(),
		Search: q.Get("search"), Type: q.Get("type"), ActorID: q.Get("actorId"),
		Period: newPeriod(a.frame, a.selection, a.query.Filter), Hidden: hidden(a.frame),
		Chips: chips(a.frame), Clear: a.place.filteredBare(),
		Columns: a.columns, Choices: columnChoices(a.place, a.columns, say), AllColumns: a.place.turned("", "cols", ""), Wrap: a.wrap,
	}
	v.Active = len(v.Chips)
	if v.Period.Chip != nil {
		v.Active++
	}
	v.ActiveCount = int64(v.Active)
	v.FacetsHref, v.ChartHref = a.place.turned("facets"), a.place.turned("histogram")
	v.Critical = a.place.to("", "level", syslog.LevelCritical.String())
	v.Wide, v.Everything = len(a.columns) > len(allColumns)+1, everything(a.frame)
	for _, level := range syslog.Levels() {
		name := level.String()
		v.Levels = append(v.Levels, option{Text: name, Value: name, Title: h.levelMeaning(a.voice, level), Current: has(q.Get("level"), name)})
	}
	v.Actors, v.Chosen = actorOptions(a.voice, q.Get("actor")), int64(len(splitList(q.Get("actor"))))
	for _, n := range limits {
		text := strconv.Itoa(n)
		current := a.query.Limit == n || a.query.Limit == 0 && n == syslog.DefaultLimit
		v.Limits = append(v.Limits, option{Text: text, Href: a.place.filtered("limit", text), Current: current})
	}
	v.WrapHref = a.place.turned("", "wrap", map[bool]string{false: "1"}[a.wrap])
	if v.Order, v.OrderHref = "descending", a.place.filtered("orderBy", "asc"); a.query.Order == syslog.Asc {
		v.Order, v.OrderHref = "ascending", a.place.filtered("orderBy", "")
	}
	return v
}

// filteredBare leads to the list without filters, as it is looked at.
func (p place) filteredBare() string {
	return p.to("", "cols", p.query.Get("cols"), "wrap", p.query.Get("wrap"), "limit", p.query.Get("limit"), "orderBy", p.query.Get("orderBy"))
}

// actorOptions are those built in, and what is chosen of others.
func actorOptions(v voice, chosen string) (out []option) {
	rest := splitList(chosen)
	for _, a := range syslog.Actors() {
		name := string(a)
		out = append(out, option{Text: name, Value: name, Title: actorMeaning(v, a), Current: slices.Contains(rest, name)})
		rest = slices.DeleteFunc(rest, func(other string) bool { return other == name })
	}
	for _, other := range rest {
		out = append(out, option{Text: plainly(other), Value: other, Title: plainly(other), Current: true})
	}
	return out
}

// How many characters of a message a row has: on one line, and on several.
const (
	longest = 240
	wrapped = 2000
)

// list puts a page of events into the view, a date after the other.
func (v *explorerView) list(a asked, page listing) {
	p := page.Pagination
	v.Pager = newPager(a, p)
	v.Total = p.TotalCount
	switch p.CountKind {
	case syslog.KindCapped:
		v.Status = a.voice.say("explorer.more", a.voice.number(p.TotalCount-1))
	case syslog.KindNone:
		v.Status = a.voice.counted("explorer.shown", int64(len(page.Logs)))
	default:
		v.Status = a.voice.counted("explorer.results", p.TotalCount)
	}
	if asOf := a.query.To; a.place.query.Get("asOf") != "" && !asOf.IsZero() {
		v.AsOf, v.Newest = a.voice.clock(asOf.In(a.loc), a.now.In(a.loc)), a.place.filtered()
	}
	byLevel, byActor := map[string]string{}, map[string]string{}
	self := a.place.turned("") // what follows the base is the query of all rows
	query := self[len(a.place.base):]
	for _, l := range page.Logs {
		local := l.CreatedAt.In(a.loc)
		if date := a.voice.weekday(local); len(v.Days) == 0 || v.Days[len(v.Days)-1].Text != date {
			v.Days = append(v.Days, day{Text: date})
		}
		in := &v.Days[len(v.Days)-1]
		in.Rows = append(in.Rows, a.row(l, local, query, byLevel, byActor))
	}
}

func (a asked) row(l syslog.Log, local time.Time, query string, byLevel, byActor map[string]string) row {
	link := func(known map[string]string, field, value string) string {
		if known[value] == "" {
			known[value] = a.place.filtered(field, value)
		}
		return known[value]
	}
	most := longest
	if a.wrap {
		most = wrapped
	}
	level, actor, search := l.Level.String(), string(l.Actor), a.selection.Search
	out := row{
		ID: l.ID, ISO: iso(l.CreatedAt), Time: local.Format("15:04:05.000"), Href: a.place.base + "logs/" + segment(l.ID) + query,
		Level: level, LevelHref: link(byLevel, "level", level), Actor: runs(actor, false),
		Type: runs(l.Type, false, search, a.selection.Type), TypeHref: a.place.filtered("type", l.Type),
		Message: runs(excerpt(l.Message, most, search), false, search), Columns: a.columns,
	}
	if l.Actor.Valid() {
		out.ActorHref = link(byActor, "actor", actor)
	}
	if l.ActorID != "" {
		out.ActorID, out.ActorIDHref = runs(l.ActorID, false, search), a.place.filtered("actorId", l.ActorID)
	}
	for _, c := range a.columns {
		if c.Key {
			if out.Meta == nil {
				out.Meta = map[string][]run{}
			}
			out.Meta[c.Name] = runs(excerpt(valueAt(l.Metadata, c.path), longest), false)
		}
	}
	return out
}

// valueAt is what metadata has at a path: a text as it is, others as JSON.
func valueAt(metadata json.RawMessage, path []string) string { return textOf(rawAt(metadata, path)) }

func rawAt(metadata json.RawMessage, path []string) json.RawMessage {
	for _, key := range path {
		var object map[string]json.RawMessage
		if json.Unmarshal(metadata, &object) != nil {
			return nil
		}
		metadata = object[key]
	}
	return metadata
}

func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil && len(value) > 0 && value[0] == '"' {
		return text
	}
	return string(value)
}

// fail shows the form with what is wrong beside its fields, and why there are no rows.
func (v *explorerView) fail(a asked, p *problem) {
	for _, d := range p.details {
		text := plainly(a.voice.say(d.key, d.args...))
		v.Errors = append(v.Errors, fieldError{d.field, "why-" + d.field, text, a.voice.fault(d)})
	}
	f := problemView{frame: a.frame}
	f.fill(p)
	f.Details = nil // they stand with the form
	if len(p.details) == 0 {
		f.Retry = a.place.turned("")
	}
	if f.Home = a.place.to(""); v.Active > 0 {
		f.Home = v.Clear
	}
	v.Failure = &f
}
