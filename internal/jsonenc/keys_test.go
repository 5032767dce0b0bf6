package jsonenc

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/redact"
	"github.com/stretchr/testify/require"
)

// TestLastOfANameWinsWhateverItsWay adds members at random in all ways that there are,
// event after event with one Encoder, and compares with a map.
func TestLastOfANameWinsWhateverItsWay(t *testing.T) {
	names := []string{"é", `a"b`, strings.Repeat("k", shortKey), strings.Repeat("k", shortKey+1), "password", "userPassword", "password2"}
	for i := range 300 {
		names = append(names, fmt.Sprintf("n%d", i))
	}
	set := redact.New(redact.Default()...)
	e := &Encoder{Redact: set}
	rng := rand.New(rand.NewPCG(7, 7))
	for range 3000 {
		few := names[rng.IntN(len(names)-20):]
		few = few[:1+rng.IntN(min(len(few), 120))]
		want := map[string]any{}
		put := func(key string, v any) {
			want[key] = v
			if set.Match(key) {
				want[key] = Redacted
			}
		}
		got := encodeWith(t, e, limit, func(e *Encoder) {
			for range 1 + rng.IntN(100) {
				key := few[rng.IntN(len(few))]
				n := rng.IntN(1000)
				switch rng.IntN(8) {
				case 0:
					e.Attrs([]slog.Attr{slog.Int(key, n)})
					put(key, float64(n))
				case 1:
					e.Attr(slog.String(key, `"quoted"`)) // not plain
					put(key, `"quoted"`)
				case 2:
					e.Map(map[string]any{key: []string{"a"}})
					put(key, []any{"a"})
				case 3:
					raw, err := json.Marshal(map[string]int{key: n})
					require.NoError(t, err)
					e.Object(raw)
					put(key, float64(n))
				case 4:
					e.Attrs([]slog.Attr{slog.Group(key, slog.Int(key, n), slog.Int(key, n+1))})
					inner := any(float64(n + 1))
					if set.Match(key) {
						inner = Redacted
					}
					put(key, map[string]any{key: inner})
				case 6:
					e.Attrs([]slog.Attr{slog.String(key, "Réservée ✓")})
					put(key, "Réservée ✓")
				case 7:
					e.Attrs([]slog.Attr{slog.Uint64(key, uint64(n)), slog.Duration(key, time.Duration(n+1))})
					put(key, float64(n+1))
				case 5:
					e.Own(key, slog.BoolValue(n%2 == 0))
					put(key, n%2 == 0)
				}
			}
		})
		require.Equal(t, want, got)
	}
}

// TestNamesOfMarksAreOurs has a host use the names of the marks, before something is
// marked.
func TestNamesOfMarksAreOurs(t *testing.T) {
	e := &Encoder{}
	for range 2 {
		got := encodeWith(t, e, limit, func(e *Encoder) {
			e.Attrs([]slog.Attr{slog.Int("first", 1), slog.Int(ErrorKey, 1), slog.Int("first", 2), slog.Int(TruncatedKey, 1)})
			e.MarkError("x", "broken")
			e.MarkTruncated("y")
		})
		require.Equal(t, map[string]any{"first": 2.0, ErrorKey: "x: broken", TruncatedKey: []any{"y"}}, got)
	}
}

// TestDecimalsAreTheShortest compares with encoding/json.
func TestDecimalsAreTheShortest(t *testing.T) {
	check := func(f float64) {
		b, ok := appendDecimal(nil, f)
		if !ok {
			return
		}
		want, err := json.Marshal(f)
		require.NoError(t, err)
		require.Equal(t, string(want), string(b))
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, digits := range []int64{1e2, 1e5, 1e9, 1e15, 1e18} {
		for range 50_000 {
			n := rng.Int64N(digits) - digits/2
			for _, unit := range []float64{1, 10, 100, 1000, 10_000, 100_000} {
				check(float64(n) / unit)
			}
		}
	}
	for _, f := range []float64{49.9, 0.5, -0.25, 1250, 0.1, 0.3, 1e10, 99999999999.9999} {
		_, ok := appendDecimal(nil, f)
		require.True(t, ok, f)
		check(f)
	}
	for _, f := range []float64{1e15, 1e300, -1e300, 1.0 / 3, math.NaN(), math.Inf(1), math.Copysign(0, -1)} {
		_, ok := appendDecimal(nil, f)
		require.False(t, ok, f)
	}
}

// TestBothWaysCutAtTheSameLength has values about as long as the limit, which others of
// the same name replace.
func TestBothWaysCutAtTheSameLength(t *testing.T) {
	for n := MinMax - 20; n < MinMax+5; n++ {
		long, short := slog.String("name", strings.Repeat("v", n)), slog.Int("name", 1)
		want := encode(t, MinMax, func(e *Encoder) {
			e.Attr(long)
			e.Attr(short)
		})
		got := encode(t, MinMax, func(e *Encoder) { e.Attrs([]slog.Attr{long, short}) })
		require.Equal(t, want, got, n)
	}
}

// TestNamesOfOneHashStayKnown has events take turns whose names have the same hash: there
// is room for both.
func TestNamesOfOneHashStayKnown(t *testing.T) {
	e := &Encoder{}
	names := []string{"a1b1c", "a2b2c", "a3b3c", "a4b4c"}
	for _, name := range names {
		encodeWith(t, e, limit, func(e *Encoder) { e.Attrs([]slog.Attr{slog.Int(name, 1)}) })
	}
	var known []string
	for i := range e.keys {
		if k := &e.keys[i]; k.size > 0 {
			known = append(known, string(k.text[1:k.size-2]))
		}
	}
	require.ElementsMatch(t, names, known)
}
