package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/spill"
	"github.com/stretchr/testify/require"
)

// TestWhoWaitsForWhatTheCapDropsIsToldSo has a batch stored in the moment between the
// oldest segments being dropped and their loss being booked.
func TestWhoWaitsForWhatTheCapDropsIsToldSo(t *testing.T) {
	const n, size = 700, 1000
	disk, _, err := spill.Open(spill.Options{Dir: filepath.Join(t.TempDir(), "store"), MaxBytes: 1 << 20, Sync: spill.SyncNever})
	require.NoError(t, err)
	entered, stored := make(chan struct{}, 1), make(chan struct{})
	q := New(Config{
		MaxEvents: 1000, MaxBytes: 8 << 20, BatchSize: 100, FlushInterval: time.Millisecond, AttemptTimeout: time.Hour,
		MinBackoff: time.Second, MaxBackoff: time.Second, Disk: disk, SpillAfter: time.Millisecond,
		Deliver: func(ctx context.Context, b Batch) (int, error) {
			select {
			case entered <- struct{}{}:
			default:
			}
			select {
			case <-stored:
				return b.Len(), nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		},
	})
	defer func() { q.Abandon(); <-q.Done(); q.End(context.Background()) }()
	require.Equal(t, Accepted, q.Push(event("first", 130<<10)))
	<-entered
	var waits []<-chan error
	for i := range n {
		ch, res := q.PushWait(t.Context(), event(fmt.Sprint(i), size))
		require.Equal(t, Accepted, res)
		waits = append(waits, ch)
	}
	require.Eventually(t, func() bool { return q.Stats().Spilled == n }, 10*time.Second, time.Millisecond)

	_, lost, err := disk.Append(&spill.Batch{Views: [][]byte{event("large", 500<<10)}, N: 1, First: n + 2})
	require.NoError(t, err)
	require.Greater(t, len(lost), 1)
	stored <- struct{}{}
	require.Eventually(t, func() bool { return q.Stats().Written == 1 }, 10*time.Second, time.Millisecond)
	for i := range lost {
		q.gone(&lost[i], SpillFull, errSpillFull)
	}
	for seq := lost[0].First; seq <= lost[len(lost)-1].Last; seq++ {
		require.ErrorIs(t, <-waits[seq-2], errSpillFull, seq)
	}
	require.Empty(t, waits[n-1])
}
