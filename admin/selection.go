package admin

import (
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// maxText is the longest value of a filter, in bytes, and maxValues how many a field has.
const (
	maxText   = 1 << 10
	maxValues = syslog.MaxExclusions
)

// selection is what chooses events, in the words of a request: whatever lists, counts,
// exports or deletes reads the same.
type selection struct {
	Level, MinLevel, Actor, Type, ActorID, Search string
	StartDate, EndDate, Range, AsOf, TZ           string

	NotLevel, NotActor, NotType, NotActorID, NotSearch []string

	Meta, NotMeta []condition
}

// condition is a value that a field of the metadata has: path is a.b, or a\.b for a key
// with a dot.
type condition struct{ name, path, value string }

// filter reads a selection. Both ends of the dates are inclusive, at the precision
// written; times that are relative are so to now.
func (s *selection) filter(v *invalid, now time.Time) (out syslog.Filter) {
	if s.tooLong(v); len(v.details) > 0 {
		return out
	}
	out.Levels, out.Actors = readLevels("level", v, s.Level), readActors("actor", v, s.Actor)
	out.Not.Levels, out.Not.Actors = readLevels("notLevel", v, s.NotLevel...), readActors("notActor", v, s.NotActor...)
	if s.MinLevel != "" {
		least, err := syslog.ParseLevel(s.MinLevel)
		if err != nil {
			v.add("minLevel", "want_one_level")
		}
		for _, l := range syslog.Levels() {
			if l < least && !slices.Contains(out.Not.Levels, l) {
				out.Not.Levels = append(out.Not.Levels, l)
			}
		}
	}
	out.Type, out.ActorID, out.Search = s.Type, s.ActorID, s.Search
	out.Not.Types, out.Not.ActorIDs, out.Not.Searches = given(s.NotType), given(s.NotActorID), given(s.NotSearch)
	out.Metadata, out.Not.Metadata = conditions(v, s.Meta), conditions(v, s.NotMeta)
	s.times(&out, v, now)
	return out
}

func (s *selection) tooLong(v *invalid) {
	check := func(field string, values ...string) {
		if len(values) > maxValues {
			v.add(field, "too_many", maxValues)
		}
		if slices.ContainsFunc(values, func(value string) bool { return len(value) > maxText }) {
			v.add(field, "too_long", maxText)
		}
	}
	check("level", s.Level)
	check("actor", s.Actor)
	check("type", s.Type)
	check("actorId", s.ActorID)
	check("search", s.Search)
	check("notLevel", s.NotLevel...)
	check("notActor", s.NotActor...)
	check("notType", s.NotType...)
	check("notActorId", s.NotActorID...)
	check("notSearch", s.NotSearch...)
	for field, conditions := range map[string][]condition{"meta": s.Meta, "notMeta": s.NotMeta} {
		if len(conditions) > maxValues {
			v.add(field, "too_many", maxValues)
		}
		for _, c := range conditions {
			check(clip(c.name), c.path, c.value)
		}
	}
}

// times reads the period.
func (s *selection) times(out *syslog.Filter, v *invalid, now time.Time) {
	loc := zone(s.TZ, v)
	if loc == nil {
		return
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
	from, to, asOf := bound("startDate", s.StartDate), bound("endDate", s.EndDate), bound("asOf", s.AsOf)
	out.From, out.To = from.from, to.to
	if !out.From.IsZero() && !out.To.IsZero() && out.From.After(out.To) {
		v.add("startDate", "date_order")
	}
	if s.Range != "" {
		length, known := ranges[s.Range]
		if !known {
			v.add("range", "want_range")
		}
		if length > 0 && s.StartDate == "" && s.EndDate == "" {
			if out.From = now.Add(-length); !asOf.to.IsZero() { // or the next pages would begin later
				out.From = asOf.to.Add(-length)
			}
		}
	}
	if !asOf.to.IsZero() {
		if !out.From.IsZero() && asOf.to.Before(out.From) {
			v.add("asOf", "as_of_order")
			return
		}
		if out.To.IsZero() || asOf.to.Before(out.To) {
			out.To = asOf.to
		}
	}
}

// ranges are the periods that end now.
var ranges = map[string]time.Duration{
	"15m": 15 * time.Minute, "1h": time.Hour, "6h": 6 * time.Hour, "24h": 24 * time.Hour,
	"7d": 7 * 24 * time.Hour, "30d": 30 * 24 * time.Hour, "all": 0,
}

// zone is the time zone of this name, UTC without one, nil where there is none.
func zone(name string, v *invalid) *time.Location {
	if name == "" {
		return time.UTC
	}
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		v.add("tz", "want_zone")
		return nil
	}
	return loc
}

func readLevels(field string, v *invalid, lists ...string) (out []syslog.LogLevel) {
	for name := range names(lists) {
		l, err := syslog.ParseLevel(name)
		if err != nil {
			v.add(field, "want_level")
			break
		}
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

func readActors(field string, v *invalid, lists ...string) (out []syslog.LogActor) {
	for name := range names(lists) {
		a, err := syslog.ParseActor(name)
		if err != nil {
			v.add(field, "want_actor")
			break
		}
		if !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

func conditions(v *invalid, all []condition) (out []syslog.MetadataValue) {
	for _, c := range all {
		path, ok := splitPath(c.path)
		if !ok {
			v.add(clip(c.name), "want_path", syslog.MaxMetadataPath)
			continue
		}
		out = append(out, syslog.MetadataValue{Path: path, Value: c.value})
	}
	return out
}

// splitPath reads a.b as two keys, and a\.b as one.
func splitPath(path string) (keys []string, ok bool) {
	var key strings.Builder
	escaped := false
	for _, r := range path {
		switch {
		case escaped:
			key.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '.':
			keys = append(keys, key.String())
			key.Reset()
		default:
			key.WriteRune(r)
		}
	}
	keys = append(keys, key.String())
	return keys, !escaped && len(keys) <= syslog.MaxMetadataPath && path != ""
}

// names are the parts of lists with commas; of an empty one there are none.
func names(lists []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, list := range lists {
			if list == "" {
				continue
			}
			for name := range strings.SplitSeq(list, ",") {
				if !yield(strings.TrimSpace(name)) {
					return
				}
			}
		}
	}
}

// given are the values that are not empty: an empty field of a form says nothing.
func given(values []string) (out []string) {
	for _, value := range values {
		if value != "" {
			out = append(out, value)
		}
	}
	return out
}
