package jsonenc

import (
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/redact"
	"github.com/stretchr/testify/require"
)

const limit = 64 << 10

// refused is an escape that no database takes: NUL or half a surrogate pair.
var refused = regexp.MustCompile(`(^|[^\\])(\\\\)*\\u(0000|[dD][89abAB])`)

func encode(t testing.TB, limit int, write func(e *Encoder)) map[string]any {
	t.Helper()
	e := &Encoder{Redact: redact.New(redact.Default()...)}
	return encodeWith(t, e, limit, write)
}

func encodeWith(t testing.TB, e *Encoder, limit int, write func(e *Encoder)) map[string]any {
	t.Helper()
	e.Reset()
	e.Buf = append(e.Buf, "before"...)
	e.Begin(limit)
	write(e)
	n := e.End()
	if !strings.HasPrefix(string(e.Buf), "before") || len(e.Buf) != len("before")+n {
		t.Fatalf("size %d is wrong for %q", n, e.Buf)
	}
	out := e.Buf[len("before"):]
	if n == 0 {
		return nil
	}
	if n > limit {
		t.Fatalf("%d bytes, above the limit of %d", n, limit)
	}
	checkText(t, out)
	var m map[string]any
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	return m
}

// checkText fails on what a database would refuse.
func checkText(t testing.TB, out []byte) {
	t.Helper()
	if !json.Valid(out) || !utf8.Valid(out) || refused.Match(out) {
		t.Fatalf("not acceptable everywhere: %.300q", out)
	}
}

type panics struct{}

func (panics) MarshalJSON() ([]byte, error) { panic("boom") }

type nilError struct{ s string }

func (e *nilError) Error() string { return e.s }

type lazy struct{}

func (lazy) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("a", 1), slog.String("password", "x"))
}

func TestValues(t *testing.T) {
	at := time.Date(2024, 1, 15, 10, 30, 0, 5e6, time.UTC)
	got := encode(t, limit, func(e *Encoder) {
		e.Map(map[string]any{
			"s": "a\"\\\n\u2028é", "i": -5, "u": uint64(math.MaxUint64), "f": 1e21, "f32": float32(0.1), "b": true, "n": nil,
			"t": at, "d": time.Second, "bytes": []byte{1, 2}, "list": []any{1, "x", nil}, "strs": []string{"a"}, "empty": []string{},
			"m": map[string]any{"z": 1, "a": map[string]any{}}, "raw": json.RawMessage(` {"x": [1.10, "\ud83d\ude00"]} `),
			"err": errors.New("bad"), "struct": struct {
				A int `json:"a,omitempty"`
				B string
			}{B: "<&>"}, "num": json.Number("12345678901234567890.10"), "nilmap": map[string]any(nil), "nilerr": (*nilError)(nil),
		})
		e.Attr(slog.Group("g", slog.Int("x", 1), slog.Group("", slog.Int("inline", 2)), slog.Group("none"), slog.Attr{}))
		e.Attr(slog.Any("lazy", lazy{}))
	})
	want := `{"s":"a\"\\\n\u2028é","i":-5,"u":18446744073709551615,"f":1e21,"f32":0.1,"b":true,"n":null,"t":"2024-01-15T10:30:00.005Z",
		"d":1000000000,"bytes":"AQI=","list":[1,"x",null],"strs":["a"],"empty":[],"m":{"z":1,"a":{}},"raw":{"x":[1.10,"😀"]},"err":"bad",
		"struct":{"B":"<&>"},"num":12345678901234567890.10,"nilmap":null,"nilerr":"<nil>","g":{"x":1,"inline":2},
		"lazy":{"a":1,"password":"[REDACTED]"}}`
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, want, string(b))
}

func TestDigitsAndOrderStay(t *testing.T) {
	e := &Encoder{}
	e.Begin(limit)
	e.Object([]byte(`{"z":1.10,"a":12345678901234567890123,"e":1E+2,"f":-0.0}`))
	e.End()
	require.Equal(t, `{"z":1.10,"a":12345678901234567890123,"e":1E+2,"f":-0.0}`, string(e.Buf))
}

func TestLastOfAName(t *testing.T) {
	got := encode(t, limit, func(e *Encoder) {
		e.Object([]byte(`{"a":1,"b":{"x":1,"x":2,"y":3,"x":4},"a":2}`))
		e.Map(map[string]any{"a": 3, "c\x00": 1, "c\uFFFD": 2})
		e.Attr(slog.Int("a", 4))
		for i := range 200 {
			e.Text("many"+strconv.Itoa(i%70), strconv.Itoa(i))
		}
	})
	require.EqualValues(t, 4, got["a"])
	require.Equal(t, map[string]any{"x": 4.0, "y": 3.0}, got["b"])
	require.EqualValues(t, 2, got["c\uFFFD"])
	require.Equal(t, "199", got["many59"])
	require.Equal(t, "139", got["many69"])
	require.Len(t, got, 3+70+1)
}

func TestHostile(t *testing.T) {
	cyclic := map[string]any{"n": 1}
	cyclic["self"] = cyclic
	cyclic["again"] = []any{cyclic, cyclic}
	type node struct{ Next *node }
	ring := &node{}
	ring.Next = ring
	deep := any("end")
	for range 5000 {
		deep = []any{deep}
	}
	for name, v := range map[string]any{
		"cyclic map": cyclic, "cyclic struct": ring, "chan": make(chan int), "func": func() {}, "nan": math.NaN(), "inf": float32(math.Inf(-1)),
		"panics": panics{}, "nul": "a\x00b", "utf8": "a\xffb", "surrogate": json.RawMessage(`"\ud800x\udc00"`), "bad raw": json.RawMessage(`{"a":`),
		"big number": json.Number("1e999999"), "deep": deep, "deep raw": json.RawMessage(strings.Repeat("[", 9000) + strings.Repeat("]", 9000)),
		"too deep raw": json.RawMessage(strings.Repeat("[", 20000) + strings.Repeat("]", 20000)), "year": time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC),
		"complex": complex(1, 2), "huge": strings.Repeat("é", 4<<20), "huge list": make([]int, 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			got := encode(t, limit, func(e *Encoder) {
				e.Any("v", v)
				e.Text("after", "kept")
			})
			require.Contains(t, got, "v")
			require.Equal(t, "kept", got["after"])
			if got[ErrorKey] == nil && got[TruncatedKey] == nil {
				t.Fatalf("not marked: %.300v", got)
			}
		})
	}
}

func TestNotAnObject(t *testing.T) {
	require.Nil(t, encode(t, limit, func(e *Encoder) { e.Object(nil); e.Object([]byte(" null ")) }))
	require.Equal(t, map[string]any{"_value": []any{1.0}, ErrorKey: "metadata: not a JSON object"},
		encode(t, limit, func(e *Encoder) { e.Object([]byte("[1]")) }))
	require.Equal(t, map[string]any{"_value": "{oops", ErrorKey: "metadata: not a JSON object"},
		encode(t, limit, func(e *Encoder) { e.Object([]byte("{oops")) }))
}

func TestShrinkIsFair(t *testing.T) {
	got := encode(t, limit, func(e *Encoder) {
		e.Text("a", strings.Repeat("a", 1<<20))
		e.Any("b", make([]int, 100_000))
		e.Text("c", strings.Repeat("\x01é", 1<<20))
		e.Text("small", "whole")
	})
	require.Equal(t, "whole", got["small"])
	for _, k := range []string{"a", "b", "c"} {
		require.Greater(t, len(got[k].(string)), 3000, k)
	}
	require.ElementsMatch(t, []any{"a", "b", "c"}, got[TruncatedKey])
}

func TestTooManyMembersKeepTheLast(t *testing.T) {
	got := encode(t, MinMax, func(e *Encoder) {
		for i := range 20_000 {
			e.Text(strings.Repeat("k", 200)+strconv.Itoa(i), strings.Repeat("v", 100))
		}
		e.Text("bookingId", "bk_1")
	})
	require.Equal(t, "bk_1", got["bookingId"])
	require.Contains(t, got, TruncatedKey)
}

func TestRedactionAtAnyDepth(t *testing.T) {
	got := encode(t, limit, func(e *Encoder) {
		e.Map(map[string]any{"Password": 1, "deep": map[string]any{"x": []any{map[string]any{"apiKey": "k"}}}})
		e.Any("typed", struct {
			Token string `json:"accessToken"`
			Keep  string
		}{"t", "k"})
		e.Object([]byte(`{"raw":{"cvv":[1,{"a":"]"}],"keep":1}}`))
		e.Attr(slog.Group("cookie", slog.String("a", "b")))
	})
	b, _ := json.Marshal(got)
	require.JSONEq(t, `{"Password":"[REDACTED]","deep":{"x":[{"apiKey":"[REDACTED]"}]},"typed":{"accessToken":"[REDACTED]","Keep":"k"},
		"raw":{"cvv":"[REDACTED]","keep":1},"cookie":"[REDACTED]"}`, string(b))
}

func TestScalarsAllocateNothing(t *testing.T) {
	e := &Encoder{Redact: redact.New(redact.Default()...)}
	m := map[string]any{"a": "x", "b": 1, "c": true, "d": 1.5, "e": time.Second}
	write := func() {
		e.Reset()
		e.Begin(limit)
		e.Map(m)
		e.Attr(slog.Int("x", 1))
		e.End()
	}
	write()
	require.Zero(t, testing.AllocsPerRun(1000, write))
}

func FuzzObject(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":{"a":[1,2,{"b":"\ud83d\ude00\u0000"}]},"a":null}`, `[]`, `{"k":1e500}`, "{\"\xff\":1}", `{"password":{"a":[}`} {
		f.Add([]byte(s), 5000)
	}
	e := &Encoder{Redact: redact.New("password")}
	f.Fuzz(func(t *testing.T, text []byte, limit int) {
		limit = MinMax + max(limit, -limit, 0)%limitSpan
		got := encodeWith(t, e, limit, func(e *Encoder) { e.Object(text) })
		var want map[string]any
		if len(text) < 2000 && utf8.Valid(text) && !strings.Contains(string(text), `\u`) && !strings.Contains(string(text), "\uFFFD") &&
			json.Unmarshal(text, &want) == nil && got[ErrorKey] == nil && got[TruncatedKey] == nil {
			delete(want, "password")
			delete(got, "password")
			if !strings.Contains(string(text), "assword") && !maps.EqualFunc(got, want, func(a, b any) bool {
				x, _ := json.Marshal(a)
				y, _ := json.Marshal(b)
				return string(x) == string(y)
			}) {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}

const limitSpan = 100_000
