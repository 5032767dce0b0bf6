package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// matches says by the contract's words alone whether a filter chooses an event.
func matches(f syslog.Filter, l syslog.Log) bool {
	return (len(f.Levels) == 0 || slices.Contains(f.Levels, l.Level)) &&
		(len(f.Actors) == 0 || slices.Contains(f.Actors, l.Actor)) &&
		(f.ActorID == "" || f.ActorID == l.ActorID) &&
		containsFold(l.Type, f.Type) &&
		(containsFold(l.Message, f.Search) || containsFold(l.Type, f.Search) || containsFold(l.ActorID, f.Search)) &&
		(f.From.IsZero() || !l.CreatedAt.Before(f.From)) && (f.To.IsZero() || !l.CreatedAt.After(f.To)) &&
		has(l, f.Metadata...) && !leftOut(f.Not, l)
}

// leftOut says so for an exclusion.
func leftOut(x syslog.Exclusion, l syslog.Log) bool {
	out := slices.Contains(x.Levels, l.Level) || slices.Contains(x.Actors, l.Actor) ||
		l.ActorID != "" && slices.Contains(x.ActorIDs, l.ActorID)
	for _, text := range x.Types {
		out = out || containsFold(l.Type, text)
	}
	for _, text := range x.Searches {
		out = out || containsFold(l.Message, text) || containsFold(l.Type, text) || containsFold(l.ActorID, text)
	}
	for _, v := range x.Metadata {
		out = out || has(l, v)
	}
	return out
}

// has reports whether metadata has all these values.
func has(l syslog.Log, values ...syslog.MetadataValue) bool {
	for _, v := range values {
		dec := json.NewDecoder(bytes.NewReader(l.Metadata))
		dec.UseNumber()
		var at any
		_ = dec.Decode(&at)
		for _, key := range v.Path {
			object, _ := at.(map[string]any)
			at = object[key]
		}
		switch got := at.(type) {
		case nil, map[string]any, []any:
			return false
		default:
			if fmt.Sprint(got) != v.Value {
				return false
			}
		}
	}
	return true
}

// containsFold compares rune by rune, with the standard library's word on case.
func containsFold(s, sub string) bool {
	rs, n := []rune(s), len([]rune(sub))
	for i := 0; i+n <= len(rs); i++ {
		if strings.EqualFold(string(rs[i:i+n]), sub) {
			return true
		}
	}
	return false
}

func testFilters(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	actors := append(syslog.Actors(), "PARTNER")
	logs := events(400, func(i int, l *syslog.Log) {
		l.Level = syslog.Levels()[r.IntN(4)]
		l.Type = pick("PAYMENT_FAILED", "payment_ok", "USER_LOGIN", "50%_OFF", "ÉCHEC")
		l.Actor = actors[r.IntN(len(actors))]
		l.ActorID = pick("", "usr_1", "USR_1", "usr_2", "K")
		l.Message = pick("Échec du paiement", "échec", "kelvin \u212A", "100% of a_b", "Москва", "ς end", "[a-z]*?") + pick("", " x", " "+l.Type)
		l.CreatedAt = day.Add(time.Duration(r.IntN(50)) * time.Millisecond)
	})
	write(t, st, logs...)
	for i := range 150 {
		var f syslog.Filter
		if r.IntN(3) == 0 {
			f.Levels = syslog.Levels()[r.IntN(4):]
		}
		if r.IntN(3) == 0 {
			f.Actors = actors[r.IntN(3) : 3+r.IntN(3)]
		}
		if r.IntN(4) == 0 {
			f.ActorID = pick("usr_1", "K", "none")
		}
		if r.IntN(3) == 0 {
			f.Type = pick("pay", "%", "_", "échec", "LOGIN", "x")
		}
		if r.IntN(3) == 0 {
			f.Search = pick("ÉCHEC", "k", "%", "a_b", "МОСК", "Σ", "[A-Z]", "*", "usr", "s", "paiement")
		}
		if r.IntN(3) == 0 {
			f.From = day.Add(time.Duration(r.IntN(25)) * time.Millisecond)
		}
		if r.IntN(3) == 0 {
			f.To = day.Add(time.Duration(25+r.IntN(25)) * time.Millisecond)
		}
		order := syslog.Order(r.IntN(2))
		var want []syslog.Log
		for _, l := range logs {
			if matches(f, l) {
				want = append(want, l)
			}
		}
		slices.SortFunc(want, func(a, b syslog.Log) int {
			c := a.CreatedAt.Compare(b.CreatedAt)
			if c == 0 {
				c = strings.Compare(a.ID, b.ID)
			}
			if order == syslog.Desc {
				c = -c
			}
			return c
		})
		p := query(t, st, syslog.Query{Filter: f, Order: order, Limit: 500})
		require.Equal(t, ids(want), ids(p.Logs), "filter %d: %+v", i, f)
		require.EqualValues(t, len(want), p.Pagination.TotalCount)
	}
}

func testLiteral(t *testing.T, st syslog.Store) {
	special := []string{"%", "_", "*", "?", "[", "]", `\`, "^", "'", `"`, "-", "[a]", "%_", `\%`, "a%b"}
	for i, s := range special {
		l := event(i)
		l.Type, l.Message = "X"+s+"Y", "m"+s+"n"
		write(t, st, l)
	}
	plain := event(100)
	plain.Type, plain.Message = "XaY", "man"
	write(t, st, plain)
	for _, s := range special {
		for _, f := range []syslog.Filter{{Type: s}, {Search: s}} {
			want := 0
			for _, other := range special {
				if strings.Contains(other, s) {
					want++
				}
			}
			require.EqualValues(t, want, total(t, st, f), "%q", s)
		}
	}
}

func testAnyCase(t *testing.T, st syslog.Store) {
	pairs := [][2]string{{"ÉCHEC à Noël", "échec À nOËL"}, {"ΟΔΥΣΣΕΥΣ", "οδυσσευς"}, {"Москва", "МОСКВА"}, {"200 \u212A", "200 k"},
		{"task", "TA\u017FK"}, {"STRA\u1E9EE", "straße"}, {"ǅ", "ǆ"}, {"KISS me", "kiss ME"}}
	for i, p := range pairs {
		l := event(i)
		l.Message = p[0]
		l.ActorID = fmt.Sprint(i)
		write(t, st, l)
	}
	for i, p := range pairs {
		for _, s := range p {
			got := query(t, st, syslog.Query{Filter: syslog.Filter{Search: s}}).Logs
			require.NotEmpty(t, got, "%q", s)
			require.Contains(t, ids(got), event(i).ID, "%q", s)
		}
	}
	require.Zero(t, total(t, st, syslog.Filter{Search: "echec"}), "é is not e")
}

func testLongPattern(t *testing.T, st syslog.Store) {
	l := event(1)
	l.Message = strings.Repeat("é", 8<<10)
	write(t, st, l, event(2))
	for _, s := range []string{strings.Repeat("a", 60_000), strings.Repeat("é", 60_000), strings.Repeat("[", 100_000), strings.Repeat("é%", 3000)} {
		require.Zero(t, total(t, st, syslog.Filter{Search: s}))
		require.Zero(t, total(t, st, syslog.Filter{Type: s}))
	}
	require.EqualValues(t, 1, total(t, st, syslog.Filter{Search: strings.Repeat("É", 2000)}))
	require.EqualValues(t, 1, total(t, st, syslog.Filter{Search: l.Message}), "the whole of the longest message")
	require.Zero(t, total(t, st, syslog.Filter{Search: "a\x00b\xff"}), "what no event can hold")
}

func testBounds(t *testing.T, st syslog.Store) {
	write(t, st, events(10, nil)...)
	at := func(i int) time.Time { return day.Add(time.Duration(i) * time.Millisecond) }
	require.EqualValues(t, 4, total(t, st, syslog.Filter{From: at(3), To: at(6)}), "both ends are inside")
	require.EqualValues(t, 1, total(t, st, syslog.Filter{From: at(3), To: at(3)}))
	require.EqualValues(t, 7, total(t, st, syslog.Filter{From: at(3).Add(999 * time.Microsecond)}), "From is rounded down to a millisecond")
	require.EqualValues(t, 4, total(t, st, syslog.Filter{To: at(3).Add(time.Microsecond).In(time.FixedZone("x", 3600))}))
	require.EqualValues(t, 10, total(t, st, syslog.Filter{From: time.Unix(0, 0), To: day.AddDate(100, 0, 0)}))
}
