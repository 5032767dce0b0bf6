package sqlite_test

import (
	"context"
	"io"
	"path/filepath"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// TestEightWriters has 8 goroutines log 100 000 events each, as fast as they can,
// through a queue that cannot hold them: what was accepted is what is in the file.
func TestEightWriters(t *testing.T) {
	const writers, each = 8, 100_000
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: textLogger(io.Discard), QueueSize: 20_000})
	require.NoError(t, err)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				l.Info(ctx, "T", syslog.System(), "m", syslog.Metadata{"a": 1})
			}
		})
	}
	wg.Wait()
	require.NoError(t, l.Close())
	s := l.Stats()
	require.GreaterOrEqual(t, s.Produced, uint64(writers*each), "and the reports of what was refused")
	require.Equal(t, s.Produced, s.Accepted+s.Refused)
	require.Equal(t, s.Accepted, s.Written)
	st, err = sqlite.Open(path)
	require.NoError(t, err)
	p, err := st.Query(ctx, syslog.Query{Limit: 1})
	require.NoError(t, err)
	require.EqualValues(t, s.Accepted, p.Pagination.TotalCount)
	require.NoError(t, st.Close(ctx))
	t.Logf("%d rows, %d refused", s.Written, s.Refused)
}
