package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestBucketsFollowOneAnother(t *testing.T) {
	require.Equal(t, 0, bucket(0))
	require.Equal(t, 0, bucket(-1))
	for i := range bucket(math.MaxInt64) {
		end := bucketEnd(i)
		require.Equal(t, i, bucket(end), "the end of bucket %d", i)
		require.Equal(t, i+1, bucket(end+1), "behind bucket %d", i)
	}
	require.Less(t, bucket(math.MaxInt64), buckets)
	require.Equal(t, time.Duration(math.MaxInt64), bucketEnd(bucket(math.MaxInt64)))
}

// TestHistogramIsCloseToSorting compares it with sorted times, over which it is told
// to two histograms that are merged.
func TestHistogramIsCloseToSorting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var all []float64
	var parts [2]histogram
	for range 50_000 {
		d := time.Duration(math.Exp(r.Float64() * 24)) // 1 ns to 26 s
		all = append(all, float64(d))
		parts[r.IntN(2)].add(d)
	}
	slices.Sort(all)
	parts[0].merge(&parts[1])
	h := &parts[0]
	for _, p := range []float64{0, 0.01, 0.5, 0.9, 0.99, 0.9999, 1} {
		exact, got := percentile(all, p), float64(h.percentile(p))
		require.GreaterOrEqual(t, got, exact, p)
		require.LessOrEqual(t, got, exact*33/32, p)
	}
	require.Equal(t, all[len(all)-1], float64(h.max))
	require.Equal(t, h.max, h.percentile(1))
	require.Zero(t, new(histogram).percentile(0.99))
}
