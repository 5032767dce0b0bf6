package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/callastar/syslog"
)

// quiet are parameters of the page and of every answer: they choose no events.
var quiet = []string{"lang", "cols", "wrap", "view", "log"}

// choosing are the parameters that choose events; those of repeated may come more than once.
var (
	choosing = []string{
		"level", "minLevel", "actor", "type", "actorId", "search", "startDate", "endDate", "range", "asOf", "tz",
		"notLevel", "notActor", "notType", "notActorId", "notSearch", metaPrefix, notMetaPrefix,
	}
	repeated = []string{"notLevel", "notActor", "notType", "notActorId", "notSearch"}
)

// A field of the metadata is named behind these.
const metaPrefix, notMetaPrefix = "meta.", "notMeta."

// parameters are those of a query that a route knows.
type parameters struct {
	values url.Values
	v      *invalid
}

// read reads a query. What nobody knows is refused, and what comes twice: it might have
// been meant to leave something out.
func read(raw string, known ...string) parameters {
	p := parameters{url.Values{}, &invalid{}}
	values, err := url.ParseQuery(raw)
	if err != nil {
		p.v.add("query", "want_text")
	}
	for name, all := range values {
		as := name
		for _, prefix := range []string{metaPrefix, notMetaPrefix} {
			if strings.HasPrefix(name, prefix) {
				as = prefix
			}
		}
		switch {
		case slices.Contains(known, as) && len(all) > 1 && !slices.Contains(repeated, as):
			p.v.add(clip(name), "twice")
		case slices.Contains(known, as):
			p.values[name] = all
		case !slices.Contains(quiet, name) && !strings.HasPrefix(name, "_"):
			p.v.add(clip(name), "unknown")
		}
	}
	return p
}

// with is the list of what a route knows beside what chooses events.
func with(own ...string) []string { return slices.Concat(choosing, own) }

func (p parameters) get(name string) string { return p.values.Get(name) }

// selection is what of them chooses events.
func (p parameters) selection() selection {
	get, all := p.values.Get, p.values
	s := selection{
		Level: get("level"), MinLevel: get("minLevel"), Actor: get("actor"), Type: get("type"), ActorID: get("actorId"), Search: get("search"),
		StartDate: get("startDate"), EndDate: get("endDate"), Range: get("range"), AsOf: get("asOf"), TZ: get("tz"),
		NotLevel: all["notLevel"], NotActor: all["notActor"], NotType: all["notType"], NotActorID: all["notActorId"], NotSearch: all["notSearch"],
	}
	for name := range all {
		if path, found := strings.CutPrefix(name, metaPrefix); found {
			s.Meta = append(s.Meta, condition{name, path, get(name)})
		}
		if path, found := strings.CutPrefix(name, notMetaPrefix); found {
			s.NotMeta = append(s.NotMeta, condition{name, path, get(name)})
		}
	}
	byName := func(a, b condition) int { return strings.Compare(a.name, b.name) }
	slices.SortFunc(s.Meta, byName)
	slices.SortFunc(s.NotMeta, byName)
	return s
}

// number is a whole number of at least least and at most most, or otherwise if it is not given.
func (p parameters) number(field string, least, most, otherwise int) int {
	text := p.get(field)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n < least || strings.HasPrefix(text, "+"):
		p.v.add(field, "want_number", least)
	case n > most:
		p.v.add(field, "want_at_most", most)
	default:
		return n
	}
	return otherwise
}

// order is the one of a list: "orderBy".
func (p parameters) order() syslog.Order {
	switch strings.ToLower(p.get("orderBy")) {
	case "", "desc":
	case "asc":
		return syslog.Asc
	default:
		p.v.add("orderBy", "want_order")
	}
	return syslog.Desc
}

// count is how much a total is worth.
func (p parameters) count() syslog.Count {
	switch p.get("count") {
	case "", "exact":
	case "capped":
		return syslog.CountCapped
	case "none":
		return syslog.CountNone
	default:
		p.v.add("count", "want_count")
	}
	return syslog.CountExact
}

// clip is a name that is not ours, short enough to be said.
func clip(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}
