package admin

import "time"

// interval is the length of the buckets of a histogram: a duration, or so many days,
// months or years of the calendar.
type interval struct {
	name                string
	length              time.Duration
	days, months, years int
}

// intervals are those that people read on a clock and in a calendar, shortest first.
var intervals = []interval{
	{name: "1s", length: time.Second},
	{name: "2s", length: 2 * time.Second},
	{name: "5s", length: 5 * time.Second},
	{name: "10s", length: 10 * time.Second},
	{name: "15s", length: 15 * time.Second},
	{name: "30s", length: 30 * time.Second},
	{name: "1m", length: time.Minute},
	{name: "2m", length: 2 * time.Minute},
	{name: "5m", length: 5 * time.Minute},
	{name: "10m", length: 10 * time.Minute},
	{name: "15m", length: 15 * time.Minute},
	{name: "30m", length: 30 * time.Minute},
	{name: "1h", length: time.Hour},
	{name: "2h", length: 2 * time.Hour},
	{name: "3h", length: 3 * time.Hour},
	{name: "6h", length: 6 * time.Hour},
	{name: "12h", length: 12 * time.Hour},
	{name: "1d", days: 1},
	{name: "2d", days: 2},
	{name: "1w", days: 7},
	{name: "1mo", months: 1},
	{name: "3mo", months: 3},
	{name: "1y", years: 1},
	{name: "10y", years: 10},
	{name: "100y", years: 100},
	{name: "1000y", years: 1000},
	{name: "10000y", years: 10000},
}

// spread covers the time from one moment to another, both included, by at most so many
// spans of the shortest interval for which they suffice.
func spread(from, to time.Time, most int, loc *time.Location) (step interval, edges []time.Time) {
	for _, step = range intervals {
		if step.length > 0 && to.Sub(from)/step.length > time.Duration(most) {
			continue // far too many to be worth a look; a difference that is too large is the largest
		}
		if edges = step.cover(from, to, most, loc); edges != nil {
			break
		}
	}
	return step, edges
}

// cover is nil if more than most spans are needed.
func (i interval) cover(from, to time.Time, most int, loc *time.Location) []time.Time {
	local := from.In(loc)
	y, m, d := local.Date()
	edge := func(n int) time.Time {
		switch {
		case i.years > 0:
			return midnight(y-y%i.years+n*i.years, 1, 1, loc)
		case i.months > 0:
			return midnight(y, time.Month((int(m)-1)/i.months*i.months+1+n*i.months), 1, loc)
		case i.days > 0:
			return midnight(y, m, d-i.daysIn(local)+n*i.days, loc)
		case i.length > time.Hour: // on the hours of a clock, of which a day may have one more or less
			hours := int(i.length / time.Hour)
			hour := local.Hour() - local.Hour()%hours + n*hours
			return earliest(time.Date(y, m, d, hour, 0, 0, 0, time.UTC), loc)
		}
		_, offset := local.Zone()
		ahead := time.Duration(offset) * time.Second
		return from.Add(ahead).Truncate(i.length).Add(-ahead).Add(time.Duration(n) * i.length)
	}
	edges := []time.Time{edge(0)}
	for n := 1; !edges[len(edges)-1].After(to); n++ {
		next := edge(n)
		if !next.After(edges[len(edges)-1]) {
			continue // the hour that a clock leaves out
		}
		if len(edges) > most {
			return nil
		}
		edges = append(edges, next)
	}
	return edges
}

// daysIn is how many days of its span have gone by: weeks begin on Monday, others are
// counted from the same day for ever.
func (i interval) daysIn(local time.Time) int {
	if i.days == 7 {
		return (int(local.Weekday()) + 6) % 7
	}
	y, m, d := local.Date()
	day := int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	return (day%i.days + i.days) % i.days
}

// midnight is when a day begins, on clocks that may leave midnight out.
func midnight(y int, m time.Month, d int, loc *time.Location) time.Time {
	return earliest(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), loc)
}
