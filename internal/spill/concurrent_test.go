package spill

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneAppenderOneReaderAndOnlookers(t *testing.T) {
	const batches = 3000
	for _, opt := range []Options{
		{MaxBytes: 64 << 20, Sync: SyncNever},
		{MaxBytes: 20_000, Sync: SyncNever, Keep: 1000},
		{MaxBytes: 40_000, Sync: SyncSecond},
	} {
		opt.Dir = filepath.Join(t.TempDir(), "d")
		l, _ := openLog(t, opt)
		var mu sync.Mutex
		gone := map[int]int{} // by id, how often it was lost or delivered
		book := func(ids []int) {
			mu.Lock()
			defer mu.Unlock()
			for _, id := range ids {
				gone[id]++
			}
		}
		done, stop := make(chan struct{}), make(chan struct{})
		var all, onlookers sync.WaitGroup
		onlookers.Go(func() {
			for was := uint64(0); ; {
				first, _ := l.Head()
				if n := l.Bytes(); n < 0 || n > opt.MaxBytes || first != 0 && first < was {
					t.Errorf("%d bytes, first %d after %d", n, first, was)
				}
				was = max(was, first)
				select {
				case <-stop:
					return
				default:
				}
			}
		})
		all.Go(func() {
			defer close(done)
			var held []Part
			for i, next := 0, 1; i < batches; i++ {
				b := run(next, 1+i%5, "")
				p, lost, err := l.Append(b)
				for _, g := range lost {
					book(upTo(int(g.First), int(g.Last)))
				}
				if err == nil {
					held = append(held, p)
					next += b.N
				} else {
					require.ErrorIs(t, err, ErrFull)
				}
				for len(held) > 0 && (len(held) > 5 || err != nil || i == batches-1) {
					if !l.Release(&held[0]) {
						t.Error("nothing is damaged")
					}
					held = held[1:]
				}
				if i%50 == 0 && l.Sync() != nil {
					t.Error("it was not synced")
				}
			}
		})
		all.Go(func() {
			for last := false; ; {
				r, lost, err := l.Next(7, 1000)
				if lost != nil || err != nil {
					t.Error(lost, err)
					return
				}
				ids := idsOf(r.Views)
				book(ids)
				frames := framesOf(r.Views)
				half := len(frames) / 2
				rest := l.Ack(r.Parts, slices.Values(frames[:half]))
				for _, p := range l.Ack(rest, slices.Values(frames[half:])) {
					l.Release(&p)
				}
				l.Tidy()
				if r.N == 0 && last {
					return
				}
				if r.N == 0 {
					select {
					case <-done:
						last = true
					default:
					}
				}
			}
		})
		all.Wait()
		close(stop)
		onlookers.Wait()
		n := len(gone)
		require.Greater(t, n, batches)
		for id := 1; id <= n; id++ {
			require.Equal(t, 1, gone[id], "event %d of %d", id, n)
		}
		l.Close()
		require.NoDirExists(t, opt.Dir)
	}
}

// Close comes while Next is reading: nothing passes for damaged.
func TestCloseWhileReading(t *testing.T) {
	for range 100 {
		dir := filepath.Join(t.TempDir(), "d")
		l, _ := openLog(t, options(dir))
		for i := range 10 {
			put(t, l, run(1+10*i, 10, ""))
		}
		begun := make(chan struct{})
		read := make(chan int)
		go func() {
			close(begun)
			for n := 0; ; {
				r, lost, err := l.Next(3, 1000)
				if lost != nil {
					t.Error("it was not lost")
				}
				if err != nil {
					read <- n
					return
				}
				for _, p := range l.Ack(r.Parts, slices.Values(framesOf(r.Views))) {
					l.Release(&p)
				}
				if n += r.N; n > 90 {
					read <- n
					return
				}
			}
		}()
		<-begun
		l.Close()
		most := <-read
		l, r := openLog(t, options(dir))
		require.Zero(t, r.Lost)
		require.Empty(t, r.Notes)
		ids, lost := drain(t, l, 100)
		require.Empty(t, lost)
		require.GreaterOrEqual(t, len(ids), 100-most)
		require.Equal(t, upTo(101-len(ids), 100), ids)
		l.Close()
	}
}

func TestRecoveryAlloc(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	opt := Options{Dir: dir, MaxBytes: 1 << 30, Sync: SyncNever}
	l, _ := openLog(t, opt)
	view := mk(1, 1, strings.Repeat("x", 50_000))
	b := &Batch{N: 80, First: 1}
	for range b.N {
		b.Views = append(b.Views, view)
	}
	for l.Bytes() < 200<<20 {
		put(t, l, b)
		b.First += uint64(b.N)
	}
	l.Close()
	var r Recovery
	allocated := allocates(func() { l, r = openLog(t, opt) })
	require.EqualValues(t, b.First-1, r.Events)
	require.Greater(t, r.Bytes, int64(200<<20))
	require.Less(t, allocated, uint64(40<<20), "one segment at a time")
	l.Close()
}
