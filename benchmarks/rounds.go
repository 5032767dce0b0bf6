package main

import (
	"context"
	"fmt"
	"runtime"
	"time"
)

// side is one of those that are compared. run prepares what it needs, and tells
// the report what it measured.
type side struct {
	name string
	run  func(ctx context.Context, round int) error
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
	for round := range b.rounds {
		for i := range chosen {
			s := chosen[(i+round)%len(chosen)]
			runtime.GC() // nobody pays for the rubbish of the one before
			start := time.Now()
			if err := s.run(ctx, round); err != nil {
				return fmt.Errorf("%s, round %d: %w", s.name, round+1, err)
			}
			fmt.Fprintf(b.progress, "round %d of %d: %s, %.1f s in all\n", round+1, b.rounds, s.name, time.Since(start).Seconds())
		}
	}
	return nil
}

func (b *bench) wants(side string) bool { return b.only == nil || b.only.MatchString(side) }

// perSecond is a rate.
func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// ms is a time in milliseconds.
func ms(d time.Duration) float64 { return d.Seconds() * 1000 }
