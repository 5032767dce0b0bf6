package pipeline

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/spill"
	"github.com/stretchr/testify/require"
)

// TestEndDoesNotWaitForADiskThatHangs has the goroutine that writes to it stuck.
func TestEndDoesNotWaitForADiskThatHangs(t *testing.T) {
	disk, _, err := spill.Open(spill.Options{Dir: filepath.Join(t.TempDir(), "store"), MaxBytes: 1 << 20, Sync: spill.SyncNever})
	require.NoError(t, err)
	stuck, release := make(chan struct{}), make(chan struct{})
	q := New(Config{
		MaxEvents: 10, MaxBytes: 1 << 20, BatchSize: 1, FlushInterval: time.Hour, AttemptTimeout: time.Hour,
		MinBackoff: time.Second, MaxBackoff: time.Second, Disk: disk, SpillAfter: time.Hour, Journal: true,
		Deliver: func(_ context.Context, b Batch) (int, error) { return b.Len(), nil },
		OnSpill: func(error) { close(stuck); <-release },
	})
	disk.Close() // so that it fails
	require.Equal(t, Accepted, q.Push(event("1", 1)))
	<-stuck
	q.Close()
	<-q.Done()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.False(t, q.End(ctx))
	close(release)
	require.True(t, q.End(t.Context()))
}
