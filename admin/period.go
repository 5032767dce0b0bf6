package admin

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// periodView is the period that a list is of.
type periodView struct {
	Text       string // of the button
	Presets    []option
	Start, End dateField
	Exact      string // both ends, to the millisecond
	Chip       *chip  // nil without a period
}

// dateField is the input of a date. One that cannot be read is shown as it was typed.
type dateField struct {
	Value, Was string // Was is what stands in the query, where that says more
	Plain      bool   // a field of text
}

// presets are the periods that a button chooses.
var presets = []struct{ name, text string }{
	{"all", "range.all"}, {"15m", "range.15m"}, {"1h", "range.1h"}, {"6h", "range.6h"},
	{"24h", "range.24h"}, {"7d", "range.7d"}, {"30d", "range.30d"},
}

func newPeriod(f frame, s selection, filter syslog.Filter) (p periodView) {
	dates := s.StartDate != "" || s.EndDate != ""
	current := s.Range
	if current == "" {
		current = "all"
	}
	for _, preset := range presets {
		o := option{Text: f.voice.say(preset.text), Value: preset.name, Current: !dates && preset.name == current}
		if p.Presets = append(p.Presets, o); o.Current {
			p.Text = o.Text
		}
	}
	p.Start, p.End = newDate(s.StartDate, f.loc, false), newDate(s.EndDate, f.loc, true)
	if p.Text == "" {
		p.Text = f.voice.say("range.custom")
	}
	if !dates && (s.Range == "" || s.Range == "all") {
		return p
	}
	p.Chip = &chip{
		Field: f.voice.say("filter.period"), Value: runs(p.Text, false), Name: f.voice.say("filter.period") + " " + p.Text,
		Remove: f.place.filtered("range", f.everything, "startDate", "", "endDate", ""),
	}
	if filter.From.IsZero() && filter.To.IsZero() {
		return p // it cannot be read
	}
	from, to := f.voice.say("range.open"), f.voice.say("range.now")
	if !filter.From.IsZero() {
		from = f.voice.minute(filter.From.In(f.loc).Truncate(time.Second))
	}
	if s.EndDate != "" && !filter.To.IsZero() {
		to = f.voice.minute(closed(filter.To.In(f.loc)))
	}
	p.Exact = from + " → " + to + " · " + f.Zone
	if f.loc != time.UTC {
		p.Exact += " · " + utc(filter.From, "…") + " → " + utc(filter.To, "…")
	}
	if dates {
		p.Chip.Value, p.Chip.Name = runs(from+" → "+to, false), p.Chip.Field+" "+from+" → "+to
	}
	return p
}

// closed is the last second of a span that ends with its last millisecond.
func closed(t time.Time) time.Time {
	if t.Nanosecond() == 999e6 {
		return t.Truncate(time.Second)
	}
	return t
}

func utc(t time.Time, open string) string {
	if t.IsZero() {
		return open
	}
	return iso(t)
}

// newDate shows a date of the query in the zone of the page, to the minute or as much
// further as it goes.
func newDate(text string, loc *time.Location, end bool) dateField {
	if text == "" {
		return dateField{}
	}
	s, ok := parseSpan(text, loc)
	if !ok {
		return dateField{Value: text, Plain: true}
	}
	at, layout := s.from.In(loc), "2006-01-02T15:04"
	if end {
		at = s.to.In(loc)
	}
	second, millis := at.Second(), at.Nanosecond()
	switch {
	case end && second == 59 && millis == 999e6, !end && second == 0 && millis == 0:
	case end && millis == 999e6, !end && millis == 0:
		layout += ":05"
	default:
		layout += ":05.000"
	}
	field := dateField{Value: at.Format(layout)}
	if field.Value != text {
		field.Was = text
	}
	return field
}

// formOwn are the parameters that are fields of the form.
var formOwn = []string{"level", "actor", "type", "actorId", "search", "startDate", "endDate"}

// hidden are the parameters that the fields of the form do not show.
func hidden(f frame) []option {
	return fields(f, func(name string) bool { return !slices.Contains(formOwn, name) })
}

// everything is the query for a form that adds to it.
func everything(f frame) []option { return fields(f, func(string) bool { return true }) }

// fields are those parameters that say what a list is of, and how it looks.
func fields(f frame, wanted func(name string) bool) (out []option) {
	for _, name := range slices.Sorted(maps.Keys(f.place.query)) {
		if !wanted(name) || slices.Contains(positions, name) || name == "view" || name == "log" || strings.HasPrefix(name, "_") {
			continue
		}
		for _, value := range f.place.query[name] {
			out = append(out, option{Text: name, Value: value})
		}
	}
	return out
}
