package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// All callers take turns of so many calls, which are over before another program has
// its turn on the core. What runs beside a caller catches up after each, so that nobody
// is fast by refusing: a burst fits into every queue.
const burst = 20_000

// caller is one way to log an event of five fields.
type caller struct {
	name string
	open func() (running, error)
}

// running is a caller that is ready. call logs event i, from any goroutine. settle
// waits until all calls so far, total, have arrived; it is nil where they have when they
// return, and so is end, which ends it and says how many were lost.
type running struct {
	call   func(i int)
	settle func(total int) error
	end    func(total int) (lost int, err error)
}

func compareEnqueue(ctx context.Context, b *bench) error {
	b.describeMachine()
	var chosen []caller
	for _, c := range callers() {
		if b.wants(c.name) {
			chosen = append(chosen, c)
		}
	}
	var sides []side
	for _, n := range []int{1, 2} {
		sides = append(sides, side{name: fmt.Sprintf("%d goroutines", n), again: true, run: func(_ context.Context, round int) error {
			return b.callers(round, chosen, n)
		}})
		sides = append(sides, side{name: fmt.Sprintf("%d goroutines, a process each", n), again: true, run: func(ctx context.Context, round int) error {
			return b.alone(ctx, round, chosen, n)
		}})
		for _, ours := range ourCalls {
			for _, c := range callers() {
				most := 0.0
				if c.name == byZerolog {
					most = 1
				}
				if slices.Contains(ourCalls, c.name) {
					continue
				}
				us, them := atATime(ours, n), atATime(c.name, n)
				b.report.compare(us, them, 0, most)
				b.report.compare(us+inProcess, them+inProcess, 0, most)
				b.report.compare(us+inProcess+processor, them+inProcess+processor, 0, 0)
			}
		}
	}
	only := b.only
	b.only = nil // it was for callers
	defer func() { b.only = only }()
	return b.takeTurns(ctx, sides)
}

func atATime(name string, goroutines int) string {
	if goroutines == 1 {
		return name
	}
	return fmt.Sprintf("%s, %d goroutines", name, goroutines)
}

// taken is what the bursts of a caller took.
type taken struct {
	running
	calling, all  []float64 // ns a call, burst by burst
	mallocs, size uint64
}

// callers has all callers take turns.
func (b *bench) callers(round int, chosen []caller, goroutines int) (err error) {
	ts := make([]taken, len(chosen))
	for i, c := range chosen {
		if ts[i].running, err = c.open(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	total := 0
	for ; total < b.rows+burst; total += burst {
		for i := range ts {
			t := &ts[(i+total/burst)%len(ts)]
			if err := t.burst(goroutines, total); err != nil {
				return err
			}
		}
	}
	for i, c := range chosen {
		t, name := &ts[i], atATime(c.name, goroutines)
		b.report.add(round, name, "ns", middle(t.calling))
		if t.end != nil {
			lost, endErr := t.end(total)
			err = errors.Join(err, endErr)
			b.report.add(round, name+": until it has arrived", "ns", middle(t.all))
			b.report.add(round, name+": lost", "%", 100*float64(lost)/float64(total))
		}
		n := float64(total - burst)
		b.report.add(round, name+": allocations", "a call", float64(t.mallocs)/n)
		b.report.add(round, name+": allocated", "B a call", float64(t.size)/n)
	}
	return err
}

// burst makes a turn's calls. The first one warms caches, pools and queues.
func (t *taken) burst(goroutines, from int) (err error) {
	var before, after runtime.MemStats
	runtime.GC() // nobody pays for the rubbish of the one before
	runtime.ReadMemStats(&before)
	start := time.Now()
	each(goroutines, from, from+burst, t.call)
	calling := time.Since(start)
	if t.settle != nil {
		err = t.settle(from + burst)
	}
	all := time.Since(start)
	runtime.ReadMemStats(&after)
	if from > 0 {
		t.calling = append(t.calling, float64(calling)/burst)
		t.all = append(t.all, float64(all)/burst)
		t.mallocs += after.Mallocs - before.Mallocs
		t.size += after.TotalAlloc - before.TotalAlloc
	}
	return err
}

func middle(v []float64) float64 {
	slices.Sort(v)
	return median(v)
}

// each has goroutines share calls.
func each(goroutines, from, to int, call func(i int)) {
	if goroutines == 1 {
		for i := from; i < to; i++ {
			call(i)
		}
		return
	}
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := from + g; i < to; i += goroutines {
				call(i)
			}
		})
	}
	wg.Wait()
}
