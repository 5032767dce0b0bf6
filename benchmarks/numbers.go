package main

import (
	"fmt"
	"math"
)

// median of sorted values.
func median(v []float64) float64 {
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// percentile p of sorted values: the smallest that p of them do not exceed.
func percentile(v []float64, p float64) float64 { return v[rank(len(v), p)-1] }

// rank is how many of n values, at least one, a percentile p is not below.
func rank(n int, p float64) int {
	return max(1, min(n, int(math.Ceil(p*float64(n)-1e-9)))) // 0.29 times 100 is a little more than 29
}

// number has as many digits as a reader needs.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
