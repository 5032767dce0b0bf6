package syslog

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBase32 compares with a digit at a time.
func TestBase32(t *testing.T) {
	check := func(n uint64) {
		var want, got [8]byte
		for i, left := 7, n; i >= 0; i, left = i-1, left>>5 {
			want[i] = digits[left&31]
		}
		binary.BigEndian.PutUint64(got[:], base32(n))
		require.Equal(t, string(want[:]), string(got[:]), n)
	}
	for d := range uint64(32) {
		for place := range 8 {
			check(d << (5 * place))
			check(^(d << (5 * place)))
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		check(rng.Uint64())
	}
}
