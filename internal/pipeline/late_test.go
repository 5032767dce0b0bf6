package pipeline

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBatchThatIsNeverInTimeIsHalved has a destination take a millisecond an event,
// and an attempt not as long as a batch needs: the same batch again would never be stored.
func TestBatchThatIsNeverInTimeIsHalved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 4000
		each := time.Millisecond
		var sizes []int
		q := New(Config{
			MaxEvents: 100_000, MaxBytes: 1 << 30, BatchSize: events, FlushInterval: time.Hour,
			AttemptTimeout: 1100 * time.Millisecond, MinBackoff: time.Second, MaxBackoff: time.Second,
			Deliver: func(ctx context.Context, b Batch) (int, error) {
				select {
				case <-time.After(time.Duration(b.Len()) * each):
					sizes = append(sizes, b.Len())
					return b.Len(), nil
				case <-ctx.Done():
					return 0, ctx.Err()
				}
			},
		})
		push := func() {
			sizes = nil
			for range events {
				require.Equal(t, Accepted, q.Push(event("1", 1)))
			}
			_, err := q.Flush(context.Background())
			require.NoError(t, err)
		}
		push()
		require.Equal(t, []int{1000, 1000, 2000}[:2], sizes[:2], "a quarter is in time")
		require.EqualValues(t, events, q.Stats().Written)
		push()
		require.Equal(t, []int{1000, 1000, 1000, 1000}, sizes, "it remembers what is in time")
		each = time.Microsecond
		push()
		push()
		require.Equal(t, []int{events}, sizes, "and that the destination is quick again")
		require.EqualValues(t, 4*events, q.Stats().Written)
		q.Close()
		<-q.Done()
	})
}
