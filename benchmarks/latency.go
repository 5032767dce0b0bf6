package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"
)

// latency is the comparison of single calls: not how many there are in a second, but
// how long the slowest ones take.
type latency struct {
	*bench
	seen map[string]map[int]*histogram // by side and round
}

// quantiles are what is told of a side.
var quantiles = []struct {
	name string
	of   func(h *histogram) time.Duration
}{
	{"p50", func(h *histogram) time.Duration { return h.percentile(0.50) }},
	{"p99", func(h *histogram) time.Duration { return h.percentile(0.99) }},
	{"p99.99", func(h *histogram) time.Duration { return h.percentile(0.9999) }},
	{"max", func(h *histogram) time.Duration { return h.max }},
}

// callerCounts are the numbers of goroutines that call at the same time.
var callerCounts = []int{1, 2}

func compareLatency(ctx context.Context, b *bench) error {
	b.describeMachine()
	l := &latency{b, map[string]map[int]*histogram{}}
	var sides []side
	for _, n := range callerCounts {
		for _, w := range latencyWays {
			name := called(w.name, n)
			l.seen[name] = map[int]*histogram{}
			sides = append(sides, side{name: name, again: true, run: func(ctx context.Context, round int) error {
				return l.turn(ctx, round, name, n, w.start)
			}})
		}
		for _, q := range quantiles {
			for _, other := range []string{bareChannel, syncSlog, onlyClock, busyClock} {
				b.report.compare(called(healthy, n)+", "+q.name, called(other, n)+", "+q.name, 0, 0)
			}
			for _, state := range []string{slow, hanging} {
				b.report.compare(called(state, n)+", "+q.name, called(healthy, n)+", "+q.name, 0, 0)
			}
		}
	}
	if err := b.takeTurns(ctx, sides); err != nil {
		return err
	}
	b.report.notes = append(b.report.notes, l.pool(sides))
	return nil
}

func called(way string, goroutines int) string {
	if goroutines == 1 {
		return way + ", 1 caller"
	}
	return fmt.Sprintf("%s, %d callers", way, goroutines)
}

// turn times every call by itself, from each goroutine its share of them.
func (l *latency) turn(ctx context.Context, round int, name string, goroutines int, start startWay) error {
	call, end, err := start(ctx, l.bench)
	if err != nil {
		return err
	}
	runtime.GC() // what start has made is no business of a call's
	parts := make([]histogram, goroutines)
	var group sync.WaitGroup
	for g := range parts {
		group.Go(func() {
			h := &parts[g]
			for i := g; i < l.rows; i += goroutines {
				start := time.Now()
				call(i)
				h.add(time.Since(start))
			}
		})
	}
	group.Wait()
	taken, err := end()
	if err != nil {
		return err
	}
	all := &parts[0]
	for i := range parts[1:] {
		all.merge(&parts[1+i])
	}
	if all.n != uint64(l.rows) {
		return fmt.Errorf("%d calls were timed, want %d", all.n, l.rows)
	}
	l.seen[name][round] = all
	for _, q := range quantiles {
		l.report.add(round, name+", "+q.name, "µs", micros(q.of(all)))
	}
	l.report.add(round, name+", taken", "% of the calls", 100*float64(taken)/float64(l.rows))
	return nil
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }

// pool is a table over all calls of all rounds: the longest of all is one call.
func (l *latency) pool(sides []side) string {
	var b strings.Builder
	b.WriteString("All rounds together, µs; all of them with one reading of the clock, which is what the control shows:\n\n")
	b.WriteString("| calls of | n | p50 | p99 | p99.99 | max |\n|---|--:|--:|--:|--:|--:|\n")
	for _, s := range sides {
		var all histogram
		for _, h := range l.seen[s.name] {
			all.merge(h)
		}
		if all.n == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d |", s.name, all.n)
		for _, q := range quantiles {
			fmt.Fprintf(&b, " %s |", number(micros(q.of(&all))))
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}
