package postgres_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

// TestReadOnly: a connection that may only read, as to a replica, answers queries.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	opts := &postgres.Options{Partition: postgres.Daily, Trigram: true, Logger: slog.New(slog.DiscardHandler)}
	st, err := postgres.OpenWithOptions(ctx, dsn, opts)
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 3)))
	reads, err := postgres.OpenWithOptions(ctx, dsn+"&options=-c%20default_transaction_read_only%3Don", postgres.WithClock(*opts,
		func() time.Time { return at.Add(1000 * day) }, nil))
	require.NoError(t, err)
	page, err := reads.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "M"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 3)
	_, err = reads.Delete(ctx, syslog.Filter{Type: "T"})
	require.ErrorContains(t, err, "read-only")
	require.NoError(t, reads.Close(ctx))
	require.NoError(t, st.Close(ctx))
}
