package admin

import (
	"context"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// maxDays is how many days are counted one by one: the last ones of a longer period.
const maxDays = 366

// dayCounts is a date on the clocks of the page.
type dayCounts struct {
	from, to time.Time
	counts   syslog.LevelCounts
}

// days counts the dates between edges, up to the end of the period, which may lie before the last one.
func (h *Handler) days(ctx context.Context, f syslog.Filter, edges []time.Time, loc *time.Location, now time.Time) (out []dayCounts, cut bool, err error) {
	first, last := edges[0], edges[len(edges)-1].Add(-time.Millisecond)
	end := f.To
	if end.IsZero() {
		end = now
	}
	if end.Before(last) && !end.Before(first) {
		last = end
	}
	if begin := last.AddDate(0, 0, -maxDays); first.Before(begin) {
		first, cut = begin, true
	}
	daily := intervals[slices.IndexFunc(intervals, func(i interval) bool { return i.name == "1d" })]
	midnights := daily.cover(first, last, maxDays+2, loc)
	counts, err := h.logger.Histogram(ctx, f, midnights)
	for i, c := range counts {
		out = append(out, dayCounts{midnights[i], midnights[i+1], c})
	}
	return out, cut, err
}

// heatView is how many events of each level there are on each day of the week.
type heatView struct {
	Days []string
	Rows []heatRow
	Note string
}

type heatRow struct {
	Level, Href string
	Cells       []heatCell
}

// heatCell is as strong in colour as its share of the row's largest: 0 to 4. It leads to its events where
// they are of one date.
type heatCell struct {
	Count string
	Heat  int
	Href  string
	Label string
}

func newHeat(a asked, t trends) (v heatView) {
	if t.cut {
		v.Note = a.voice.counted("heat.cut", maxDays)
	}
	var counts [7]syslog.LevelCounts
	var dates [7][]dayCounts
	for _, d := range t.days {
		i := (int(d.from.In(a.loc).Weekday()) + 6) % 7 // weeks begin on Monday
		for _, l := range syslog.Levels() {
			counts[i].Add(l, d.counts.Of(l))
		}
		if d.counts.Total() > 0 {
			dates[i] = append(dates[i], d)
		}
	}
	for i := range 7 {
		v.Days = append(v.Days, a.voice.dayOfWeek((i+1)%7))
	}
	for _, l := range syslog.Levels() {
		row := heatRow{Level: l.String(), Href: a.place.filtered("level", l.String())}
		var most int64
		for i := range 7 {
			most = max(most, counts[i].Of(l))
		}
		for i := range 7 {
			n := counts[i].Of(l)
			c := heatCell{Count: a.voice.number(n)}
			if n > 0 {
				c.Heat = 1 + int(3*n/most)
				if len(dates[i]) == 1 {
					c.Href = spanHref(a.place, dates[i][0].from, dates[i][0].to, "level", l.String())
					c.Label = a.voice.weekday(dates[i][0].from.In(a.loc)) + ": " + c.Count + " " + l.String()
				}
			}
			row.Cells = append(row.Cells, c)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// spanHref leads to the events of a span.
func spanHref(p place, from, to time.Time, changes ...string) string {
	return p.filtered(append(changes, "range", "", "startDate", iso(from), "endDate", iso(to.Add(-time.Millisecond)))...)
}
