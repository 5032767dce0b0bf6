// Package scan looks at texts eight bytes at a time: every event has several, and
// nearly all of them need nothing done.
package scan

import "encoding/binary"

// Masks of a byte in each of eight places.
const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	blank = ' ' * ones
)

// JSON reports whether s has a byte that is escaped in a JSON string, which are those
// below space, the quote and the backslash, and whether it has one beyond ASCII.
func JSON(s string) (escaped, wide bool) {
	b := []byte(s) // no copy: it does not change
	var esc, all uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		esc |= escapes(x)
		all |= x
	}
	if len(b) > 0 {
		x := rest(b)
		esc |= escapes(x)
		all |= x
	}
	return esc != 0, all&highs != 0
}

// escapes has the high bit of a byte set if one at or below it is escaped.
func escapes(x uint64) uint64 {
	quote, backslash := x^'"'*ones, x^'\\'*ones
	return ((x-blank)&^x | (quote-ones)&^quote | (backslash-ones)&^backslash) & highs
}

// Text reports whether s has a NUL, and whether it has a byte beyond ASCII.
func Text(s string) (nul, wide bool) {
	b := []byte(s)
	var zero, all uint64
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		zero |= (x - ones) &^ x
		all |= x
	}
	if len(b) > 0 {
		x := rest(b)
		zero |= (x - ones) &^ x
		all |= x
	}
	return zero&highs != 0, all&highs != 0
}

// Hash is a number whose high bits tell texts apart. It is quick, and no secret.
func Hash(s string) uint64 {
	const odd = 0x9E3779B97F4A7C15
	h := uint64(len(s))
	b := []byte(s)
	for ; len(b) >= 8; b = b[8:] {
		h = (h ^ binary.LittleEndian.Uint64(b)) * odd
		h ^= h >> 32
	}
	if len(b) > 0 {
		h ^= rest(b)
	}
	return h * odd
}

// rest is the bytes of b, which are one to seven, each at least once, and spaces.
func rest(b []byte) uint64 {
	le, n := binary.LittleEndian, len(b)
	if n >= 4 { // two overlapping halves
		return uint64(le.Uint32(b)) | uint64(le.Uint32(b[n-4:]))<<32
	}
	return uint64(b[0]) | uint64(b[n/2])<<8 | uint64(b[n-1])<<16 | blank&^0xffffff
}
