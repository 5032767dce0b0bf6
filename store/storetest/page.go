package storetest

import (
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func testOrder(t *testing.T, st syslog.Store) {
	write(t, st, events(9, func(i int, l *syslog.Log) { l.CreatedAt = event(i / 3).CreatedAt })...)
	asc := ids(query(t, st, syslog.Query{Order: syslog.Asc}).Logs)
	require.Equal(t, ids(events(9, nil)), asc, "by time, then by id")
	desc := ids(query(t, st, syslog.Query{}).Logs)
	for i := range asc {
		require.Equal(t, asc[i], desc[len(desc)-1-i])
	}
}

func testPaging(t *testing.T, st syslog.Store) {
	write(t, st, events(25, nil)...)
	all := ids(events(25, nil))
	for page, want := range [][]string{all[:10], all[10:20], all[20:], {}} {
		for _, q := range []syslog.Query{{Page: page + 1}, {Offset: page * 10}} {
			q.Order, q.Limit = syslog.Asc, 10
			p := query(t, st, q)
			require.NotNil(t, p.Logs)
			require.Equal(t, want, ids(p.Logs))
			require.Equal(t, p.Pagination.NextCursor != "", p.Pagination.HasMore)
			p.Pagination.NextCursor = ""
			require.Equal(t, syslog.Pagination{TotalCount: 25, TotalPages: 3, CurrentPage: page + 1, Limit: 10, Offset: page * 10,
				HasMore: page < 2, CountKind: syslog.KindExact}, p.Pagination)
		}
	}
	require.Equal(t, all[5:10], ids(query(t, st, syslog.Query{Order: syslog.Asc, Limit: 5, Offset: 5}).Logs))
	write(t, st, events(600, nil)...)
	require.Len(t, query(t, st, syslog.Query{}).Logs, syslog.DefaultLimit)
	p := query(t, st, syslog.Query{Limit: 501})
	require.Len(t, p.Logs, syslog.MaxLimit)
	require.Equal(t, syslog.MaxLimit, p.Pagination.Limit)
}

func testCursorIsStable(t *testing.T, st syslog.Store) {
	const n = 100
	// Events lie at every other millisecond, so that others come in between.
	write(t, st, events(n, func(i int, l *syslog.Log) { l.CreatedAt = event(2 * (i / 2)).CreatedAt })...)
	want := ids(events(n, nil))
	for _, order := range []syslog.Order{syslog.Desc, syslog.Asc} {
		q := syslog.Query{Order: order, Limit: 7, Count: syslog.CountNone, Filter: syslog.Filter{Type: "t"}}
		var got []string
		for i := 0; ; i++ {
			p := query(t, st, q)
			got = append(got, ids(p.Logs)...)
			require.Equal(t, i+1, p.Pagination.CurrentPage)
			require.Equal(t, i*7, p.Pagination.Offset)
			late := event(n + 50*i + int(order)*25)
			late.ID, late.CreatedAt = late.ID+"_late", event(-1).CreatedAt
			if order == syslog.Desc {
				late.CreatedAt = event(10 * n).CreatedAt
			}
			write(t, st, late) // behind us: it must not move what is ahead
			if q.Cursor = p.Pagination.NextCursor; q.Cursor == "" {
				require.False(t, p.Pagination.HasMore)
				break
			}
		}
		var old []string
		for _, id := range got {
			if len(id) == len("id_000000") {
				old = append(old, id)
			}
		}
		if order == syslog.Desc {
			for i, j := 0, len(old)-1; i < j; i, j = i+1, j-1 {
				old[i], old[j] = old[j], old[i]
			}
		}
		require.Equal(t, want, old, "none twice, none left out")
	}
}

func testCounts(t *testing.T, st syslog.Store) {
	logs := events(syslog.CountCap+49, func(i int, l *syslog.Log) {
		if i%1000 == 0 {
			l.Level = syslog.LevelError
		}
	})
	for len(logs) > 0 {
		n := min(5000, len(logs))
		write(t, st, logs[:n]...)
		logs = logs[n:]
	}
	for _, c := range []struct {
		f     syslog.Filter
		count syslog.Count
		want  int64
		kind  syslog.CountKind
	}{
		{syslog.Filter{}, syslog.CountExact, syslog.CountCap + 49, syslog.KindExact},
		{syslog.Filter{}, syslog.CountCapped, syslog.CountCap, syslog.KindCapped},
		{syslog.Filter{Search: "m"}, syslog.CountCapped, syslog.CountCap, syslog.KindCapped},
		{syslog.Filter{}, syslog.CountNone, 0, syslog.KindNone},
		{syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}}, syslog.CountCapped, 11, syslog.KindExact},
		{syslog.Filter{From: event(50).CreatedAt}, syslog.CountCapped, syslog.CountCap - 1, syslog.KindExact},
		{syslog.Filter{From: event(49).CreatedAt}, syslog.CountCapped, syslog.CountCap, syslog.KindCapped},
	} {
		p := query(t, st, syslog.Query{Filter: c.f, Count: c.count, Limit: 10}).Pagination
		require.Equal(t, c.want, p.TotalCount)
		require.Equal(t, c.kind, p.CountKind)
		require.EqualValues(t, (c.want+9)/10, p.TotalPages)
		require.True(t, p.HasMore)
	}
}

func testInvalidQueries(t *testing.T, st syslog.Store) {
	write(t, st, events(3, nil)...)
	cursor := query(t, st, syslog.Query{Limit: 1}).Pagination.NextCursor
	for name, q := range map[string]syslog.Query{
		"limit": {Limit: -1}, "page": {Page: -1}, "offset": {Offset: -1}, "both": {Page: 2, Offset: 1}, "order": {Order: 2}, "count": {Count: 3},
		"level": {Filter: syslog.Filter{Levels: []syslog.LogLevel{3}}}, "actor": {Filter: syslog.Filter{Actors: []syslog.LogActor{"x y"}}},
		"from after to": {Filter: syslog.Filter{From: day.AddDate(0, 0, 1), To: day}}, "cursor and page": {Cursor: cursor, Page: 1},
		"cursor and offset": {Cursor: cursor, Offset: 1},
	} {
		_, err := st.Query(ctx, q)
		require.ErrorIs(t, err, syslog.ErrInvalidQuery, name)
	}
	for _, c := range []string{"x", "AAAA", cursor + "A", cursor[:len(cursor)-2], "\x00"} {
		_, err := st.Query(ctx, syslog.Query{Cursor: c})
		require.ErrorIs(t, err, syslog.ErrInvalidCursor, c)
	}
	_, err := st.Query(ctx, syslog.Query{Cursor: cursor, Order: syslog.Asc})
	require.ErrorIs(t, err, syslog.ErrInvalidCursor, "of the other order")
}
