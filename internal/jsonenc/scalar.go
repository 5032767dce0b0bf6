package jsonenc

import (
	"log/slog"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/scan"
)

// Attrs adds attributes, as Attr does.
func (e *Encoder) Attrs(as []slog.Attr) {
	for i := range as {
		if !e.scalar(as[i].Key, &as[i].Value) {
			e.attr(top, as[i])
		}
	}
}

// scalar adds a member to the event's own object in the way that most go: a short
// name, and a value without anything to repair, cut or escape. Else it does nothing,
// and reports so.
func (e *Encoder) scalar(key string, v *slog.Value) bool {
	if e.objects[top].index != nil || e.size() > e.max || e.visited >= maxAttrs {
		return false
	}
	k := e.knownKey(key)
	if k == nil {
		return false
	}
	m := member{start: len(e.Buf)}
	b := append(e.Buf, k.text[:k.size]...)
	m.value = len(b)
	kind := v.Kind()
	switch {
	case k.secret && kind <= slog.KindUint64:
		b = append(b, `"`+Redacted+`"`...)
	case k.secret:
		return false // a group or a LogValuer may be nothing at all
	case kind == slog.KindString:
		s := v.String()
		escaped, wide := scan.JSON(s)
		if escaped || int(k.size)+len(s) > e.max || wide && !utf8.ValidString(s) {
			return false
		}
		b = append(b, '"')
		b = append(b, s...)
		b = append(b, '"')
	case kind == slog.KindInt64:
		b = strconv.AppendInt(b, v.Int64(), 10)
	case kind == slog.KindUint64:
		b = strconv.AppendUint(b, v.Uint64(), 10)
	case kind == slog.KindDuration:
		b = strconv.AppendInt(b, int64(v.Duration()), 10)
	case kind == slog.KindBool:
		b = strconv.AppendBool(b, v.Bool())
	case kind == slog.KindFloat64:
		short := false
		if b, short = appendDecimal(b, v.Float64()); !short {
			return false
		}
	default:
		return false
	}
	e.visited++
	e.Buf = append(b, ',')
	m.end = len(e.Buf)
	e.members = append(e.members, m)
	e.noted(k)
	return true
}

// decimals is how many digits behind the point appendDecimal knows, and largest the
// largest number with them that it takes: of two numbers with 15 digits or less, no two
// are the same float.
const (
	decimals = 10_000
	largest  = 1e15
)

// appendDecimal appends f as encoding/json does, if it has few digits, as amounts and
// ratios do. They are the shortest that are read as f again: the float next to n/10000
// is that quotient, rounded, and no shorter number can be the same float.
func appendDecimal(b []byte, f float64) (_ []byte, ok bool) {
	n := math.Round(f * decimals)
	if !(math.Abs(n) < largest) || n/decimals != f || f == 0 && math.Signbit(f) { // a NaN is not below anything
		return b, false
	}
	i := int64(n)
	if i < 0 {
		b, i = append(b, '-'), -i
	}
	b = strconv.AppendInt(b, i/decimals, 10)
	rest := i % decimals
	if rest == 0 {
		return b, true
	}
	b = append(b, '.')
	for unit := int64(decimals / 10); rest > 0; unit /= 10 {
		b = append(b, byte('0'+rest/unit))
		rest %= unit
	}
	return b, true
}
