package pipeline

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestLastLossIsNotByTheWallClock checks that a clock that is set does not move a
// loss: Round(0) takes the monotonic reading away.
func TestLastLossIsNotByTheWallClock(t *testing.T) {
	q := New(Config{MaxEvents: 1, MaxBytes: 1, BatchSize: 1, Deliver: func(context.Context, Batch) (int, error) { return 0, nil }})
	q.Close()
	<-q.Done()
	require.Zero(t, q.Stats().LastLoss)
	require.Zero(t, q.Stats().FirstLoss)
	require.Equal(t, IsClosed, q.Push(event("1", 1)))
	at := q.Stats().LastLoss
	require.NotEqual(t, at, at.Round(0))
	require.WithinDuration(t, time.Now(), at, time.Minute)
	require.Equal(t, at, q.Stats().FirstLoss)
	require.Equal(t, IsClosed, q.Push(event("2", 1)))
	require.Equal(t, at, q.Stats().FirstLoss)
}
