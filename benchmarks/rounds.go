package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// side is one of those that are compared. run prepares what it needs, and tells
// the report what it measured. again says that it can be run twice in a round, which is
// done where there are several: one alone is to see that it runs.
type side struct {
	name  string
	run   func(ctx context.Context, round int) error
	again bool
}

// takeTurns runs every side once in each round. The first of a round is another
// one each time, so that none always follows the same one.
func (b *bench) takeTurns(ctx context.Context, sides []side) error {
	var chosen []side
	for _, s := range sides {
		if b.wants(s.name) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("no side has a name like %s", b.only)
	}
	var shares []float64
	repeated := 0
	for round := range b.rounds {
		for i := range chosen {
			s := chosen[(i+round)%len(chosen)]
			others, err := b.turn(ctx, round, s)
			for n := 0; err == nil && s.again && b.rounds > 1 && others > mostOthers && n < mostAgain; n++ {
				repeated++
				others, err = b.turn(ctx, round, s)
			}
			if err != nil {
				return fmt.Errorf("%s, round %d: %w", s.name, round+1, err)
			}
			shares = append(shares, others)
		}
	}
	b.report.notes = append(b.report.notes, othersNote(shares, repeated))
	return nil
}

// turn runs a side once, and returns the share of the machine that others took.
func (b *bench) turn(ctx context.Context, round int, s side) (others float64, err error) {
	runtime.GC() // nobody pays for the rubbish of the one before
	start, before := time.Now(), readCPU()
	err = s.run(ctx, round)
	others = before.othersSince()
	fmt.Fprintf(b.progress, "round %d of %d: %s, %.1f s in all, others %.0f %%\n", round+1, b.rounds, s.name, time.Since(start).Seconds(), 100*others)
	return others, err
}

func (b *bench) wants(side string) bool { return b.only == nil || b.only.MatchString(side) }

// perSecond is a rate.
func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// ms is a time in milliseconds.
func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
