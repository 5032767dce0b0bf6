package storetest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// letters have variants in ASCII, elsewhere, in both or nowhere, or are something else to a
// database that compares text.
var letters = []rune("aAkKsSzé1 _%?*[]^-\\'É\u212A\u017FςσΣßẞıİДд😀")

// testLetters searches for any text in any text. What a page says of the number of matches
// has to be right wherever the page is.
func testLetters(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(3, 4))
	word := func(n int) string {
		text := make([]rune, n)
		for i := range text {
			text[i] = letters[r.IntN(len(letters))]
		}
		return string(text)
	}
	logs := events(300, func(_ int, l *syslog.Log) {
		l.Message, l.Type, l.ActorID = word(12), word(6), word(r.IntN(4))
	})
	write(t, st, logs...)
	slices.SortFunc(logs, func(a, b syslog.Log) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	for range 300 {
		var f syslog.Filter
		switch text := word(1 + r.IntN(3)); r.IntN(4) {
		case 0:
			f.Type = text
		case 1:
			f.Not.Searches = []string{text}
		default:
			f.Search = text
		}
		var want []syslog.Log
		for _, l := range logs {
			if matches(f, l) {
				want = append(want, l)
			}
		}
		q := syslog.Query{Filter: f, Limit: 1 + r.IntN(20), Offset: max(0, r.IntN(2*len(want)+4)-len(want)), Count: syslog.Count(r.IntN(3))}
		p := query(t, st, q)
		from := min(q.Offset, len(want))
		require.Equal(t, ids(want[from:min(from+q.Limit, len(want))]), ids(p.Logs), "%q %+v", f, q)
		total := len(want)
		if q.Count == syslog.CountNone {
			total = 0
		}
		require.EqualValues(t, total, p.Pagination.TotalCount, "%q %+v", f, q)
	}
}
