package pipeline

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/spill"
	"github.com/stretchr/testify/require"
)

// TestJournalMakesRoomWhenTheWorkerIsBack fills memory while the worker is busy with
// something else, and then has the destination hang.
func TestJournalMakesRoomWhenTheWorkerIsBack(t *testing.T) {
	disk, _, err := spill.Open(spill.Options{Dir: filepath.Join(t.TempDir(), "store"), MaxBytes: 1 << 20, Sync: spill.SyncNever})
	require.NoError(t, err)
	entered, stored := make(chan struct{}, 10), make(chan struct{})
	busy, back := make(chan struct{}, 10), make(chan struct{})
	q := New(Config{
		MaxEvents: 100, MaxBytes: 1 << 20, BatchSize: 10, FlushInterval: time.Millisecond, AttemptTimeout: time.Hour,
		MinBackoff: time.Second, MaxBackoff: time.Second, Disk: disk, SpillAfter: 10 * time.Millisecond, Journal: true,
		Deliver: func(ctx context.Context, b Batch) (int, error) {
			entered <- struct{}{}
			select {
			case <-stored:
				return b.Len(), nil
			case <-ctx.Done():
				return 0, ctx.Err()
			}
		},
		Report: func(Losses) []byte { busy <- struct{}{}; <-back; return nil },
	})
	defer func() { q.Close(); q.Abandon(); <-q.Done(); q.End(context.Background()) }()
	require.Equal(t, Accepted, q.Push(event("1", 1)))
	<-entered
	for q.Push(event("2", 1)) == Accepted {
	}
	stored <- struct{}{}
	<-busy
	full := func() bool { return q.Push(event("3", 1)) == Full }
	written := func() bool {
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.pending+q.disk.moving.n == 0
	}
	require.Eventually(t, func() bool { return full() && written() }, 10*time.Second, time.Millisecond)
	close(back)
	<-entered
	require.Eventually(t, func() bool { return !full() }, 10*time.Second, time.Millisecond)
}
