package textline

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is a line under construction.
type line struct {
	buf   []byte
	color bool
	open  bool // a colour is on
}

// start switches a colour on, and end off again.
func (l *line) start(sgr string) {
	if l.color && sgr != "" {
		l.buf = append(l.buf, sgr...)
		l.open = true
	}
}

func (l *line) end() {
	if l.open {
		l.buf = append(l.buf, reset...)
		l.open = false
	}
}

// pad fills a column up by n cells and adds the gap to the next.
func (l *line) pad(n int) {
	for range n {
		l.buf = append(l.buf, ' ')
	}
	l.buf = append(l.buf, gap...)
}

// word adds a value that is one word: one that is not is quoted, so that it
// cannot pass for several columns. It returns the number of cells.
func (l *line) word(s string) int {
	if s == "" {
		l.buf = append(l.buf, '-')
		return 1
	}
	if !strings.ContainsFunc(s, func(r rune) bool { return r == '"' || unicode.IsSpace(r) }) && s != "-" {
		return l.text(s)
	}
	l.buf = append(l.buf, '"')
	n := 2 + l.text(strings.ReplaceAll(s, `"`, `\"`))
	l.buf = append(l.buf, '"')
	return n
}

// text adds s with everything escaped that is not plainly visible, and returns
// the number of cells. In colour, escapes stand out in reverse video, which
// tells them from the same characters in the text.
func (l *line) text(s string) int {
	cells := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < 0x7f {
			l.buf = append(l.buf, c)
			i++
			cells++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		bad := r == utf8.RuneError && size == 1
		if !bad && visible(r) {
			l.buf = utf8.AppendRune(l.buf, r)
			cells += width(r)
		} else {
			cells += l.escape(r, s[i], bad)
		}
		i += size
	}
	return cells
}

func (l *line) escape(r rune, first byte, bad bool) int {
	if l.color {
		l.buf = append(l.buf, "\x1b[7m"...)
	}
	from := len(l.buf)
	switch {
	case bad:
		l.buf = fmt.Appendf(l.buf, `\x%02x`, first)
	case r == '\n':
		l.buf = append(l.buf, `\n`...)
	case r == '\r':
		l.buf = append(l.buf, `\r`...)
	case r == '\t':
		l.buf = append(l.buf, `\t`...)
	case r > 0xffff:
		l.buf = fmt.Appendf(l.buf, `\U%08x`, r)
	default:
		l.buf = fmt.Appendf(l.buf, `\u%04x`, r)
	}
	cells := len(l.buf) - from
	if l.color {
		l.buf = append(l.buf, "\x1b[27m"...)
	}
	return cells
}

// visible reports whether a terminal shows r where it stands: letters, marks,
// digits, punctuation, symbols and spaces. Controls, line separators, bidi and
// other format characters, private use and the unassigned are not; the joiners
// are, since Persian and emoji need them.
func visible(r rune) bool {
	const zwnj, zwj = '\u200c', '\u200d'
	return unicode.IsPrint(r) || unicode.Is(unicode.Zs, r) || r == zwnj || r == zwj
}

// width is how many cells a visible r takes, as most terminals see it: none for
// what combines with the rune before, two for East Asian wide forms and emoji.
func width(r rune) int {
	switch {
	case r == '\u200c' || r == '\u200d' || unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r < 0x1100:
		return 1
	case r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
		r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6,
		r >= 0x1f300 && r <= 0x1f64f, r >= 0x1f680 && r <= 0x1f6ff,
		r >= 0x1f900 && r <= 0x1f9ff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}
