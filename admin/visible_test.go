package admin

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func shown(all []run) (text string) {
	for _, r := range all {
		open, end := "", ""
		if r.Mark {
			open, end = "«", "»"
		}
		if r.Escaped {
			open, end = open+"<", ">"+end
		}
		text += open + r.Text + end
	}
	return text
}

// TestVisible: nothing of a text is without a look.
func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"plain é 漢 👩\u200d👩":       "plain é 漢 👩\u200d👩",
		"\x00a\x1b[31m\x7f":        "<␀>a<␛>[31m<␡>",
		"a\nb\tc\r":                "a<␊>b<␉>c<␍>",
		"\u202eevil\u2066\u200b":   `<\u202e>evil<\u2066><\u200b>`,
		"\xff\xfe ok":              `<\xff><\xfe> ok`,
		"\ufeff\U000e0041\ue000":   `<\ufeff><\U000e0041><\ue000>`,
		"\u2028x\u0085":            `<\u2028>x<\u0085>`,
		"<script>alert(1)</script": "<script>alert(1)</script",
	} {
		require.Equal(t, want, shown(runs(text, false)), "%q", text)
	}
	require.Equal(t, "a\n\tb<␍>", shown(runs("a\n\tb\r", true)))
	require.Equal(t, `a\u202eb␀`, plainly("a\u202eb\x00"))
	for _, c := range [][3]string{
		{"Échec de la carte", "échec", "«Échec» de la carte"}, {"aXaxa", "xa", "a«Xaxa»"}, {"abc", "", "abc"}, {"abc", "d", "abc"}, {"a\x00b", "A\x00", "«a»«<␀>»b"},
		{"\xffabc", "B", "<\\xff>a«b»c"}, {"K 1", "k", "«K» 1"},
	} {
		require.Equal(t, c[2], shown(runs(c[0], false, c[1])))
	}
	require.Equal(t, "…", excerpt("abc", 0))
	require.Equal(t, "abc", excerpt("abc", 3))
	long := strings.Repeat("é", 500) + "needle" + strings.Repeat("x", 500)
	require.Contains(t, excerpt(long, 100, "NEEDLE"), "needle")
	require.LessOrEqual(t, utf8.RuneCountInString(excerpt(long, 100, "NEEDLE")), 102)
	require.True(t, strings.HasPrefix(excerpt(long, 100, "none"), "éé"))
}

// FuzzVisible: whatever a text has, what is shown is valid, can be seen, and keeps what
// could be seen before.
func FuzzVisible(f *testing.F) {
	for _, seed := range []string{"", "a", "\x00\x1b", "\u202e", "\xff", "é\u0301", "a\nb"} {
		f.Add(seed, "a", true)
		f.Add(seed, seed, false)
	}
	f.Fuzz(func(t *testing.T, text, term string, lines bool) {
		kept := ""
		for _, r := range runs(text, lines, term) {
			require.True(t, utf8.ValidString(r.Text))
			require.NotEmpty(t, r.Text)
			for _, c := range r.Text {
				require.True(t, visible(c) || lines && (c == '\n' || c == '\t'), "%q", c)
			}
			if !r.Escaped {
				kept += r.Text
			}
		}
		want := strings.Map(func(c rune) rune {
			if visible(c) || lines && (c == '\n' || c == '\t') {
				return c
			}
			return -1
		}, strings.ToValidUTF8(text, ""))
		if utf8.ValidString(text) {
			require.Equal(t, want, kept)
		}
		require.LessOrEqual(t, utf8.RuneCountInString(excerpt(text, 10, term)), 12)
	})
}
