package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// alone has each caller log in a process of its own, where it has the heap and the
// garbage that it makes, which is collected when it is: of bursts that take turns in one
// process, nobody's rubbish is in anybody's time.
func (b *bench) alone(ctx context.Context, round int, chosen []caller, goroutines int) error {
	for i := range chosen {
		name := chosen[(i+round)%len(chosen)].name
		got, err := runChild(ctx, childSpec{Caller: name, Goroutines: goroutines, Calls: b.rows})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		b.report.add(round, atATime(name, goroutines)+inProcess, "ns", got.Nanos)
		b.report.add(round, atATime(name, goroutines)+inProcess+processor, "ns", got.CPU)
	}
	return nil
}

// What is added to the names of callers. processor is the time of all cores, for a call
// and everything that comes of it.
const (
	inProcess = ", a process of its own"
	processor = ": processor time"
)

// runCaller is what the child does: bursts, between which all has time to arrive.
func (s *childSpec) runCaller() (r childResult, err error) {
	all := callers()
	at := slices.IndexFunc(all, func(c caller) bool { return c.name == s.Caller })
	if at < 0 {
		return r, fmt.Errorf("no caller %q", s.Caller)
	}
	c, err := all[at].open()
	if err != nil {
		return r, err
	}
	var calling, began time.Duration
	total := 0
	for ; total < s.Calls+burst; total += burst {
		start := time.Now()
		each(s.Goroutines, total, total+burst, c.call)
		if total > 0 { // the first one warms caches, pools and queues
			calling += time.Since(start)
		}
		if c.settle != nil {
			if err := c.settle(total + burst); err != nil {
				return r, err
			}
		}
		if total == 0 {
			if began, err = processorTime(); err != nil {
				return r, err
			}
		}
	}
	used, err := processorTime()
	calls := float64(total - burst)
	r.Nanos, r.CPU = float64(calling)/calls, float64(used-began)/calls
	if c.end != nil {
		lost, endErr := c.end(total)
		if err = errors.Join(err, endErr); err == nil && lost > 0 {
			err = fmt.Errorf("%d of %d calls were lost", lost, total)
		}
	}
	return r, err
}

// processorTime is what this process has used of all cores.
func processorTime() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}
