package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryByteAtEveryPlace compares with looking at each byte.
func TestEveryByteAtEveryPlace(t *testing.T) {
	for n := 1; n <= 20; n++ {
		for at := range n {
			for c := range 256 {
				for _, others := range []byte{'a', 0x20, 0x7f, 0x23, 0x21, 0x5b, 0x5d, 0x01, 0xff} {
					b := []byte(strings.Repeat(string([]byte{others}), n))
					b[at] = byte(c)
					check(t, string(b))
				}
			}
		}
	}
	check(t, "")
}

func check(t *testing.T, s string) {
	var nul, wide, escaped bool
	for _, c := range []byte(s) {
		nul = nul || c == 0
		wide = wide || c >= 0x80
		escaped = escaped || c < 0x20 || c == '"' || c == '\\'
	}
	gotEscaped, gotWide := JSON(s)
	if gotEscaped != escaped || gotWide != wide {
		require.Failf(t, "JSON", "%q: %v, %v", s, gotEscaped, gotWide)
	}
	gotNUL, gotWide := Text(s)
	if gotNUL != nul || gotWide != wide {
		require.Failf(t, "Text", "%q: %v, %v", s, gotNUL, gotWide)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("Réservation \"confirmée\"\x00")
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}
