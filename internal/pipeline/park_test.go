package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/spill"
	"github.com/stretchr/testify/require"
)

func event(id string, size int) []byte {
	b := append(frame.Begin(nil), id...)
	b = append(b, make([]byte, size)...)
	frame.End(b, frame.Head{ID: len(id), Message: size})
	return b
}

// TestParkKeepsTheOrderOfTheJournal parks while events wait that are on disk and in
// memory: what is put on disk only must not overtake them there.
func TestParkKeepsTheOrderOfTheJournal(t *testing.T) {
	disk, _, err := spill.Open(spill.Options{Dir: filepath.Join(t.TempDir(), "store"), MaxBytes: 1 << 20, Sync: spill.SyncNever})
	require.NoError(t, err)
	entered, gate := make(chan struct{}, 100), make(chan struct{})
	var got []string
	q := New(Config{
		MaxEvents: 1000, MaxBytes: 1 << 20, BatchSize: 1, FlushInterval: time.Millisecond, AttemptTimeout: time.Hour,
		MinBackoff: time.Second, MaxBackoff: time.Second, Disk: disk, SpillAfter: time.Hour, Journal: true,
		Deliver: func(_ context.Context, b Batch) (int, error) {
			entered <- struct{}{}
			<-gate
			for f := range b.Frames() {
				got = append(got, frame.Decode(f).ID)
			}
			return b.Len(), nil
		},
	})
	push := func(i int) { require.Equal(t, Accepted, q.Push(event(fmt.Sprint(i), 10))) }
	push(1)
	<-entered
	state := func(ready int, spilled uint64) func() bool {
		return func() bool {
			q.mu.Lock()
			defer q.mu.Unlock()
			return q.disk.readyN == ready && q.disk.spilled == spilled && q.pending+q.disk.moving.n == 0
		}
	}
	push(2)
	require.Eventually(t, state(1, 0), 10*time.Second, time.Millisecond)
	q.mu.Lock()
	q.disk.parking = true
	q.mu.Unlock()
	push(3)
	require.Eventually(t, func() bool { return state(0, 2)() || state(1, 1)() }, 10*time.Second, time.Millisecond)
	close(gate)
	q.Close()
	<-q.Done()
	q.End(context.Background())
	require.Equal(t, []string{"1", "2", "3"}, got)
}

// TestRoomThatTheWorkerMade while the disk refused a batch is no failure of the disk: what
// was ready when that began is what took the room.
func TestRoomThatTheWorkerMade(t *testing.T) {
	synctest.Test(t, roomThatTheWorkerMade) // where no second passes, after which the disk is tried again
}

func roomThatTheWorkerMade(t *testing.T) {
	disk, _, err := spill.Open(spill.Options{Dir: filepath.Join(t.TempDir(), "store"), MaxBytes: 1 << 20, Sync: spill.SyncNever})
	require.NoError(t, err)
	var told []error
	q := New(Config{
		MaxEvents: 1000, MaxBytes: 1 << 20, BatchSize: 1, FlushInterval: time.Hour, AttemptTimeout: time.Hour,
		MinBackoff: time.Second, MaxBackoff: time.Second, Disk: disk, SpillAfter: time.Hour, Journal: true,
		Deliver: func(_ context.Context, b Batch) (int, error) { return b.Len(), nil },
		OnSpill: func(err error) { told = append(told, err) },
	})
	defer func() { q.Close(); <-q.Done(); q.End(context.Background()) }()
	full := func(ready int) (uint64, bool) {
		q.spiller.moved(spill.Batch{N: 1}, spill.Part{}, false, ready, spill.ErrFull)
		q.mu.Lock()
		defer q.mu.Unlock()
		return q.disk.errors, q.disk.failing
	}
	for range 3 { // one was ready, and is none now
		errors, failing := full(1)
		require.Zero(t, errors)
		require.False(t, failing)
	}
	require.Empty(t, told)
	errors, failing := full(0)
	require.EqualValues(t, 1, errors)
	require.True(t, failing)
	errors, failing = full(1)
	require.EqualValues(t, 1, errors)
	require.True(t, failing, "until something was written")
	require.Equal(t, []error{spill.ErrFull}, told)
}
