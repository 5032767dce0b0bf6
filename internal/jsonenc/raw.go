package jsonenc

import (
	"bytes"
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

// Object adds the members of a JSON object given as text. Anything else, null
// and nothing excepted, becomes one member "_value" that keeps it.
func (e *Encoder) Object(text []byte) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || string(text) == "null" {
		return
	}
	e.cur = "metadata"
	if text[0] != '{' || !json.Valid(text) {
		e.MarkError("metadata", "not a JSON object")
		if json.Valid(text) {
			e.Any("_value", json.RawMessage(text))
		} else {
			e.Text("_value", e.secretive(text))
		}
		return
	}
	r := reader{e: e, src: text}
	r.members(top)
}

// raw writes JSON text of any source in our form.
func (e *Encoder) raw(text []byte) {
	if !json.Valid(text) {
		e.MarkError(e.cur, "invalid JSON, kept as text")
		e.text(e.secretive(text))
		return
	}
	r := reader{e: e, src: text}
	r.value()
}

// secretive is text that is no JSON, so that its fields cannot be told apart: if
// it mentions a secret, nothing of it is kept.
func (e *Encoder) secretive(text []byte) string {
	if e.Redact.Mentions(string(text)) {
		return Redacted
	}
	return string(text)
}

// reader copies JSON text that json.Valid has passed into an Encoder.
type reader struct {
	e   *Encoder
	src []byte
	at  int
}

func (r *reader) peek() byte {
	for {
		switch c := r.src[r.at]; c {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return c
		}
	}
}

func (r *reader) value() {
	e := r.e
	c := r.peek()
	if e.depth >= maxDepth || len(e.Buf) > e.ceiling {
		e.MarkTruncated(e.cur)
		e.Buf = append(e.Buf, `"`+Truncated+`"`...)
		r.skip()
		return
	}
	e.depth++
	switch {
	case c == '{':
		o := e.open()
		r.members(o)
		e.close(o)
	case c == '[':
		r.array()
	case c == '"':
		e.text(r.str())
	case c == '-' || c >= '0' && c <= '9':
		e.number(r.literal())
	default:
		e.Buf = append(e.Buf, r.literal()...)
	}
	e.depth--
}

// members copies the members of the object at r.at into o.
func (r *reader) members(o int) {
	e := r.e
	r.at++ // {
	for r.peek() != '}' {
		if r.src[r.at] == ',' {
			r.at++
			r.peek()
		}
		key := r.str()
		r.peek()
		r.at++ // :
		if e.full(o, key) {
			r.skip()
			continue
		}
		if o == top {
			e.begin(key)
		}
		e.name(key)
		if e.Redact.Match(key) {
			e.Buf = append(e.Buf, `"`+Redacted+`"`...)
			r.skip()
		} else {
			r.value()
		}
		e.next(o, key)
	}
	r.at++ // }
}

func (r *reader) array() {
	e := r.e
	e.Buf = append(e.Buf, '[')
	r.at++ // [
	empty := true
	for r.peek() != ']' {
		if r.src[r.at] == ',' {
			r.at++
			r.peek()
		}
		if len(e.Buf) > e.ceiling {
			e.MarkTruncated(e.cur)
			r.skip()
			continue
		}
		r.value()
		e.Buf = append(e.Buf, ',')
		empty = false
	}
	r.at++ // ]
	if empty {
		e.Buf = append(e.Buf, ']')
	} else {
		e.Buf[len(e.Buf)-1] = ']'
	}
}

// skip passes over a value without recursion.
func (r *reader) skip() {
	depth := 0
	for {
		switch c := r.peek(); c {
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
		case ',', ':':
			r.at++
			continue
		case '"':
			r.quoted()
		default:
			r.literal()
		}
		if depth == 0 {
			return
		}
	}
}

// literal returns the number, true, false or null at r.at.
func (r *reader) literal() []byte {
	from := r.at
	for r.at < len(r.src) {
		switch r.src[r.at] {
		case ',', ']', '}', ':', ' ', '\t', '\n', '\r':
			return r.src[from:r.at]
		}
		r.at++
	}
	return r.src[from:]
}

// quoted returns what stands between the quotes at r.at.
func (r *reader) quoted() (inner []byte, escaped bool) {
	r.at++
	from := r.at
	for r.src[r.at] != '"' {
		if r.src[r.at] == '\\' {
			escaped = true
			r.at++
		}
		r.at++
	}
	r.at++
	return r.src[from : r.at-1], escaped
}

func (r *reader) str() string {
	inner, escaped := r.quoted()
	if !escaped {
		return string(inner)
	}
	return unescape(inner)
}

// unescape resolves the escapes of a valid JSON string. A lone surrogate
// becomes invalid UTF-8, which the writer replaces and marks.
func unescape(s []byte) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'u':
			r := hex4(s[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if i+6 < len(s) && s[i+1] == '\\' && s[i+2] == 'u' {
					low = hex4(s[i+3:])
				}
				if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
					r = pair
					i += 6
				} else {
					out = append(out, 0xFF)
					continue
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, s[i])
		}
	}
	return string(out)
}

func hex4(s []byte) rune {
	var r rune
	for _, c := range s[:4] {
		switch {
		case c <= '9':
			c -= '0'
		default:
			c = c | 0x20 - 'a' + 10
		}
		r = r<<4 | rune(c)
	}
	return r
}
