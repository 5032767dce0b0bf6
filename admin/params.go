package admin

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// maxText is the longest value of a filter, in bytes.
const maxText = 1 << 10

// fields are what chooses events, in the words of a request: a list's query and the body
// of a deletion have the same.
type fields struct {
	Level, Actor, Type, ActorID, Search, StartDate, EndDate, TZ string
}

// filter reads them. Both ends of the dates are inclusive, at the precision written.
func (f *fields) filter(v *invalid) (out syslog.Filter) {
	for _, long := range []struct{ field, value string }{
		{"level", f.Level}, {"actor", f.Actor}, {"type", f.Type}, {"actorId", f.ActorID}, {"search", f.Search},
	} {
		if len(long.value) > maxText {
			v.add(long.field, "too_long", maxText)
		}
	}
	if len(v.details) > 0 {
		return out
	}
	for name := range names(f.Level) {
		l, err := syslog.ParseLevel(name)
		if err != nil {
			v.add("level", "want_level")
			break
		}
		if !slices.Contains(out.Levels, l) {
			out.Levels = append(out.Levels, l)
		}
	}
	for name := range names(f.Actor) {
		a, err := syslog.ParseActor(name)
		if err != nil {
			v.add("actor", "want_actor")
			break
		}
		if !slices.Contains(out.Actors, a) {
			out.Actors = append(out.Actors, a)
		}
	}
	out.Type, out.ActorID, out.Search = f.Type, f.ActorID, f.Search
	loc := time.UTC
	if f.TZ != "" {
		var err error
		if loc, err = time.LoadLocation(f.TZ); err != nil || f.TZ == "Local" {
			v.add("tz", "want_zone")
			return out
		}
	}
	bound := func(field, text string) (s span) {
		if text == "" {
			return s
		}
		s, ok := parseSpan(text, loc)
		if !ok {
			v.add(field, "want_date")
		}
		return s
	}
	from, to := bound("startDate", f.StartDate), bound("endDate", f.EndDate)
	out.From, out.To = from.from, to.to
	if !out.From.IsZero() && !out.To.IsZero() && out.From.After(out.To) {
		v.add("startDate", "date_order")
	}
	return out
}

// names are the parts of a list with commas; of an empty one there are none.
func names(list string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if list == "" {
			return
		}
		for name := range strings.SplitSeq(list, ",") {
			if !yield(strings.TrimSpace(name)) {
				return
			}
		}
	}
}

// quiet are parameters of the page and of every answer: they choose no events.
var quiet = []string{"lang", "cols", "wrap", "view", "log"}

// parameters reads a query. Each may be given once; what nobody knows is refused: it
// might have been meant to leave something out.
func parameters(raw string, v *invalid, known ...string) map[string]string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		v.add("query", "want_text")
	}
	out := map[string]string{}
	for name, all := range values {
		switch {
		case slices.Contains(known, name) && len(all) > 1:
			v.add(name, "twice")
		case slices.Contains(known, name):
			out[name] = all[0]
		case !slices.Contains(quiet, name) && !strings.HasPrefix(name, "_"):
			v.add(clip(name), "unknown")
		}
	}
	return out
}

// clip is a name that is not ours, short enough to be said.
func clip(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if r := []rune(name); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return name
}

// query reads the parameters of a list.
func query(raw string) (q syslog.Query, p *problem) {
	v := &invalid{}
	given := parameters(raw, v, "level", "actor", "type", "actorId", "search", "startDate", "endDate", "tz",
		"limit", "page", "offset", "cursor", "orderBy", "count")
	f := fields{given["level"], given["actor"], given["type"], given["actorId"], given["search"], given["startDate"], given["endDate"], given["tz"]}
	q.Filter = f.filter(v)
	number := func(field string, least int) (n int) {
		text := given[field]
		if text == "" {
			return 0
		}
		n, err := strconv.Atoi(text)
		if digits := strings.Trim(text, "0123456789") == ""; field == "limit" && err != nil && digits {
			return syslog.MaxLimit // a number above all others
		}
		if err != nil || n < least || strings.HasPrefix(text, "+") {
			v.add(field, "want_number", least)
			return 0
		}
		return n
	}
	q.Limit, q.Page, q.Offset, q.Cursor = number("limit", 1), number("page", 1), number("offset", 0), given["cursor"]
	switch {
	case q.Cursor != "" && (q.Page > 0 || q.Offset > 0):
		v.add("cursor", "alone", "page, offset")
	case q.Page > 0 && q.Offset > 0:
		v.add("page", "alone", "offset")
	}
	switch strings.ToLower(given["orderBy"]) {
	case "", "desc":
	case "asc":
		q.Order = syslog.Asc
	default:
		v.add("orderBy", "want_order")
	}
	switch given["count"] {
	case "", "exact":
	case "capped":
		q.Count = syslog.CountCapped
	case "none":
		q.Count = syslog.CountNone
	default:
		v.add("count", "want_count")
	}
	return q, v.problem()
}
