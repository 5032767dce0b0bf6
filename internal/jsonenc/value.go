package jsonenc

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Attr adds a member with the value of a log/slog attribute. A group with an
// empty key adds its attributes; an attribute without key and value is ignored.
func (e *Encoder) Attr(a slog.Attr) { e.attr(top, a) }

// Map adds the members of m, sorted by name.
func (e *Encoder) Map(m map[string]any) { e.mapMembers(top, m) }

// Own adds a member that is kept when the object is too large and members of the
// host have to go.
func (e *Encoder) Own(key string, v slog.Value) {
	if !e.scalar(key, &v) {
		e.member(top, key, v)
	}
}

// Text adds a member whose value is a string.
func (e *Encoder) Text(key, s string) { e.member(top, key, slog.StringValue(s)) }

// Any adds a member with any value.
func (e *Encoder) Any(key string, v any) { e.member(top, key, anyValue(v)) }

func (e *Encoder) attr(o int, a slog.Attr) {
	if e.visited++; e.visited > maxAttrs {
		e.MarkTruncated(a.Key)
		return
	}
	v := a.Value
	if v.Kind() == slog.KindLogValuer {
		v = v.Resolve()
	}
	if v.Kind() == slog.KindGroup {
		group := v.Group()
		if len(group) == 0 {
			return
		}
		if a.Key == "" && e.depth < maxDepth {
			e.depth++
			for _, g := range group {
				e.attr(o, g)
			}
			e.depth--
			return
		}
	}
	if a.Key == "" && v.Kind() == slog.KindAny && v.Any() == nil {
		return
	}
	if !e.full(o, a.Key) {
		e.member(o, a.Key, v)
	}
}

func (e *Encoder) member(o int, key string, v slog.Value) {
	if o == top {
		e.begin(key)
	}
	e.name(key)
	if e.Redact.Match(key) {
		e.Buf = append(e.Buf, `"`+Redacted+`"`...)
	} else {
		e.value(v)
	}
	e.next(o, key)
}

// mapMembers adds the entries of m, sorted. The scratch is shared with maps
// inside of m, so entries are found by their position.
func (e *Encoder) mapMembers(o int, m map[string]any) {
	base := len(e.pairs)
	for k, v := range m {
		e.pairs = append(e.pairs, pair{hideString(k), hide(v)})
	}
	slices.SortFunc(e.pairs[base:], func(a, b pair) int { return strings.Compare(a.key, b.key) })
	for i, end := base, len(e.pairs); i < end; i++ {
		key, v := e.pairs[i].key, anyValue(e.pairs[i].val)
		if o == top && e.scalar(key, &v) {
			continue
		}
		if !e.full(o, key) {
			e.member(o, key, v)
		}
	}
	clear(e.pairs[base:]) // the scratch outlives the event
	e.pairs = e.pairs[:base]
}

// anyValue is slog.AnyValue, but for float32, which that widens.
func anyValue(v any) slog.Value {
	if f, ok := v.(float32); ok {
		return slog.AnyValue(float32Value(f))
	}
	return slog.AnyValue(v)
}

type float32Value float32

func (e *Encoder) value(v slog.Value) {
	if e.depth >= maxDepth || len(e.Buf) > e.ceiling {
		e.MarkTruncated(e.cur)
		e.Buf = append(e.Buf, `"`+Truncated+`"`...)
		return
	}
	e.depth++
	switch v.Kind() {
	case slog.KindString:
		e.text(v.String())
	case slog.KindInt64:
		e.Buf = strconv.AppendInt(e.Buf, v.Int64(), 10)
	case slog.KindUint64:
		e.Buf = strconv.AppendUint(e.Buf, v.Uint64(), 10)
	case slog.KindFloat64:
		e.float(v.Float64(), 64)
	case slog.KindBool:
		e.Buf = strconv.AppendBool(e.Buf, v.Bool())
	case slog.KindDuration:
		e.Buf = strconv.AppendInt(e.Buf, int64(v.Duration()), 10)
	case slog.KindTime:
		e.time(v.Time())
	case slog.KindGroup:
		o := e.open()
		for _, a := range v.Group() {
			e.attr(o, a)
		}
		e.close(o)
	case slog.KindLogValuer:
		e.value(v.Resolve())
	default:
		e.any(v.Any())
	}
	e.depth--
}

func (e *Encoder) any(v any) {
	switch v := v.(type) {
	case nil:
		e.Buf = append(e.Buf, "null"...)
	case float32Value:
		e.float(float64(v), 32)
	case json.RawMessage:
		e.raw(v)
	case json.Number:
		e.raw([]byte(v))
	case []byte:
		if v == nil {
			e.Buf = append(e.Buf, "null"...)
			return
		}
		e.text(base64.StdEncoding.EncodeToString(v))
	case map[string]any:
		if v == nil {
			e.Buf = append(e.Buf, "null"...)
			return
		}
		o := e.open()
		e.mapMembers(o, v)
		e.close(o)
	case []any:
		list(e, v, func(x any) { e.value(anyValue(x)) })
	case []string:
		list(e, v, e.text)
	case json.Marshaler:
		e.marshal(v)
	case error:
		e.text(e.errorText(v))
	default:
		e.marshal(v)
	}
}

func list[T any](e *Encoder, vs []T, write func(T)) {
	if vs == nil {
		e.Buf = append(e.Buf, "null"...)
		return
	}
	e.Buf = append(e.Buf, '[')
	for _, v := range vs {
		if len(e.Buf) > e.ceiling {
			e.MarkTruncated(e.cur)
			break
		}
		write(v)
		e.Buf = append(e.Buf, ',')
	}
	if len(vs) > 0 {
		e.Buf[len(e.Buf)-1] = ']'
	} else {
		e.Buf = append(e.Buf, ']')
	}
}

// float writes f as encoding/json does, and as text where JSON has no number
// for it.
func (e *Encoder) float(f float64, bits int) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		e.MarkError(e.cur, "no number in JSON, kept as text")
		e.text(strconv.FormatFloat(f, 'g', -1, bits))
		return
	}
	format := byte('f')
	if abs := math.Abs(f); abs != 0 && (bits == 64 && (abs < 1e-6 || abs >= 1e21) ||
		bits == 32 && (float32(abs) < 1e-6 || float32(abs) >= 1e21)) {
		format = 'e'
	}
	b := strconv.AppendFloat(e.Buf, f, format, -1, bits)
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1] // e-09 is e-9
		b = b[:n-1]
	}
	e.Buf = b
}

func (e *Encoder) time(t time.Time) {
	if y := t.Year(); y < 0 || y > 9999 {
		e.MarkError(e.cur, "year outside 0 to 9999")
		e.text(t.String())
		return
	}
	e.Buf = append(e.Buf, '"')
	e.Buf = t.AppendFormat(e.Buf, time.RFC3339Nano)
	e.Buf = append(e.Buf, '"')
}

// marshal writes what encoding/json makes of v, in our form.
func (e *Encoder) marshal(v any) {
	if left := maxNodes; tooDeep(reflect.ValueOf(v), maxNesting, &left) {
		e.MarkTruncated(e.cur)
		e.Buf = append(e.Buf, `"`+Truncated+`"`...)
		return
	}
	b, err := safeMarshal(v)
	if err != nil {
		e.MarkError(e.cur, err.Error())
		e.text("!ERROR: " + cut(err.Error(), 200))
		return
	}
	e.raw(b)
}

func safeMarshal(v any) (b []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("panic in %T: %s", v, panicText(r))
		}
	}()
	b, err = json.Marshal(v)
	if err != nil {
		err = errors.New(safeError(err))
	}
	return b, err
}

func (e *Encoder) errorText(err error) string {
	s, ok := callError(err)
	if !ok {
		e.MarkError(e.cur, s)
	}
	return s
}

func safeError(err error) string {
	s, _ := callError(err)
	return s
}

// ErrorText is err.Error(), also where that panics, as it does on most nil
// pointers in an error. "" stands for nil.
func ErrorText(err error) string {
	if err == nil {
		return ""
	}
	return safeError(err)
}

func callError(err error) (s string, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if v := reflect.ValueOf(err); v.Kind() == reflect.Pointer && v.IsNil() {
				s, ok = "<nil>", true
				return
			}
			s, ok = fmt.Sprintf("panic in %T: %s", err, panicText(r)), false
		}
	}()
	return err.Error(), true
}

// panicText renders what was panicked with, without calling a method of it.
func panicText(r any) string {
	switch r := r.(type) {
	case string:
		return r
	case error:
		if v := reflect.ValueOf(r); v.Kind() == reflect.Struct || v.Kind() == reflect.Pointer {
			if _, ok := r.(interface{ RuntimeError() }); ok {
				return r.Error()
			}
		}
	}
	return fmt.Sprintf("%T", r)
}
