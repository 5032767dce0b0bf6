package main

import (
	"slices"
	"time"
)

// What is timed is done until it has enough samples, or has taken long enough.
const (
	mostSamples  = 40
	fewSamples   = 3
	longSampling = time.Second
)

// sampled does something again and again, the first time to warm up, and returns the
// times in milliseconds, sorted.
func sampled(do func() error) (times []float64, err error) {
	var total time.Duration
	for i := 0; i <= mostSamples && (i <= fewSamples || total < longSampling); i++ {
		start := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		took := time.Since(start)
		if i == 0 {
			continue
		}
		total += took
		times = append(times, ms(took))
	}
	slices.Sort(times)
	return times, nil
}
