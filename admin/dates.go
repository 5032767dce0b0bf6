package admin

import (
	"regexp"
	"strings"
	"time"
)

// span is a moment as it was written: everything from its beginning to before the next
// one of the same precision. A day is all of it.
type span struct{ from, to time.Time } // to is the last millisecond

var written = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?([Zz]|[+-]\d{2}:?\d{2})?$`)

// parseSpan reads a date or a time. One without a zone is in loc.
func parseSpan(text string, loc *time.Location) (s span, ok bool) {
	m := written.FindStringSubmatch(text)
	if m == nil {
		// A + that was not escaped in a query is a blank by now.
		if i := strings.LastIndexByte(text, ' '); i > len("2006-01-02T") {
			m = written.FindStringSubmatch(text[:i] + "+" + text[i+1:])
		}
		if m == nil {
			return s, false
		}
	}
	day, minute, second, fraction, zone := m[1], m[2], m[3], m[4], m[5]
	if zone != "" {
		if minute == "" {
			return s, false // a date alone has no offset
		}
		at, err := time.Parse("Z07:00", strings.ToUpper(withColon(zone)))
		if err != nil {
			return s, false
		}
		loc = at.Location()
	}
	layout, value := "2006-01-02", day
	switch {
	case second != "":
		layout, value = layout+"T15:04:05", value+"T"+minute+":"+second
	case minute != "":
		layout, value = layout+"T15:04", value+"T"+minute
	}
	plain, err := time.Parse(layout, value) // in UTC, which has every time once
	if err != nil {
		return s, false
	}
	switch {
	case fraction != "":
		f, _ := time.ParseDuration("0." + fraction + "s") // digits
		s.from, s.to = earliest(plain.Add(f), loc), latest(plain.Add(f), loc)
		return s, !s.to.IsZero() // which would be none at all
	case second != "":
		s.to = latest(plain, loc).Add(time.Second)
	case minute != "":
		s.to = latest(plain, loc).Add(time.Minute)
	default:
		s.to = earliest(plain.AddDate(0, 0, 1), loc) // a day of 23 or of 25 hours, too
	}
	s.from, s.to = earliest(plain, loc), s.to.Add(-time.Millisecond)
	return s, true
}

func withColon(zone string) string {
	if len(zone) == len("+0100") {
		return zone[:3] + ":" + zone[3:]
	}
	return zone
}

// earliest is the first moment at which clocks there show a time, given as one of UTC;
// of a time that they leave out it is the moment at which they do.
func earliest(plain time.Time, loc *time.Location) time.Time {
	return both(plain, loc)[0]
}

// latest is the last such moment.
func latest(plain time.Time, loc *time.Location) time.Time {
	return both(plain, loc)[1]
}

// both are the moments at which clocks show a time: two in the hour that comes twice.
func both(plain time.Time, loc *time.Location) [2]time.Time {
	shows := func(at time.Time) bool {
		l := at.In(loc)
		return l.Year() == plain.Year() && l.YearDay() == plain.YearDay() && l.Hour() == plain.Hour() && l.Minute() == plain.Minute()
	}
	var found []time.Time
	for _, day := range []time.Duration{-24 * time.Hour, 24 * time.Hour} { // the offsets before and after a change
		_, offset := plain.Add(day).In(loc).Zone()
		if at := plain.Add(-time.Duration(offset) * time.Second); shows(at) {
			found = append(found, at.UTC())
		}
	}
	switch len(found) {
	case 0:
		_, offset := plain.Add(-24 * time.Hour).In(loc).Zone() // as if the clocks had gone on
		at := plain.Add(-time.Duration(offset) * time.Second)
		if began, _ := at.In(loc).ZoneBounds(); !began.IsZero() {
			at = began // when they were changed
		}
		return [2]time.Time{at.UTC(), at.UTC()}
	case 1:
		return [2]time.Time{found[0], found[0]}
	}
	if found[1].Before(found[0]) {
		found[0], found[1] = found[1], found[0]
	}
	return [2]time.Time{found[0], found[1]}
}
