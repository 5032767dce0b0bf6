package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// A host with PrepareStmt has a cache in GORM that sweeps itself for ever.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("gorm.io/gorm/internal/lru.NewLRU[...].func1"))
}

func TestLoggerOnAFile(t *testing.T) {
	ctx := context.Background()
	for _, path := range []string{":memory:", filepath.Join(t.TempDir(), "with space, 100%? #é.db")} {
		st, err := sqlite.Open(path)
		require.NoError(t, err)
		l, err := syslog.New(st, nil)
		require.NoError(t, err)
		l.Booking(ctx, syslog.BookingCreated, "bk_1", "u", "c", syslog.Metadata{"price": 50})
		require.NoError(t, l.Flush(ctx))
		page, err := l.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "BK_1", ActorID: "u", Type: "king"}})
		require.NoError(t, err)
		require.Len(t, page.Logs, 1)
		require.EqualValues(t, 1, page.Pagination.TotalCount)
		n, err := l.DeleteAll(ctx)
		require.NoError(t, err)
		require.EqualValues(t, 1, n)
		_, err = l.Cleanup(ctx)
		require.NoError(t, err)
		require.NoError(t, l.Close())
	}
}

func BenchmarkLogger(b *testing.B) {
	ctx := context.Background()
	st, err := sqlite.Open(filepath.Join(b.TempDir(), "b.db"))
	require.NoError(b, err)
	l, err := syslog.New(st, &syslog.Config{QueueSize: 10_000_000, QueueBytes: 1 << 32})
	require.NoError(b, err)
	for b.Loop() {
		l.Info(ctx, "USER_LOGIN", syslog.User("usr_00031"), "signed in", syslog.Metadata{"ip": "203.0.113.9", "attempt": 3})
	}
	require.NoError(b, l.Flush(ctx))
	b.ReportMetric(float64(l.Stats().Written)/b.Elapsed().Seconds(), "rows/s")
	require.NoError(b, l.Close())
}
