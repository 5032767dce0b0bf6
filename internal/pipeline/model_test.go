package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/pipeline"
	"github.com/callastar/syslog/internal/spill"
	"github.com/stretchr/testify/require"
)

// make1 makes a frame.
func make1(id string, level int, size int) []byte {
	b := frame.Begin(nil)
	b = append(b, id...)
	b = append(b, make([]byte, size)...)
	frame.End(b, frame.Head{Level: uint8(level), ID: len(id), Message: size})
	return b
}

// place is a destination that fails, hangs and refuses at random, and checks order.
type place struct {
	mu      sync.Mutex
	rng     *rand.Rand
	mood    int // 0 well, 1 away, 2 slow
	got     map[string]int
	order   []int // of new events, by producer 0
	refused map[string]bool
}

type permanent struct{ error }

func (permanent) IsPermanent() bool { return true }

func (p *place) deliver(ctx context.Context, b pipeline.Batch) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mood == 1 {
		return 0, errors.New("away")
	}
	if p.mood == 2 {
		p.mu.Unlock()
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
		}
		p.mu.Lock()
		if p.rng.IntN(3) == 0 {
			return 0, errors.New("slow")
		}
	}
	n := 0
	for f := range b.Frames() {
		id := frame.Decode(f).ID
		if p.refused[id] {
			return 0, permanent{errors.New("refused")}
		}
	}
	for f := range b.Frames() {
		id := frame.Decode(f).ID
		if p.got[id]++; p.got[id] == 1 {
			n++
			var producer, i int
			if _, err := fmt.Sscanf(id, "%d/%d", &producer, &i); err == nil && producer == 0 {
				p.order = append(p.order, i)
			}
		}
	}
	return n, nil
}

func (p *place) set(mood int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mood = mood
}

// TestNothingIsLostOrOutOfOrderWhateverHappens drives a queue, its disk and its
// restarts at random.
func TestNothingIsLostOrOutOfOrderWhateverHappens(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			run(t, seed, 64<<20)
		})
	}
}

// TestWhatTheCapDropsIsCounted does the same with a disk that is soon full.
func TestWhatTheCapDropsIsCounted(t *testing.T) {
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			run(t, seed, 64<<10)
		})
	}
}

func run(t *testing.T, seed uint64, onDisk int64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	to := &place{rng: rand.New(rand.NewPCG(seed, 2)), got: map[string]int{}, refused: map[string]bool{}}
	dir := filepath.Join(t.TempDir(), "store")
	accepted, aside := map[string]bool{}, map[string]bool{}
	var lost uint64
	next := make([]int, 3)
	for life := range 4 {
		q := start(t, rng, dir, to, aside, onDisk)
		var wg sync.WaitGroup
		var mu sync.Mutex
		for producer := range next {
			count, pace := 200+rng.IntN(800), rng.IntN(3)
			mine := rand.New(rand.NewPCG(seed, uint64(10*life+producer)))
			wg.Go(func() {
				for range count {
					id := fmt.Sprintf("%d/%d", producer, next[producer])
					f := make1(id, mine.IntN(4), mine.IntN(300))
					if mine.IntN(200) == 0 {
						to.mu.Lock()
						to.refused[id] = true
						to.mu.Unlock()
					}
					ok := false
					if pace > 0 && mine.IntN(50) == 0 {
						ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
						ch, res := q.PushWait(ctx, f)
						ok = res == pipeline.Accepted
						if ok {
							select {
							case err := <-ch:
								to.mu.Lock()
								if err == nil && to.got[id] == 0 {
									t.Errorf("%s is not stored", id)
								}
								to.mu.Unlock()
							case <-ctx.Done():
							}
						}
						cancel()
					} else {
						ok = q.Push(f) == pipeline.Accepted
					}
					if ok {
						mu.Lock()
						accepted[id] = true
						mu.Unlock()
						next[producer]++
					} else if mine.IntN(2) == 0 {
						next[producer]++
					}
					if mine.IntN(100) < 10*pace {
						time.Sleep(time.Duration(mine.IntN(500)) * time.Microsecond)
					}
					balanced(t, q)
				}
			})
		}
		wg.Go(func() {
			for range 5 {
				to.set(rng.IntN(3))
				time.Sleep(time.Duration(rng.IntN(4)) * time.Millisecond)
			}
		})
		wg.Wait()
		q.Close()
		last := life == 3
		if last || rng.IntN(2) == 0 {
			to.set(0)
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			_, err := q.Flush(ctx)
			cancel()
			require.NoError(t, err)
			<-q.Done()
			require.Zero(t, q.Stats().Queued+q.Stats().Spilled)
		} else {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			require.True(t, q.Park(ctx))
			cancel()
			q.Abandon()
			<-q.Done()
			require.Zero(t, q.Stats().Queued)
		}
		q.End(context.Background())
		balanced(t, q)
		s := q.Stats()
		lost += s.Dropped
	}
	for id := range accepted {
		if to.got[id] == 0 && !aside[id] {
			require.NotZero(t, lost, id)
			lost--
		}
	}
	require.Zero(t, lost)
	for i := 1; i < len(to.order); i++ {
		require.Less(t, to.order[i-1], to.order[i])
	}
	require.NoDirExists(t, dir)
}

func start(t *testing.T, rng *rand.Rand, dir string, to *place, aside map[string]bool, onDisk int64) *pipeline.Queue {
	disk, found, err := spill.Open(spill.Options{Dir: dir, MaxBytes: onDisk, Sync: spill.Sync(1 + rng.IntN(3)), Keep: int64(rng.IntN(2)) << 12})
	require.NoError(t, err)
	require.Empty(t, found.Notes)
	return pipeline.New(pipeline.Config{
		MaxEvents: 20 + rng.IntN(500), MaxBytes: 64 << 10, BatchSize: 1 + rng.IntN(60), FlushInterval: time.Millisecond,
		AttemptTimeout: time.Second, MinBackoff: time.Millisecond, MaxBackoff: 3 * time.Millisecond,
		Disk: disk, Recovered: found, Journal: rng.IntN(2) == 0, SpillAfter: time.Duration(1+rng.IntN(3)) * time.Millisecond,
		Deliver: to.deliver,
		Reject: func(f []byte, _ error) bool {
			to.mu.Lock()
			defer to.mu.Unlock()
			aside[frame.Decode(f).ID] = true
			return true
		},
	})
}

// balanced checks the equations.
func balanced(t *testing.T, q *pipeline.Queue) {
	s := q.Stats()
	refused := uint64(0)
	for _, r := range []int{pipeline.QueueFull, pipeline.Closed} {
		for _, n := range s.Lost[r] {
			refused += n
		}
	}
	if s.Produced != s.Accepted+refused || s.Accepted != s.Written+s.Duplicate+s.DeadLetter+s.Dropped+s.Queued+s.Spilled {
		t.Errorf("the counters do not add up: %+v", s)
	}
}
