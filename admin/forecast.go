package admin

import (
	"time"

	"github.com/callastar/syslog"
)

// forecast shows people what a form would delete or change.
type forecast struct {
	Count      int64
	Levels     []levelCount
	Period     string // in the zone of the page
	UTC        string // the same in UTC, "" where that is the zone
	First      *stamp
	Last       *stamp
	Sample     []contextRow
	MayOpen    bool // the events of the sample
	Everything bool // all that there is of them is in the sample
}

type levelCount struct{ Level, Count string }

func newForecast(f frame, p previewed) forecast {
	v := forecast{Count: p.Count, MayOpen: f.perms.Has(PermView), Everything: p.Count <= int64(len(p.Sample))}
	v.Levels = f.voice.levelCounts(p.ByLevel)
	v.Period = f.voice.ends(p.From, p.To, f.loc) + " · " + f.Zone
	if f.loc != time.UTC {
		v.UTC = f.voice.ends(p.From, p.To, time.UTC) + " UTC"
	}
	for of, into := range map[*time.Time]**stamp{p.Oldest: &v.First, p.Newest: &v.Last} {
		if of != nil {
			s := f.voice.stamp(*of, f.loc)
			*into = &s
		}
	}
	for _, l := range p.Sample {
		v.Sample = append(v.Sample, newSample(f, l))
	}
	return v
}

// newSample is an event that stands for others. It is as it may be shown.
func newSample(f frame, l syslog.Log) contextRow {
	s := f.voice.stamp(l.CreatedAt, f.loc)
	return contextRow{
		At: s, Time: s.Text, Href: f.place.to("logs/" + segment(l.ID)), Level: l.Level.String(),
		Type: runs(l.Type, false), Message: runs(excerpt(l.Message, longest), false),
	}
}

func (v voice) levelCounts(c syslog.LevelCounts) (out []levelCount) {
	for _, l := range syslog.Levels() {
		out = append(out, levelCount{l.String(), v.number(c.Of(l))})
	}
	return out
}

// ends are both ends of a period, open where there is none.
func (v voice) ends(from, to *time.Time, loc *time.Location) string {
	first, last := v.say("range.open"), v.say("range.now")
	if from != nil {
		first = v.minute(from.In(loc))
	}
	if to != nil {
		last = v.minute(closed(to.In(loc)))
	}
	return first + " → " + last
}
