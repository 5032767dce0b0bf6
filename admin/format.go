package admin

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// voice is a language with its rules for numbers and times.
type voice struct {
	lang string
	catalog
}

// number writes a whole number in groups of three digits.
func (v voice) number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	between := v.say("format.thousands")
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + between + digits[i:]
	}
	return sign + digits
}

// counted is the text for a number of things, which it has in place of %s: the key has
// one for a single thing, and one for others. What the text says beside it comes behind.
func (v voice) counted(key string, n int64, more ...any) string {
	return v.say(key+v.plural(n), append([]any{v.number(n)}, more...)...)
}

// decimal is the sign before the fraction of a number.
func (v voice) decimal() string { return v.say("format.decimal") }

// size is a number of bytes as people write it, in the unit in which it is at least 1 once it
// is rounded.
func (v voice) size(bytes int64) string {
	const kb, mb, gb = 1 << 10, 1 << 20, 1 << 30
	in := func(unit float64) string {
		return strings.Replace(strconv.FormatFloat(float64(bytes)/unit, 'f', 1, 64), ".", v.decimal(), 1)
	}
	switch {
	case bytes < kb:
		return v.say("size.bytes", v.number(bytes))
	case bytes < mb-kb/2:
		return v.say("size.kb", v.number((bytes+kb/2)/kb))
	case bytes < gb-mb/20:
		return v.say("size.mb", in(mb))
	}
	return v.say("size.gb", in(gb))
}

// day is a date: 22 Nov 2026.
func (v voice) day(t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), strings.Fields(v.say("format.months"))[t.Month()-1], t.Year())
}

// shortDay is a date of a year that is known: 22 Nov.
func (v voice) shortDay(t time.Time) string {
	return fmt.Sprintf("%d %s", t.Day(), strings.Fields(v.say("format.months"))[t.Month()-1])
}

// weekday is a date with its day of the week.
func (v voice) weekday(t time.Time) string {
	return strings.Fields(v.say("format.weekdays"))[t.Weekday()] + " " + v.day(t)
}

// moment is a date and a time, as exact as events are.
func (v voice) moment(t time.Time) string { return v.day(t) + " " + t.Format("15:04:05.000") }

// clock is a time, with its date if that is not today's.
func (v voice) clock(t, now time.Time) string {
	if t.YearDay() != now.YearDay() || t.Year() != now.Year() {
		return v.day(t) + " " + t.Format(time.TimeOnly)
	}
	return t.Format(time.TimeOnly)
}

// since is a clock as it stands behind "since".
func (v voice) since(t, now time.Time) string {
	text := v.clock(t, now)
	if text != t.Format(time.TimeOnly) {
		text = v.say("time.on", text)
	}
	return text
}

// speed is a number of things in a second, with one digit behind the sign while it is small.
func (v voice) speed(x float64) string {
	switch {
	case x >= 10:
		return v.number(int64(math.Round(x)))
	case x > 0 && x < .05:
		return "< " + v.fraction(.1)
	}
	return v.fraction(x)
}

// minute is a date and a time to the minute; seconds only where there are some.
func (v voice) minute(t time.Time) string {
	if t.Second() != 0 || t.Nanosecond() != 0 {
		return v.day(t) + " " + strings.TrimSuffix(t.Format("15:04:05.000"), ".000")
	}
	return v.day(t) + " " + t.Format("15:04")
}

// ago is how long before now something was, or after.
func (v voice) ago(t, now time.Time) string {
	d, when := now.Sub(t), "time.ago"
	if d < 0 {
		d, when = -d, "time.in"
	}
	if d < time.Second {
		return v.say("time.now")
	}
	return v.say(when, v.length(d))
}

// length is a duration in its largest unit.
func (v voice) length(d time.Duration) string {
	for _, u := range []struct {
		least, unit time.Duration
		key         string
	}{
		{48 * time.Hour, 24 * time.Hour, "time.days"}, {time.Hour, time.Hour, "time.hours"},
		{time.Minute, time.Minute, "time.minutes"}, {time.Second, time.Second, "time.seconds"},
	} {
		if d >= u.least {
			return v.say(u.key, v.number(int64(d/u.unit)))
		}
	}
	return v.say("time.milliseconds", v.number(d.Milliseconds()))
}

// stamp is a moment for programs and for people.
type stamp struct{ ISO, Text string }

func (v voice) stamp(t time.Time, loc *time.Location) stamp {
	return stamp{iso(t), v.moment(t.In(loc))}
}

// iso is a moment as events have it: UTC, to the millisecond.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// zoneName is a zone with its offset at a moment: "Europe/Paris (UTC+1)".
func zoneName(loc *time.Location, at time.Time) string {
	name := loc.String()
	if name == "UTC" {
		return name
	}
	_, offset := at.In(loc).Zone()
	sign := "+"
	if offset < 0 {
		sign, offset = "−", -offset
	}
	text := fmt.Sprintf("%s (UTC%s%d", name, sign, offset/3600)
	if rest := offset % 3600 / 60; rest > 0 {
		text += fmt.Sprintf(":%02d", rest)
	}
	return text + ")"
}
