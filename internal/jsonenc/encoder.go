// Package jsonenc writes an event's metadata: one JSON object, whatever the
// host passes in. It never fails and never panics. What cannot be encoded is
// replaced by text that says so, what is too long is cut, and both are marked in
// the object itself, under ErrorKey and TruncatedKey.
//
// The text it writes is accepted alike by every database: valid UTF-8, no NUL,
// no lone surrogate, no name twice in an object (the last one wins), no number
// that a 64-bit float could not come near.
package jsonenc

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/redact"
	"github.com/callastar/syslog/internal/scan"
)

const (
	// ErrorKey is the member that says what could not be encoded or had to be
	// repaired: a text.
	ErrorKey = "_encodeError"
	// TruncatedKey is the member that lists what was cut: an array of names.
	TruncatedKey = "_truncated"
	// Redacted stands in place of the value of a redacted field.
	Redacted = "[REDACTED]"
	// Truncated stands in place of a value that is nested too deep.
	Truncated = "[TRUNCATED]"

	// maxKey is the longest name of a member, in bytes.
	maxKey = 256
	// maxDepth is how deep values nest; PostgreSQL and every JSON reader in use
	// go at least as deep.
	maxDepth = 100
	// maxAttrs is how many attributes of an event are looked at.
	maxAttrs = 100_000
	// maxNesting and maxNodes bound a value that encoding/json is given: it
	// recurses as deep as the value does, and a stack that is used up ends the
	// program.
	maxNesting = 1000
	maxNodes   = 200_000
	// markRoom is kept free for the marks.
	markRoom = 1024
	// MinMax is the smallest limit that an object can be given, in bytes.
	MinMax = 4 * markRoom
)

// An Encoder builds one object after another in a buffer that it reuses. It is
// not safe for concurrent use.
//
// Buf belongs to the caller between Begin and End too: whatever stands in it
// before Begin stays.
type Encoder struct {
	Buf    []byte
	Redact *redact.Set

	max     int
	start   int // of the object, in Buf
	ceiling int // of Buf while the current member of the object is written
	depth   int
	visited int      // attributes, which groups without a name may repeat without end
	objects []object // that are open; the first one is the event's
	members []member // of all objects that are open
	pairs   []pair   // scratch for sorting maps
	keys    keyTable
	event   uint64 // counts events, from 1
	ended   bool   // e.members were moved by End: keys do not know them any more

	cur       string   // the member of the object that is being written
	problem   []byte   // the text for ErrorKey
	truncated []string // the names for TruncatedKey
	moreCut   bool
}

// member is where one member of an open object stands in Buf. It ends with a
// comma.
type member struct {
	start, value, end int
	dead              bool // a later member has the same name
}

// top is the place of the event's own object in e.objects.
const top = 0

// object is one open object: its members are members[base:].
type object struct {
	base  int
	start int
	index map[string]int // of members by name, once there are many
	dead  bool           // some members are
}

type pair struct {
	key string
	val any
}

// Begin starts an object of at most limit bytes, which is at least MinMax.
func (e *Encoder) Begin(limit int) {
	e.max = limit
	e.depth, e.visited = 0, 0
	e.event++
	e.ended = false
	e.members, e.pairs = e.members[:0], e.pairs[:0]
	e.start = len(e.Buf)
	e.objects = e.objects[:0]
	e.open()
}

// Reset forgets the marks of the last event, and drops scratch memory that one
// huge event made large.
func (e *Encoder) Reset() {
	const keep = 64 << 10
	if cap(e.Buf) > keep {
		e.Buf = nil
	}
	if cap(e.members) > 1024 {
		e.members = nil
	}
	if cap(e.pairs) > 1024 {
		e.pairs = nil
	}
	clear(e.truncated)
	e.Buf, e.pairs = e.Buf[:0], e.pairs[:0]
	e.cur, e.problem, e.truncated, e.moreCut = "", e.problem[:0], e.truncated[:0], false
}

// MarkError notes that a field was replaced or repaired. The first few stay.
func (e *Encoder) MarkError(field, reason string) {
	const most = 160
	if len(e.problem) > most {
		return
	}
	if len(e.problem) > 0 {
		e.problem = append(e.problem, "; "...)
	}
	e.problem = append(e.problem, plain(cut(field, 40))...)
	e.problem = append(e.problem, ": "...)
	e.problem = append(e.problem, plain(cut(reason, most))...)
}

// plain is s without what JSON escapes, so that a mark's size is known.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == '"' || r == '\\' || r == utf8.RuneError {
			return '?'
		}
		return r
	}, s)
}

// MarkTruncated notes that a field was cut.
func (e *Encoder) MarkTruncated(field string) {
	field = plain(cut(field, 32))
	if slices.Contains(e.truncated, field) {
		return
	}
	if len(e.truncated) == 6 {
		e.moreCut = true
		return
	}
	e.truncated = append(e.truncated, field)
}

// End closes the object and returns its size: 0, and nothing in Buf, if it has
// no member and there is nothing to mark.
func (e *Encoder) End() int {
	e.drop(top)
	e.ended = true
	if e.size() > e.max-markRoom {
		e.shrink(e.max - markRoom)
	}
	e.marks()
	if len(e.members) == 0 {
		e.Buf = e.Buf[:e.start]
		return 0
	}
	e.close(top)
	return len(e.Buf) - e.start
}

// size is what the object takes so far.
func (e *Encoder) size() int { return len(e.Buf) - e.start }

// begin prepares for the next member of the event's own object.
func (e *Encoder) begin(key string) {
	e.cur = key
	e.ceiling = len(e.Buf) + e.max
}

// full reports, and notes, that so much was written already that the host's
// next member can only be cut.
func (e *Encoder) full(o int, key string) bool {
	if o != top || e.size() <= 16*e.max {
		return false
	}
	e.MarkTruncated(key)
	return true
}

// marks adds the members that tell of cuts and errors. They win over members of
// the same name.
func (e *Encoder) marks() {
	e.ceiling = len(e.Buf) + 2*markRoom
	if len(e.problem) > 0 {
		e.name(ErrorKey)
		e.text(string(e.problem))
		e.next(top, ErrorKey)
	}
	if len(e.truncated) > 0 {
		e.name(TruncatedKey)
		e.Buf = append(e.Buf, '[')
		for _, f := range e.truncated {
			e.text(f)
			e.Buf = append(e.Buf, ',')
		}
		if e.moreCut {
			e.Buf = append(e.Buf, `"…",`...)
		}
		e.Buf[len(e.Buf)-1] = ']'
		e.next(top, TruncatedKey)
	}
}

// open starts an object and returns its place in e.objects.
func (e *Encoder) open() int {
	e.objects = append(e.objects, object{base: len(e.members), start: len(e.Buf)})
	e.Buf = append(e.Buf, '{')
	return len(e.objects) - 1
}

// name starts a member: its key and the colon.
func (e *Encoder) name(key string) {
	m := member{start: len(e.Buf)}
	if len(key) > maxKey {
		key = cut(key, maxKey)
		e.MarkTruncated(key)
	}
	e.text(key)
	e.Buf = append(e.Buf, ':')
	m.value = len(e.Buf)
	e.members = append(e.members, m)
}

// next ends the member that name started with this key.
func (e *Encoder) next(obj int, key string) {
	o := &e.objects[obj]
	e.Buf = append(e.Buf, ',')
	last := len(e.members) - 1
	m := &e.members[last]
	m.end = len(e.Buf)
	if obj == top && o.index == nil && !e.ended {
		if k := e.knownKey(key); k != nil {
			e.noted(k)
			return
		}
	}
	text := e.Buf[m.start:m.value] // of other keys it may be the same as of this one, cut or repaired
	const few = 32
	if n := last - o.base; n < few {
		for i := o.base; i < last; i++ {
			if p := &e.members[i]; !p.dead && string(e.Buf[p.start:p.value]) == string(text) {
				p.dead, o.dead = true, true
				break
			}
		}
		return
	} else if o.index == nil {
		o.index = make(map[string]int, 4*few)
		for i := o.base; i < last; i++ {
			p := e.members[i]
			if !p.dead {
				o.index[string(e.Buf[p.start:p.value])] = i
			}
		}
	}
	if i, ok := o.index[string(text)]; ok {
		e.members[i].dead, o.dead = true, true
	}
	o.index[string(text)] = last
}

// drop removes the members of o that a later one replaced.
func (e *Encoder) drop(obj int) {
	o := &e.objects[obj]
	if !o.dead {
		return
	}
	o.dead = false
	to, kept := o.start+1, o.base
	for _, m := range e.members[o.base:] {
		if m.dead {
			continue
		}
		n := copy(e.Buf[to:], e.Buf[m.start:m.end])
		e.members[kept] = member{start: to, value: to + m.value - m.start, end: to + n}
		to, kept = to+n, kept+1
	}
	e.Buf, e.members = e.Buf[:to], e.members[:kept]
	o.index = nil
}

// close ends the object, which is the last one opened.
func (e *Encoder) close(o int) {
	e.drop(o)
	base := e.objects[o].base
	if len(e.members) == base {
		e.Buf = append(e.Buf, '}')
	} else {
		e.Buf[len(e.Buf)-1] = '}'
	}
	e.members = e.members[:base]
	e.objects = e.objects[:o]
}

const hex = "0123456789abcdef"

// asIs tells the bytes that stand for themselves in a JSON string.
var asIs = func() (t [256]bool) {
	for c := 0x20; c < utf8.RuneSelf; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// text writes a string, repaired, up to what the ceiling leaves room for.
func (e *Encoder) text(s string) {
	if room := e.ceiling - len(e.Buf); len(s) > room {
		s = cut(s, max(room, 0))
		e.MarkTruncated(e.cur)
	}
	b := append(e.Buf, '"')
	if escaped, wide := scan.JSON(s); !escaped && (!wide || utf8.ValidString(s)) {
		e.Buf = append(append(b, s...), '"')
		return
	}
	from, repaired := 0, false
	for i := 0; i < len(s); {
		c := s[i]
		if asIs[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				b = append(append(b, s[from:i]...), "\uFFFD"...)
				from, repaired = i+1, true
			}
			i += n
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\t':
			b = append(b, '\\', 't')
		case 0:
			b, repaired = append(b, "\uFFFD"...), true
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		from = i
	}
	b = append(b, s[from:]...)
	e.Buf = append(b, '"')
	if repaired {
		e.MarkError(e.cur, "NUL or invalid UTF-8 replaced")
	}
}

// cut shortens s to at most n bytes without splitting a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:n]
}

// number writes a number literal, as text where no database would take it.
func (e *Encoder) number(lit []byte) {
	if fits(lit) {
		e.Buf = append(e.Buf, lit...)
		return
	}
	e.MarkError(e.cur, "number out of range, kept as text")
	e.text(string(lit))
}

// fits reports whether a literal of JSON's grammar has an exponent of at most
// three digits and 400, which covers every 64-bit float.
func fits(lit []byte) bool {
	if len(lit) > 1000 {
		return false
	}
	i := slices.IndexFunc(lit, func(c byte) bool { return c == 'e' || c == 'E' })
	if i < 0 {
		return true
	}
	exp, err := strconv.Atoi(string(lit[i+1:]))
	return err == nil && exp >= -400 && exp <= 400
}
