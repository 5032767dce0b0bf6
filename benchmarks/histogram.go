package main

import (
	"math/bits"
	"time"
)

// Times are counted in buckets: exact below 64 ns, and beyond in 32 steps between
// two powers of two, so that a bucket's end is at most 1/32 above any time in it.
const (
	stepBits = 5
	buckets  = (64-stepBits)<<stepBits + 1<<stepBits
)

// histogram counts times, in a fixed amount of memory. It has one user at a time.
type histogram struct {
	counts [buckets]uint64
	n      uint64
	max    time.Duration
}

func (h *histogram) add(d time.Duration) {
	h.counts[bucket(d)]++
	h.n++
	h.max = max(h.max, d)
}

// bucket is the one of a time. One that a clock went back for is zero.
func bucket(d time.Duration) int {
	v := uint64(max(d, 0))
	shift := max(0, bits.Len64(v)-stepBits-1)
	return shift<<stepBits + int(v>>shift)
}

// bucketEnd is the longest time of a bucket.
func bucketEnd(i int) time.Duration {
	shift := max(0, i>>stepBits-1)
	return time.Duration(i-shift<<stepBits+1)<<shift - 1
}

func (h *histogram) merge(other *histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.n += other.n
	h.max = max(h.max, other.max)
}

// percentile is the end of the bucket in which it lies, but no more than the longest
// time. Without times it is zero.
func (h *histogram) percentile(p float64) time.Duration {
	left := uint64(rank(int(h.n), p))
	for i, n := range h.counts {
		if n >= left {
			return min(bucketEnd(i), h.max)
		}
		left -= n
	}
	return h.max
}
