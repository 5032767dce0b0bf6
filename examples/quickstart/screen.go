package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// columns is how wide a line may be.
const columns = 100

// Colours, as a terminal is told of them.
const (
	plain  = "\x1b[0m"
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	alarm  = "\x1b[97;41m"
)

var levelColor = map[syslog.LogLevel]string{
	syslog.LevelInfo: green, syslog.LevelWarning: yellow, syslog.LevelError: red, syslog.LevelCritical: alarm,
}

// screen writes for a person. It keeps the first error of the writer.
type screen struct {
	w     io.Writer
	color bool
	err   error
}

func (s *screen) line(format string, args ...any) {
	if _, err := fmt.Fprintf(s.w, format+"\n", args...); err != nil && s.err == nil {
		s.err = err
	}
}

// paint colours text if the screen has colours.
func (s *screen) paint(color, text string) string {
	if !s.color || text == "" {
		return text
	}
	return color + text + plain
}

func (s *screen) title(text, path string) {
	s.line("%s  %s", s.paint(bold, text), s.paint(dim, tail(path, columns-2-utf8.RuneCountInString(text))))
}

// call heads a section with the code that made it.
func (s *screen) call(code ...string) {
	s.line("")
	for i, c := range code {
		mark := "›"
		if i > 0 {
			mark = " "
		}
		s.line("%s %s", s.paint(cyan, mark), s.paint(cyan+bold, c))
	}
}

func (s *screen) say(format string, args ...any) {
	s.line("  %s", cut(fmt.Sprintf(format, args...), columns-2))
}

// code shows text of one long line.
func (s *screen) code(text string) {
	for text = visible(text); text != ""; {
		head := cutPlain(text, columns-4)
		s.line("    %s", s.paint(dim, head))
		text = text[len(head):]
	}
}

// pad is text cut or filled up to exactly n columns.
func pad(text string, n int) string {
	text = cut(text, n)
	return text + strings.Repeat(" ", n-utf8.RuneCountInString(text))
}

// cut shortens text to n columns, and shows that it did.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return cutPlain(text, n-1) + "…"
}

// cutPlain is the first n characters of text.
func cutPlain(text string, n int) string {
	for i := range text {
		if n--; n < 0 {
			return text[:i]
		}
	}
	return text
}

// tail is the end of a path in n columns.
func tail(path string, n int) string {
	r := []rune(visible(path))
	if len(r) <= n {
		return string(r)
	}
	return "…" + string(r[len(r)-n+1:])
}

// visible keeps what an event says from reaching the terminal's controls.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, text)
}
