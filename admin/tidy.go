package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// Fields of the page's forms that are no parameters themselves: names that begin with _
// are nobody's.
const (
	formRange    = "_range"    // a period that a button chooses, in place of dates
	formStart    = "_start"    // what the field of a date showed,
	formEnd      = "_end"      //
	formStartWas = "_startWas" // and what stood for it in the query
	formEndWas   = "_endWas"
	formField    = "_field" // a filter to add: its field,
	formKey      = "_key"   // the path in the metadata, if it is that,
	formValue    = "_value" // and its value
	formColumn   = "_col"   // a column to add
)

// tidied is the address, relative to itself, that a request of the explorer is led to, or "".
func tidied(r *http.Request, explicit bool) string {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return "" // it is answered by what is wrong
	}
	tidy, changed := tidy(q, explicit)
	if !changed {
		return ""
	}
	self := "./"
	if r.Context().Value(besideKey{}) != nil {
		self = beside
	}
	return place{self, tidy}.turned(r.URL.Path[1:])
}

// tidy makes a query of what a form sends without a script: boxes of a name become a list,
// and empty fields go; explicit keeps that a period is all of it. It reports whether there
// was anything to do.
func tidy(q url.Values, explicit bool) (url.Values, bool) {
	out, before := url.Values{}, encode(q)
	for name, all := range q {
		all = slices.DeleteFunc(slices.Clone(all), func(v string) bool { return v == "" })
		if len(all) == 0 || strings.HasPrefix(name, "_") {
			continue
		}
		if name == "level" || name == "actor" {
			all = []string{canonical(name, strings.Join(all, ","))}
		}
		out[name] = all
	}
	tidyPeriod(q, out)
	tidyFilter(q, out)
	if path := strings.TrimSpace(q.Get(formColumn)); path != "" {
		name := metaPrefix + strings.TrimPrefix(path, metaPrefix)
		if cols := splitList(out.Get("cols")); len(cols) == 0 {
			out.Set("cols", strings.Join(append(slices.Clone(defaultColumns), name), ","))
		} else if !slices.Contains(cols, name) {
			out.Set("cols", out.Get("cols")+","+name)
		}
	}
	for _, level := range out["level"] {
		if level == "INFO,WARNING,ERROR,CRITICAL" {
			out.Del("level") // all boxes are no choice
		}
	}
	if out.Get("range") == "all" && !explicit {
		out.Del("range")
	}
	return out, encode(out) != before
}

// canonical is a list of levels or actors as the boxes of the form have them. One that is wrong
// stays as it is, and is told so.
func canonical(name, list string) string {
	out := []string{}
	for value := range names([]string{list}) {
		level, wrong := syslog.ParseLevel(value)
		text := level.String()
		if name == "actor" {
			var actor syslog.LogActor
			actor, wrong = syslog.ParseActor(value)
			text = string(actor)
		}
		if wrong != nil {
			return list
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, ",")
}

// tidyPeriod keeps a date as it was where nobody has changed it, and lets dates go where a
// period was chosen; one that is written wins over a period that was there.
func tidyPeriod(q, out url.Values) {
	for _, f := range [][3]string{{"startDate", formStart, formStartWas}, {"endDate", formEnd, formEndWas}} {
		if was := q.Get(f[2]); was != "" && q.Get(f[0]) == q.Get(f[1]) {
			out.Set(f[0], was)
		}
	}
	if chosen := q.Get(formRange); chosen != "" {
		out.Set("range", chosen)
		out.Del("startDate")
		out.Del("endDate")
	} else if out.Get("startDate") != "" || out.Get("endDate") != "" {
		out.Del("range")
	}
}

// tidyFilter adds a filter.
func tidyFilter(q, out url.Values) {
	field, value := q.Get(formField), q.Get(formValue)
	if field == "" || value == "" {
		return
	}
	if field == "meta" || field == "notMeta" {
		out.Set(field+"."+strings.TrimSpace(q.Get(formKey)), value)
		return
	}
	if slices.Contains(repeated, field) {
		if !slices.Contains(out[field], value) {
			out.Add(field, value)
		}
		return
	}
	out.Set(field, value)
}

func splitList(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
