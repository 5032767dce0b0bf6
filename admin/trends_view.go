package admin

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// trendsView is what the trends show.
type trendsView struct {
	frame
	Action  string
	Period  periodView
	Levels  []option
	Chips   []chip
	Hidden  []option
	List    string // leads to the explorer with the same filters
	CSV     string
	Any     bool
	Totals  []totalView
	Before  string // the period before, which the totals are compared with
	Volume  chartView
	Rate    rateView
	Types   topList
	Actors  topList
	Heat    heatView
	Fresh   []topView
	Compare bool // there is a period before
	Note    string
}

// totalView is a number beside the one of the period before.
type totalView struct {
	Text, Value, Before string
	Delta               string
	Worse               bool
	Href                string
}

// topList are the most frequent values of a field.
type topList struct {
	Values  []topView
	Compare bool
}

// topView is a value with how often there was it: Share is 1 to 100 of the largest.
type topView struct {
	Value []run
	Title string
	Href  string
	Count string
	Share int
	Delta string
	Last  stamp
}

func newTrends(a asked, t trends) trendsView {
	v := trendsView{
		frame: a.frame, Action: a.place.to("trends"), Period: newPeriod(a.frame, a.selection, a.query.Filter), Chips: chips(a.frame),
		List: a.place.filtered(), CSV: a.place.turned("trends", "format", formatCSV), Any: t.Total > 0, Compare: t.Previous != nil,
	}
	level := a.place.query.Get("level")
	for _, name := range levelNames() {
		v.Levels = append(v.Levels, option{Text: name, Value: name, Current: has(level, name)})
	}
	own := []string{"level", "startDate", "endDate"}
	v.Hidden = fields(a.frame, func(name string) bool { return !slices.Contains(own, name) })
	v.Volume, v.Rate = newChart(a.frame, t.step, t.edges, t.counts), newRate(a, t)
	v.Heat = newHeat(a, t)
	v.totals(a, t)
	v.Types, v.Actors = topList{topTypes(a, t.Types.Values, t.all), v.Compare}, topList{Values: topValuesOf(a, t.ActorIDs.Values, "actorId")}
	if v.Compare {
		for i, value := range t.Types.Values {
			before := t.before[value.Value]
			v.Types.Values[i].Delta = a.voice.change(value.Count, before)
		}
		v.Fresh = topTypes(a, t.fresh, t.all)
		for i, value := range t.fresh {
			v.Fresh[i].Last = a.voice.stamp(value.Last, a.loc)
		}
	}
	if t.partly || t.Types.Capped {
		v.Note = a.voice.say("trends.partly", a.voice.number(syslog.FacetRows), a.voice.number(syslog.MaxFacetLimit))
	}
	return v
}

// grave are the levels ERROR and CRITICAL, as far as the filter has them; where it has neither, what
// it has.
func (a asked) grave() string {
	var names []string
	for _, l := range []syslog.LogLevel{syslog.LevelError, syslog.LevelCritical} {
		if (len(a.query.Levels) == 0 || slices.Contains(a.query.Levels, l)) && !slices.Contains(a.query.Not.Levels, l) {
			names = append(names, l.String())
		}
	}
	if names == nil {
		return a.selection.Level
	}
	return strings.Join(names, ",")
}

func (v *trendsView) totals(a asked, t trends) {
	errs, say := t.ByLevel.Error+t.ByLevel.Critical, a.voice
	v.Totals = []totalView{
		{Text: say.say("trends.total"), Value: say.number(t.Total), Href: v.List},
		{Text: say.say("trends.errors"), Value: say.number(errs), Href: a.place.filtered("level", a.grave())},
		{Text: say.say("trends.rate"), Value: say.percent(t.ErrorRate)},
	}
	if t.Previous == nil {
		return
	}
	p := t.Previous
	old := p.ByLevel.Error + p.ByLevel.Critical
	from, to := p.From.Truncate(time.Second), p.To.Truncate(time.Second)
	v.Before = say.ends(&from, &to, a.loc)
	for i, c := range []struct {
		before, delta string
		worse         bool
	}{
		{say.number(p.Total), say.change(t.Total, p.Total), false},
		{say.number(old), say.change(errs, old), errs > old},
		{say.percent(p.ErrorRate), say.points(t.ErrorRate - p.ErrorRate), t.ErrorRate > p.ErrorRate},
	} {
		v.Totals[i].Before, v.Totals[i].Delta, v.Totals[i].Worse = c.before, c.delta, c.worse
	}
}

func topValuesOf(a asked, values []syslog.FacetValue, field string) (out []topView) {
	var most int64 = 1
	for _, v := range values {
		most = max(most, v.Count)
	}
	for _, v := range values {
		out = append(out, topView{
			Value: runs(v.Value, false), Title: plainly(v.Value), Href: a.place.filtered(field, v.Value), Count: a.voice.number(v.Count),
			Share: max(1, int(100*v.Count/most)),
		})
	}
	return out
}

func topTypes(a asked, values []syslog.FacetValue, all syslog.Facet) []topView {
	out := topValuesOf(a, values, "type")
	for i, v := range values {
		out[i].Count, out[i].Title = a.voice.atLeast(all, v)
	}
	return out
}

// percent is a share of 0 to 1.
func (v voice) percent(share float64) string {
	return v.fraction(100*share) + v.say("format.percent")
}

// fraction is a number with one digit behind the sign, unless that is 0.
func (v voice) fraction(x float64) string {
	text := strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
	return strings.NewReplacer(".", v.decimal(), "-", "−").Replace(text)
}

// change is how much more there is than before: +12 %, or "new".
func (v voice) change(now, before int64) string {
	switch {
	case now == before:
		return "="
	case before == 0:
		return v.say("trends.new")
	}
	share := 100 * (float64(now) - float64(before)) / float64(before)
	if math.Abs(share) >= 10 {
		share = math.Round(share)
	}
	return signed(share) + v.fraction(share) + v.say("format.percent")
}

// points is the difference of two shares.
func (v voice) points(difference float64) string {
	if math.Abs(difference) < 0.0005 {
		return "="
	}
	return signed(difference) + v.fraction(100*difference) + v.say("format.points")
}

func signed(x float64) string {
	if x > 0 {
		return "+"
	}
	return ""
}

// dayOfWeek is its name.
func (v voice) dayOfWeek(d int) string { return strings.Fields(v.say("format.weekdays"))[d] }
