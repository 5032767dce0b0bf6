package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// alike are IDs of different events that a database may take for the same one,
// or list in another order than by their bytes.
var alike = []string{"a", "A", "aa", "aA", "a ", " a", "a-", "a_", "a0", "a00", "B", "b", "é", "e\u0301", "É", "e", "ß", "ss", "\u212A", "k", "🙂", "\uFFFD", "0", "00", "1e1", "10",
	"%", "'", `\`, strings.Repeat("x", 63), strings.Repeat("x", 64)}

// testIDs writes events at one moment whose IDs are alike.
func testIDs(t *testing.T, st syslog.Store) {
	logs := events(len(alike), func(i int, l *syslog.Log) { l.ID, l.CreatedAt = alike[i], day })
	write(t, st, logs...)
	write(t, st, logs...)
	want := slices.Sorted(slices.Values(alike))
	for _, order := range []syslog.Order{syslog.Asc, syslog.Desc} {
		require.Equal(t, want, ids(query(t, st, syslog.Query{Order: order}).Logs), "by the bytes of the ID")
		var got []string
		for q := (syslog.Query{Order: order, Limit: 1}); ; {
			p := query(t, st, q)
			got = append(got, ids(p.Logs)...)
			if q.Cursor = p.Pagination.NextCursor; q.Cursor == "" {
				break
			}
		}
		require.Equal(t, want, got, "one a page")
		slices.Reverse(want)
	}
}

// testActorIDs filters by actorIds that are alike: it is the whole one, in its
// own case.
func testActorIDs(t *testing.T, st syslog.Store) {
	write(t, st, events(len(alike), func(i int, l *syslog.Log) { l.ActorID = alike[i] })...)
	for i, id := range alike {
		f := syslog.Filter{ActorID: id}
		require.Equal(t, []string{event(i).ID}, ids(query(t, st, syslog.Query{Filter: f}).Logs), "%q", id)
	}
	for _, none := range []string{"x", "aaa", "a\x00", strings.Repeat("x", 65), strings.Repeat("x", 60_000), strings.Repeat("é", 60_000)} {
		require.Zero(t, total(t, st, syslog.Filter{ActorID: none}), "%.70q", none)
	}
	for i, id := range alike {
		n, err := st.Delete(ctx, syslog.Filter{ActorID: id})
		require.NoError(t, err)
		require.EqualValues(t, 1, n, "%q", id)
		require.EqualValues(t, len(alike)-i-1, total(t, st, syslog.Filter{}))
	}
}

// testForgotten stores an event again that was deleted: a store keeps no list of
// what it once had.
func testForgotten(t *testing.T, st syslog.Store) {
	for range 3 {
		write(t, st, events(20, nil)...)
		require.EqualValues(t, 20, total(t, st, syslog.Filter{}))
		n, err := st.Delete(ctx, syslog.Filter{Type: "t"})
		require.NoError(t, err)
		require.EqualValues(t, 20, n)
	}
}
