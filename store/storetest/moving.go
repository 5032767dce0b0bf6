package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// patience is how long a call of the suite may take that is not to hang.
const patience = 30 * time.Second

// sorted fails the test unless logs are in order and none is there twice.
func sorted(t *testing.T, order syslog.Order, logs []syslog.Log) {
	t.Helper()
	for i := 1; i < len(logs); i++ {
		a, b := logs[i-1], logs[i]
		if order == syslog.Desc {
			a, b = b, a
		}
		require.True(t, a.CreatedAt.Before(b.CreatedAt) || a.CreatedAt.Equal(b.CreatedAt) && a.ID < b.ID, "%s, then %s", logs[i-1].ID, logs[i].ID)
	}
}

// testCursorAmongWrites turns pages while events are inserted everywhere, also
// ahead and within the cursor's own millisecond, and while the event that the
// cursor stands for is deleted.
func testCursorAmongWrites(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(3, 5))
	const n = 60
	for _, order := range []syslog.Order{syslog.Desc, syslog.Asc} {
		first := events(n, func(i int, l *syslog.Log) {
			l.ID, l.CreatedAt = fmt.Sprintf("old_%d_%06d", order, i), event(i/4).CreatedAt
			l.ActorID = l.ID
		})
		write(t, st, first...)
		all := ids(query(t, st, syslog.Query{Order: order, Limit: syslog.MaxLimit}).Logs)
		var got []syslog.Log
		q := syslog.Query{Order: order, Limit: 7, Count: syslog.CountNone}
		for {
			p := query(t, st, q)
			got = append(got, p.Logs...)
			require.Equal(t, p.Pagination.HasMore, p.Pagination.NextCursor != "")
			if q.Cursor = p.Pagination.NextCursor; q.Cursor == "" {
				break
			}
			last := p.Logs[len(p.Logs)-1]
			if len(got) < 2*n {
				write(t, st, events(5, func(i int, l *syslog.Log) {
					l.ID, l.CreatedAt = fmt.Sprintf("%x", r.Uint64()), event(r.IntN(n/4)).CreatedAt
					if i == 0 {
						l.CreatedAt = last.CreatedAt
					}
				})...)
			}
			if last.ActorID != "" {
				deleted, err := st.Delete(ctx, syslog.Filter{ActorID: last.ActorID})
				require.NoError(t, err)
				require.EqualValues(t, 1, deleted)
			}
		}
		sorted(t, order, got)
		seen := ids(got)
		for _, id := range all {
			require.Contains(t, seen, id, "left out")
		}
	}
}

// testPagesOfChosen turns the pages of a filter in each of the three ways.
func testPagesOfChosen(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(13, 17))
	logs := randomEvents(r, 120)
	write(t, st, logs...)
	for i := range 12 {
		f := randomFilter(r, logs[r.IntN(len(logs))], 1)
		order, limit := syslog.Order(i%2), 1+r.IntN(30)
		want := chosen(f, logs)
		if order == syslog.Desc {
			slices.Reverse(want)
		}
		base := syslog.Query{Filter: f, Order: order, Limit: limit}
		next := base
		for from := 0; from < len(want); from += limit {
			byPage, byOffset := base, base
			byPage.Page, byOffset.Offset = from/limit+1, from
			rows := want[from:min(from+limit, len(want))]
			for _, q := range []syslog.Query{byPage, byOffset, next} {
				p := query(t, st, q)
				require.Equal(t, rows, ids(p.Logs), "%+q", q)
				require.Equal(t, from+limit < len(want), p.Pagination.HasMore)
				require.EqualValues(t, len(want), p.Pagination.TotalCount)
				require.Equal(t, from/limit+1, p.Pagination.CurrentPage)
				require.Equal(t, (len(want)+limit-1)/limit, p.Pagination.TotalPages)
				next.Cursor = p.Pagination.NextCursor
			}
		}
		require.Empty(t, next.Cursor)
	}
}

// testAllAmongCalls uses the store while a list of all is read: the list must not
// hold what the other calls need.
func testAllAmongCalls(t *testing.T, st syslog.Store) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	const n = 1100
	write(t, st, events(n, func(i int, l *syslog.Log) { l.ActorID = l.ID })...)
	var got []syslog.Log
	for l, err := range st.All(bounded, syslog.Filter{Search: "M"}) {
		require.NoError(t, err)
		if got = append(got, l); len(got)%250 != 1 {
			continue
		}
		newer := event(n + len(got))
		require.NoError(t, st.Write(bounded, []syslog.Log{newer, l}))
		_, err = st.Delete(bounded, syslog.Filter{ActorID: l.ActorID})
		require.NoError(t, err)
		_, err = st.Query(bounded, syslog.Query{})
		require.NoError(t, err)
		for range st.All(bounded, syslog.Filter{}) {
			break
		}
	}
	sorted(t, syslog.Desc, got)
	require.Len(t, got, n, "each that was there, and nothing newer")

	half, stop := context.WithCancel(bounded)
	defer stop()
	seen, failed := 0, 0
	for l, err := range st.All(half, syslog.Filter{}) {
		require.Zero(t, failed, "the failure is the last element")
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			require.Zero(t, l)
			failed++
			continue
		}
		seen++
		stop()
	}
	require.Equal(t, 1, failed)
	require.Less(t, seen, n)
}
