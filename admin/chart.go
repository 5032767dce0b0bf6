package admin

import (
	"net/http"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// The measures of a chart, in units of its own: it is as wide as its place.
const (
	chartWidth  = 960
	chartHeight = 96
	chartLeast  = 2 // the height of what is not nothing
)

// chartView is when events happened, as bars that lead to their time.
type chartView struct {
	frame
	Interval string
	Edges    string // of the spans, in ms since 1970, with commas between
	Bars     []bar
	Ticks    []string
	Most     string
	Total    string
	Width    int
	Height   int
	Back     string
	Wider    string // leads to a longer period
	Table    bool
}

// bar is one span. Parts are its levels, the gravest at the bottom.
type bar struct {
	X, Width    string
	Parts       []part
	Href, Label string
	Start       stamp
	Counts      []string
	Total       string
	First       bool // is reached by the keyboard
}

type part struct{ Level, Y, Height string }

// histogramPage serves GET histogram.
func (h *Handler) histogramPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	a := h.ask(r, h.frame(r, who, "histogram", "chart.title"))
	if a.problem != nil {
		return a.problem
	}
	ctx, done, err := h.heavily(r.Context())
	if err != nil {
		return err
	}
	defer done()
	step, edges, counts, err := h.spans(ctx, a.query.Filter, defaultBuckets, a.loc, a.now)
	if err != nil {
		return asProblem(ctx, err)
	}
	v := newChart(a.frame, step, edges, counts)
	v.Back, v.Wider = a.place.turned(""), a.zoomedOut(edges[0], edges[len(edges)-1])
	v.Table = !fragment(r)
	return h.show(w, r, http.StatusOK, "histogram", "histogram", v)
}

func newChart(f frame, step interval, edges []time.Time, counts []syslog.LevelCounts) chartView {
	v := chartView{frame: f, Width: chartWidth, Height: chartHeight}
	v.Interval = f.voice.say("chart.interval", f.voice.step(step))
	var most, total int64
	for _, c := range counts {
		most, total = max(most, c.Total()), total+c.Total()
	}
	v.Most, v.Total = f.voice.number(most), f.voice.number(total)
	width := float64(chartWidth) / float64(len(counts))
	gap := min(2, width/5)
	first := true
	for i, c := range counts {
		b := bar{
			X: decimal(float64(i)*width + gap/2), Width: decimal(width - gap), Start: f.voice.stamp(edges[i], f.loc), Total: f.voice.number(c.Total()),
			Label: f.voice.spanText(edges[i].In(f.loc), edges[i+1].In(f.loc)),
		}
		b.Parts, b.Label = bars(c, most, b.Label, f.voice)
		for _, l := range syslog.Levels() {
			b.Counts = append(b.Counts, f.voice.number(c.Of(l)))
		}
		if c.Total() > 0 {
			b.Href = spanHref(f.place, edges[i], edges[i+1])
			b.First, first = first, false
		}
		v.Bars = append(v.Bars, b)
	}
	for i, edge := range edges {
		if i > 0 {
			v.Edges += ","
		}
		v.Edges += strconv.FormatInt(edge.UnixMilli(), 10)
	}
	v.Ticks = chartTicks(f, edges)
	return v
}

// chartTicks are the moments below a chart.
func chartTicks(f frame, edges []time.Time) (out []string) {
	for i := range 5 {
		out = append(out, f.voice.tick(edges[i*(len(edges)-1)/4].In(f.loc), edges[len(edges)-1].Sub(edges[0])))
	}
	return out
}

// bars stacks the levels of a span, and says what they are.
func bars(c syslog.LevelCounts, most int64, label string, v voice) (parts []part, said string) {
	said = label + ": "
	if c.Total() == 0 {
		return nil, said + "0"
	}
	levels, bottom, room := syslog.Levels(), float64(chartHeight), 0.0
	for _, l := range levels {
		if c.Of(l) > 0 {
			room += chartLeast
		}
	}
	for i := len(levels) - 1; i >= 0; i-- {
		n := c.Of(levels[i])
		if n == 0 {
			continue
		}
		height := chartLeast + float64(n)/float64(most)*(chartHeight-room)
		bottom -= height
		parts = append(parts, part{levels[i].String(), decimal(bottom), decimal(height)})
		if len(parts) > 1 {
			said += ", "
		}
		said += v.number(n) + " " + levels[i].String()
	}
	return parts, said
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// step is the length of a span.
func (v voice) step(i interval) string {
	switch {
	case i.years > 0:
		return v.counted("time.year", int64(i.years))
	case i.months > 0:
		return v.counted("time.month", int64(i.months))
	case i.days > 0:
		return v.counted("time.day", int64(i.days))
	}
	return v.length(i.length)
}

// spanText is a time from one moment to another.
func (v voice) spanText(from, to time.Time) string {
	if to.Sub(from) >= 23*time.Hour {
		if first, last := v.day(from), v.day(to.Add(-time.Millisecond)); first == last {
			return first
		}
		return v.day(from) + "–" + v.day(to.Add(-time.Millisecond))
	}
	layout := "15:04"
	if to.Sub(from) < time.Minute {
		layout = "15:04:05"
	}
	_, before := from.Zone()
	if _, after := to.Zone(); before != after { // the clocks are changed
		layout += " -07:00"
	}
	return v.day(from) + " " + from.Format(layout) + "–" + to.Format(layout)
}

// tick is a moment below the chart, as exact as its length needs.
func (v voice) tick(t time.Time, of time.Duration) string {
	switch {
	case of < 10*time.Minute:
		return t.Format("15:04:05")
	case of <= 26*time.Hour:
		return t.Format("15:04")
	case of <= 8*24*time.Hour:
		return v.shortDay(t) + " " + t.Format("15:04")
	case of <= 300*24*time.Hour:
		return v.shortDay(t)
	}
	return v.day(t)
}
