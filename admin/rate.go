package admin

import (
	"strings"

	"github.com/callastar/syslog"
)

// rateView is the share of ERROR and CRITICAL over time, as a line. A span without events
// has no rate: the line has a gap there.
type rateView struct {
	Interval string
	Width    int
	Height   int
	Path     string
	Points   []ratePoint
	Scale    []string // from the top down
	Lines    []string // of the scale, their heights
	Ticks    []string
	Any      bool
}

type ratePoint struct {
	X, Width     string
	Href, Label  string
	Start        stamp
	Total, Grave string
	Rate         string
	First        bool
}

// rateSteps are tops of the scale, in percent.
var rateSteps = []float64{1, 2, 5, 10, 20, 50, 100}

func newRate(a asked, t trends) rateView {
	v := rateView{Width: chartWidth, Height: chartHeight, Interval: a.voice.say("rate.interval", a.voice.step(t.step))}
	top := rateTop(t.counts)
	for _, share := range []float64{1, .5, 0} {
		v.Scale = append(v.Scale, a.voice.percent(share*top/100))
		v.Lines = append(v.Lines, decimal((1-share)*chartHeight))
	}
	width := float64(chartWidth) / float64(len(t.counts))
	var path strings.Builder
	drawing, first := false, true
	for i, c := range t.counts {
		p := ratePoint{X: decimal(float64(i) * width), Width: decimal(width), Start: a.voice.stamp(t.edges[i], a.loc), Total: a.voice.number(c.Total())}
		if c.Total() == 0 {
			drawing = false
			v.Points = append(v.Points, p)
			continue
		}
		grave, rate := c.Error+c.Critical, errorRate(c)
		p.Grave, p.Rate = a.voice.number(grave), a.voice.percent(rate)
		p.Label = a.voice.spanText(t.edges[i].In(a.loc), t.edges[i+1].In(a.loc)) + ": " + a.voice.say("rate.point", p.Rate, p.Grave, p.Total)
		p.Href = spanHref(a.place, t.edges[i], t.edges[i+1], "level", a.grave())
		p.First, first = first, false
		x, y := decimal((float64(i)+.5)*width), decimal(chartHeight*(1-100*rate/top))
		if drawing {
			path.WriteString("L" + x + " " + y)
		} else {
			path.WriteString("M" + x + " " + y + "h0") // a span alone is a dot
		}
		drawing, v.Any = true, true
		v.Points = append(v.Points, p)
	}
	v.Path, v.Ticks = path.String(), chartTicks(a.frame, t.edges)
	return v
}

// rateTop is where the scale ends, in percent.
func rateTop(counts []syslog.LevelCounts) float64 {
	most := 0.0
	for _, c := range counts {
		most = max(most, 100*errorRate(c))
	}
	for _, top := range rateSteps {
		if most <= top {
			return top
		}
	}
	return 100
}
