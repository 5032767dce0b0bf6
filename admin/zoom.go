package admin

import "time"

// longestPeriod is how long a period may become before it is all of the time.
const longestPeriod = 20 * 365 * 24 * time.Hour

// zoomedOut leads to a period about three times as long around the middle of that of a chart, which
// lies between from and to: an end that is open stays so, and so does one that would lie in the
// future. It is "" where there is nothing wider, and all of the time where nothing can be yet.
func (a asked) zoomedOut(from, to time.Time) string {
	f := a.query.Filter
	if f.From.IsZero() && a.selection.EndDate == "" {
		return ""
	}
	if !f.From.IsZero() {
		from = f.From
	}
	if !f.To.IsZero() {
		to = f.To
	}
	length := max(to.Sub(from), time.Second)
	if length > longestPeriod/3 || from.After(a.now) {
		return a.place.filtered("range", a.everything, "startDate", "", "endDate", "")
	}
	start, end := "", ""
	if from, to = from.Add(-length), to.Add(length); a.selection.EndDate == "" || to.After(a.now) {
		from = from.Add(-length) // all of it lies before
	} else {
		end = iso(to)
	}
	if !f.From.IsZero() {
		start = iso(from)
	} else if end == "" {
		return a.place.filtered("range", a.everything, "startDate", "", "endDate", "")
	}
	return a.place.filtered("range", "", "startDate", start, "endDate", end)
}
