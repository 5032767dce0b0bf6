package budget_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// budget is what a figure may be at most. It fails a test above slack times that; 0 is never.
type budget struct {
	name  string
	unit  unit
	most  float64
	slack float64
}

// none is for what is told and has no budget.
var none = math.Inf(1)

// unit is how a figure is printed.
type unit string

const (
	bytes        unit = "%.0fB"
	kilobytes    unit = "%.1fKB"
	megabytes    unit = "%.1fMB"
	milliseconds unit = "%.0fms"
	ratio        unit = "%.3f"
	number       unit = "%.0f"
)

// report collects figures.
type report struct {
	t       testing.TB
	budgets []budget

	mu      sync.Mutex
	figures map[string]figure
}

// figure is one as it is printed, and the best that was seen, by which it is judged.
type figure struct {
	value, best float64
	text        string // in place of the value
}

func newReport(t testing.TB, budgets []budget) *report {
	return &report{t: t, budgets: budgets, figures: map[string]figure{}}
}

// set takes a figure.
func (r *report) set(name string, value float64) { r.add(name, figure{value: value, best: value}) }

// instead takes a text where there is no figure.
func (r *report) instead(name, text string) { r.add(name, figure{text: text}) }

// times takes the 95th percentile of some times.
func (r *report) times(name string, all []time.Duration) {
	r.t.Helper()
	require.NotEmpty(r.t, all, name)
	sorted := slices.Sorted(slices.Values(all))
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	r.add(name, figure{value: ms(sorted[(len(sorted)*95+99)/100-1]), best: ms(sorted[0])})
}

func (r *report) add(name string, f figure) {
	r.t.Helper()
	require.True(r.t, slices.ContainsFunc(r.budgets, func(b budget) bool { return b.name == name }), "no budget for %s", name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.figures[name] = f
}

// line is all figures in the order of their budgets, and what is over them.
func (r *report) line() (line string, over []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	line = "adminui:"
	for _, b := range r.budgets {
		f, known := r.figures[b.name]
		if !known {
			over = append(over, b.name+" was not measured")
			line += " " + b.name + "=?!"
			continue
		}
		if f.text != "" {
			line += " " + b.name + "=" + f.text
			continue
		}
		text := fmt.Sprintf(string(b.unit), f.value)
		most := fmt.Sprintf(string(b.unit), b.most)
		if line += " " + b.name + "=" + text; f.value > b.most {
			line += "!"
		}
		if b.unit == milliseconds && b.most != none {
			line += "/" + most
		}
		if b.slack > 0 && f.best > b.most*b.slack {
			over = append(over, fmt.Sprintf("%s is "+string(b.unit)+": want at most %s x %g", b.name, f.best, most, b.slack))
		}
	}
	return line, over
}

// print says the line, and fails the test for what is over its budget.
func (r *report) print() {
	r.t.Helper()
	line, over := r.line()
	fmt.Println(line)
	if len(over) > 0 {
		r.t.Error("adminui: " + strings.Join(over, "; "))
	}
}

// TestReport: what is over its budget is marked, and fails where it must hold.
func TestReport(t *testing.T) {
	r := newReport(t, []budget{{"a", kilobytes, 10, 1}, {"b", number, 0, 1}, {"c", milliseconds, 100, 5}, {"d", milliseconds, 100, 0}, {"e", ratio, 0.02, 1}, {"f", bytes, 0, 1}, {"g", milliseconds, none, 0}})
	r.set("g", 7)
	r.set("a", 10)
	r.set("b", 1)
	r.times("c", []time.Duration{900 * time.Millisecond, 500 * time.Millisecond, 600 * time.Millisecond})
	r.set("d", 1e6)
	r.instead("e", "none")
	line, over := r.line()
	require.Equal(t, "adminui: a=10.0KB b=1! c=900ms!/100ms d=1000000ms!/100ms e=none f=?! g=7ms", line)
	require.Equal(t, []string{"b is 1: want at most 0 x 1", "f was not measured"}, over)
	r.set("a", 10.1)
	r.set("b", 0)
	r.times("c", []time.Duration{501 * time.Millisecond})
	r.set("e", 0.0201)
	r.set("f", 0)
	line, over = r.line()
	require.Equal(t, "adminui: a=10.1KB! b=0 c=501ms!/100ms d=1000000ms!/100ms e=0.020! f=0B g=7ms", line)
	require.Len(t, over, 3)
}
