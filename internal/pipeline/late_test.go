package pipeline

import (
	"context"
	"sync/atomic"
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
		var each atomic.Int64
		each.Store(int64(time.Millisecond))
		var sizes []int
		q := New(Config{
			MaxEvents: 100_000, MaxBytes: 1 << 30, BatchSize: events, FlushInterval: time.Hour,
			AttemptTimeout: 1100 * time.Millisecond, MinBackoff: time.Second, MaxBackoff: time.Second,
			Deliver: perEvent(&each, &sizes),
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
		for range 1000 {
			require.Equal(t, Accepted, q.Push(event("1", 1)))
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.Zero(t, q.Stats().Queued, "a batch that is as large as it may be waits for more")
		each.Store(int64(time.Microsecond))
		push()
		push()
		require.Equal(t, []int{events}, sizes, "and that the destination is quick again")
		require.EqualValues(t, 4*events+1000, q.Stats().Written)
		q.Close()
		<-q.Done()
	})
}

// TestEventsThatTakeLongAreDelivered has a destination take so long for each event that
// few of them are in time.
func TestEventsThatTakeLongAreDelivered(t *testing.T) {
	for _, d := range []time.Duration{150 * time.Millisecond, 4 * time.Second, 9 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			var each atomic.Int64
			each.Store(int64(d))
			const events = 300
			q := New(Config{
				MaxEvents: 100_000, MaxBytes: 1 << 30, BatchSize: 1000, FlushInterval: time.Second,
				AttemptTimeout: 10 * time.Second, MinBackoff: time.Second, MaxBackoff: time.Minute,
				Deliver: perEvent(&each, nil),
			})
			for range events {
				require.Equal(t, Accepted, q.Push(event("1", 1)))
			}
			ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour)
			defer cancel()
			_, err := q.Flush(ctx)
			require.NoError(t, err)
			require.EqualValues(t, events, q.Stats().Written)
			q.Close()
			<-q.Done()
		})
	}
}

// TestBatchesAreLargeAgainAfterAnOutage has a destination hang, and then be well.
func TestBatchesAreLargeAgainAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events = 4000
		var each atomic.Int64
		each.Store(int64(time.Hour)) // it hangs
		var sizes []int
		q := New(Config{
			MaxEvents: 100_000, MaxBytes: 1 << 30, BatchSize: events, FlushInterval: time.Hour,
			AttemptTimeout: 10 * time.Second, MinBackoff: time.Second, MaxBackoff: time.Second,
			Deliver: perEvent(&each, &sizes),
		})
		for range events {
			require.Equal(t, Accepted, q.Push(event("1", 1)))
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		require.Zero(t, q.Stats().Written)
		each.Store(0)
		time.Sleep(time.Minute)
		synctest.Wait()
		require.EqualValues(t, events, q.Stats().Written)
		require.Less(t, len(sizes), 20, "one statement for each event")
		for range 6 * events { // more than enough for batches to be full again
			require.Equal(t, Accepted, q.Push(event("1", 1)))
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		require.Less(t, q.Stats().Queued, uint64(events), "what is left is less than a batch")
		require.Equal(t, events, sizes[len(sizes)-1])
		q.Close()
		<-q.Done()
		require.EqualValues(t, 7*events, q.Stats().Written)
	})
}

// perEvent returns a Deliver that takes a time for each event.
func perEvent(each *atomic.Int64, sizes *[]int) func(context.Context, Batch) (int, error) {
	return func(ctx context.Context, b Batch) (int, error) {
		select {
		case <-time.After(time.Duration(int64(b.Len()) * each.Load())):
			if sizes != nil {
				*sizes = append(*sizes, b.Len())
			}
			return b.Len(), nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}
