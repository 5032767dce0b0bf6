package admin

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/fold"
)

// run is a piece of text that looks the same throughout.
type run struct {
	Text    string
	Escaped bool // stands for a character that has no look of its own
	Mark    bool // was searched for
}

// runs is text from a log with everything visible in it: control characters, those that
// turn the direction of what follows, and others without a look of their own are shown as
// escapes. Terms are marked, in any case. Lines says that the text may have several.
func runs(text string, lines bool, terms ...string) []run {
	var out []run
	var current strings.Builder
	marks, n, marked := matches(text, terms), 0, false
	flush := func() {
		if current.Len() > 0 {
			out = append(out, run{Text: current.String(), Mark: marked})
			current.Reset()
		}
	}
	for i := 0; i < len(text); n++ {
		r, size := utf8.DecodeRuneInString(text[i:])
		mark := n < len(marks) && marks[n]
		if mark != marked {
			flush()
			marked = mark
		}
		bad := r == utf8.RuneError && size == 1
		if !bad && (visible(r) || lines && (r == '\n' || r == '\t')) {
			current.WriteRune(r)
		} else {
			flush()
			out = append(out, run{Text: escape(r, text[i], bad), Escaped: true, Mark: mark})
		}
		i += size
	}
	flush()
	return out
}

// visible reports whether a rune can be seen as what it is. The joiners are, since Persian
// and emoji need them.
func visible(r rune) bool {
	return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) || r == '\u200c' || r == '\u200d'
}

// escape is a picture of a control character, or the number of another.
func escape(r rune, first byte, bad bool) string {
	switch {
	case bad:
		return fmt.Sprintf(`\x%02x`, first)
	case r < ' ':
		return string('\u2400' + r)
	case r == 0x7f:
		return "\u2421"
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// plainly is text with everything visible where there can be no markup.
func plainly(text string) string {
	var b strings.Builder
	for _, r := range runs(text, false) {
		b.WriteString(r.Text)
	}
	return b.String()
}

// matches says of each rune whether it is in a term; nil if none is. What makes two texts
// equal is what makes a search find them.
func matches(text string, terms []string) (in []bool) {
	terms = slices.DeleteFunc(slices.Clone(terms), func(t string) bool { return t == "" })
	if len(terms) == 0 || !slices.ContainsFunc(terms, func(t string) bool { return fold.Contains(text, t) }) {
		return nil
	}
	runes := []rune(fold.String(text))
	in = make([]bool, len(runes))
	for _, t := range terms {
		term := []rune(fold.String(t))
		for i := 0; i+len(term) <= len(runes); {
			if !slices.Equal(runes[i:i+len(term)], term) {
				i++
				continue
			}
			for range term {
				in[i] = true
				i++
			}
		}
	}
	return in
}

// excerpt is at most so many runes of a text: its beginning, or what is around the first
// place where a term is.
func excerpt(text string, most int, terms ...string) string {
	if len(text) <= most || utf8.RuneCountInString(text) <= most {
		return text
	}
	runes, from := []rune(text), 0
	if first := slices.Index(matches(text, terms), true); first > most/2 {
		from = min(first-most/4, len(runes)-most)
	}
	out := string(runes[from:min(from+most, len(runes))])
	if from > 0 {
		out = "…" + out
	}
	if from+most < len(runes) {
		out += "…"
	}
	return out
}
