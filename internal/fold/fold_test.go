package fold

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

func TestRuneAgreesWithEqualFold(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue
		}
		for _, v := range Variants(r) {
			if Rune(v) != Rune(r) || !strings.EqualFold(string(r), string(v)) {
				t.Fatalf("%U and its variant %U differ", r, v)
			}
		}
		if rep := Rune(r); rep != r && !strings.EqualFold(string(r), string(rep)) {
			t.Fatalf("%U is represented by %U, which is no variant of it", r, rep)
		}
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		s, sub string
		want   bool
	}{
		{"Échec du paiement", "éCHEC", true},
		{"ΟΔΥΣΣΕΥΣ", "οδυσσευς", true},
		{"Москва", "МОСК", true},
		{"200 \u212A", "k", true},
		{"paid 100%", "0%", true},
		{"paid 1000", "0%", false},
		{"e", "é", false},
		{"anything", "", true},
	} {
		require.Equal(t, c.want, Contains(c.s, c.sub), "%q in %q", c.sub, c.s)
	}
	require.False(t, Simple("kelvin"))
	require.False(t, Simple("é"))
	require.True(t, Simple("paid 100%_"))
}
