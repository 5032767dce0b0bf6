package storetest

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// What a store that is no Getter or Aggregator cannot do is not asked of it.

func testGet(t *testing.T, st syslog.Store, timeInKey bool) {
	g, ok := st.(syslog.Getter)
	if !ok {
		return
	}
	unknown := func(id string) {
		t.Helper()
		_, err := g.Get(ctx, id)
		require.ErrorIs(t, err, syslog.ErrNotFound, "%q", id)
	}
	unknown("id_000001")
	logs := randomEvents(rand.New(rand.NewPCG(3, 5)), 60)
	for i, id := range []string{"a", "A", "é", "E\u0301", "%", "_", "a ", " a", `'"\?$1`, strings.Repeat("z", 64)} {
		logs[i].ID = id
	}
	write(t, st, logs...)
	for _, want := range query(t, st, syslog.Query{Limit: syslog.MaxLimit}).Logs {
		got, err := g.Get(ctx, want.ID)
		require.NoError(t, err, "%q", want.ID)
		require.Equal(t, want, got, "as a query has it")
	}
	for _, id := range []string{"", "b", "id_", "E", "Z", "a\x00", "\xff", "' OR '1'='1", strings.Repeat("z", 63), strings.Repeat("z", 100_000)} {
		unknown(id)
	}
	if timeInKey { // two events share the ID
		later := logs[20]
		later.Message, later.CreatedAt = "later", later.CreatedAt.Add(time.Hour)
		write(t, st, later)
		got, err := g.Get(ctx, later.ID)
		require.NoError(t, err)
		require.Equal(t, "later", got.Message, "the newest one")
	}
	_, err := st.Delete(ctx, syslog.Filter{From: day})
	require.NoError(t, err)
	unknown("a")
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = g.Get(gone, "a")
	require.ErrorIs(t, err, context.Canceled)
	var none context.Context
	_, err = g.Get(none, "a")
	require.ErrorIs(t, err, syslog.ErrNotFound)
}
