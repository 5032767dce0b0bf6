package admin

import (
	"bytes"
	"encoding/json"
)

// The kinds of token; a bracket is its own.
const (
	tokenKey    = 'k'
	tokenString = '"'
	tokenNumber = '0'
)

// tokens walks through JSON text that json.Valid has passed, without recursion: its keys,
// strings, numbers and brackets.
type tokens struct {
	text     []byte
	kind     byte
	from, to int // of the token, with its quotes
}

// next goes to the next token, and reports whether there is one.
func (t *tokens) next() bool {
	for at := t.to; at < len(t.text); at++ {
		switch c := t.text[at]; {
		case c == '"':
			t.kind, t.from, t.to = tokenString, at, t.quoted(at)
			if after := t.blank(t.to); after < len(t.text) && t.text[after] == ':' {
				t.kind = tokenKey
			}
		case c == '{' || c == '}' || c == '[' || c == ']':
			t.kind, t.from, t.to = c, at, at+1
		case c == '-' || c >= '0' && c <= '9':
			t.kind, t.from, t.to = tokenNumber, at, t.literal(at)
		case c == 't' || c == 'f' || c == 'n':
			at = t.literal(at) - 1
			continue
		default: // a blank, a comma or a colon
			continue
		}
		return true
	}
	return false
}

// value goes to the whole value of the key that it is at.
func (t *tokens) value() {
	from := t.blank(t.blank(t.to) + 1)
	t.to = from
	if c := t.text[from]; c == 't' || c == 'f' || c == 'n' {
		t.from, t.to = from, t.literal(from)
		return
	}
	for depth := 0; t.next(); {
		switch t.kind {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	t.from = from
}

// inner is what stands between the quotes of a token, without escapes.
func (t *tokens) inner() []byte {
	inner := t.text[t.from+1 : t.to-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return inner
	}
	var plain string
	if json.Unmarshal(t.text[t.from:t.to], &plain) != nil {
		return inner // it is valid
	}
	return []byte(plain)
}

// blank is where the blanks from at on end.
func (t *tokens) blank(at int) int {
	for at < len(t.text) && (t.text[at] == ' ' || t.text[at] == '\t' || t.text[at] == '\n' || t.text[at] == '\r') {
		at++
	}
	return at
}

// quoted is where the string at at ends.
func (t *tokens) quoted(at int) int {
	for at++; t.text[at] != '"'; at++ {
		if t.text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// literal is where the number, or true, false or null, at at ends.
func (t *tokens) literal(at int) int {
	for at < len(t.text) && bytes.IndexByte([]byte(",:]} \t\r\n"), t.text[at]) < 0 {
		at++
	}
	return at
}

// splice is text of which parts are replaced, one behind the other; the rest is kept byte
// by byte.
type splice struct {
	text, out []byte
	kept      int // text up to there is in out
}

func (s *splice) replace(from, to int, with []byte) {
	s.out = append(append(s.out, s.text[s.kept:from]...), with...)
	s.kept = to
}

// result is the text itself where nothing was replaced.
func (s *splice) result() []byte {
	if s.kept == 0 {
		return s.text
	}
	return append(s.out, s.text[s.kept:]...)
}
