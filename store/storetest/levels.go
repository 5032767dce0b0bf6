package storetest

import (
	"slices"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// testSeveralLevels pages through every choice of levels, also with one named
// twice: a store may read them apart.
func testSeveralLevels(t *testing.T, st syslog.Store) {
	logs := events(60, func(i int, l *syslog.Log) {
		l.Level = syslog.Levels()[i*7%4]
		l.CreatedAt = event(i / 4).CreatedAt
	})
	write(t, st, logs...)
	for choice := 1; choice < 16; choice++ {
		var levels []syslog.LogLevel
		for i, l := range syslog.Levels() {
			if choice&(1<<i) != 0 {
				levels = append(levels, l, l)
			}
		}
		var want []string
		for _, l := range logs {
			if slices.Contains(levels, l.Level) {
				want = append(want, l.ID)
			}
		}
		for _, order := range []syslog.Order{syslog.Asc, syslog.Desc} {
			q := syslog.Query{Filter: syslog.Filter{Levels: levels}, Order: order, Limit: 7}
			var got []string
			for {
				p := query(t, st, q)
				require.EqualValues(t, len(want), p.Pagination.TotalCount)
				got = append(got, ids(p.Logs)...)
				if q.Cursor = p.Pagination.NextCursor; q.Cursor == "" {
					break
				}
			}
			require.Equal(t, want, got, "%v", levels)
			slices.Reverse(want)
		}
	}
}
