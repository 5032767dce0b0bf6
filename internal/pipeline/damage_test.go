package pipeline_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/pipeline"
	"github.com/stretchr/testify/require"
)

// TestDamageIsCountedAndEnds damages segments behind a queue's back: every event is
// delivered or counted, and nothing waits for ever.
func TestDamageIsCountedAndEnds(t *testing.T) {
	damaged := make([]uint64, 60)
	t.Run("all", func(t *testing.T) {
		for seed := range damaged {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				damaged[seed] = damage(t, uint64(seed))
			})
		}
	})
	sum := uint64(0)
	for _, n := range damaged {
		sum += n
	}
	require.NotZero(t, sum)
}

func damage(t *testing.T, seed uint64) (lost uint64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	to := &place{rng: rand.New(rand.NewPCG(seed, 4)), got: map[string]int{}, mood: 1}
	dir := filepath.Join(t.TempDir(), "store")
	q := start(t, rng, dir, to, map[string]bool{}, 64<<20)
	accepted := map[string]bool{}
	var wg sync.WaitGroup
	mine := rand.New(rand.NewPCG(seed, 5))
	wg.Go(func() {
		for i := range 3000 {
			id := fmt.Sprint("0/", i)
			if q.Push(make1(id, mine.IntN(4), mine.IntN(200))) == pipeline.Accepted {
				accepted[id] = true
			}
			if mine.IntN(20) == 0 {
				time.Sleep(time.Duration(mine.IntN(500)) * time.Microsecond)
			}
			balanced(t, q)
		}
	})
	wg.Go(func() {
		for range 20 {
			time.Sleep(time.Duration(rng.IntN(3000)) * time.Microsecond)
			to.set(rng.IntN(2))
			segments, _ := filepath.Glob(filepath.Join(dir, "*.seg"))
			if len(segments) == 0 || rng.IntN(2) == 0 {
				continue
			}
			path := segments[rng.IntN(len(segments))]
			if rng.IntN(3) == 0 {
				_ = os.Remove(path)
			} else if info, err := os.Stat(path); err == nil {
				_ = os.Truncate(path, info.Size()*int64(rng.IntN(100))/100)
			}
		}
	})
	wg.Wait()
	to.set(0)
	q.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, err := q.Flush(ctx)
	require.NoError(t, err)
	select {
	case <-q.Done():
	case <-ctx.Done():
		t.Fatalf("it waits: %+v", q.Stats())
	}
	q.End(context.Background())
	balanced(t, q)
	s := q.Stats()
	delivered := 0
	for id, n := range to.got {
		require.Equal(t, 1, n, id)
		require.True(t, accepted[id])
		delivered++
	}
	require.Equal(t, len(accepted), delivered+int(s.Dropped))
	for lv := range frame.Levels {
		lost += s.Lost[pipeline.Damaged][lv]
	}
	require.Equal(t, s.Dropped, lost)
	require.Equal(t, s.Lost.Total() == 0, s.FirstLoss.IsZero())
	for i := 1; i < len(to.order); i++ {
		require.Less(t, to.order[i-1], to.order[i])
	}
	return lost
}
