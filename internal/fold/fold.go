// Package fold compares text in any case of any script, the same way in memory
// and in every database: two runes are equal when Unicode's simple case folding
// says so, as in strings.EqualFold.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// String maps every rune of s to the representative of its case variants, so
// that two strings are equal in any case exactly when their images are equal.
func String(s string) string {
	return strings.Map(Rune, s)
}

// Rune is the smallest rune among the case variants of r, in lower case for
// ASCII letters.
func Rune(r rune) rune {
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	least := r
	for v := unicode.SimpleFold(r); v != r; v = unicode.SimpleFold(v) {
		least = min(least, v)
	}
	if least >= 'A' && least <= 'Z' { // the Kelvin sign, the long s
		least += 'a' - 'A'
	}
	return least
}

// Contains reports whether sub is within s in any case.
func Contains(s, sub string) bool {
	return strings.Contains(String(s), String(sub))
}

// Variants returns r and every other rune that equals it in any case.
func Variants(r rune) []rune {
	vs := []rune{r}
	for v := unicode.SimpleFold(r); v != r; v = unicode.SimpleFold(v) {
		vs = append(vs, v)
	}
	return vs
}

// Simple reports whether comparing s case-insensitively in ASCII alone gives
// the right answer: it is ASCII, and no letter of it has a variant outside.
func Simple(s string) bool {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c|0x20 == 'k' || c|0x20 == 's' {
			return false
		}
	}
	return true
}
