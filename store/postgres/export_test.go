package postgres

import "time"

// WithClock is opts with a clock, and a channel that has the upkeep run.
func WithClock(opts Options, now func() time.Time, tick <-chan time.Time) *Options {
	opts.now, opts.tick = now, tick
	return &opts
}
