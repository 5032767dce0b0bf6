package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog"
)

// childSpec says what a child does.
type childSpec struct {
	Way     string        // a name of childWays
	Bytes   int64         // Config.QueueBytes
	Lean    bool          // events are made before, so that callers allocate nothing
	Slots   int           // of the channel
	Spill   string        // Config.SpillDir
	Away    time.Duration // how long the store is away
	Calls   int           // the most calls in that time; 0 is no bound
	Profile string        // a file for the heap as it is when the store comes back

	Caller     string // a caller's name: it calls, and looks at its times
	Goroutines int
}

// childResult is what it saw. Idle, Peak and Delivered are the most memory that was
// resident until before the first call, until the store came back and until it had
// got all; Live is what heap and stacks held behind a collection when it came back, and
// Stays what is resident behind one when all is delivered. All are in bytes.
type childResult struct {
	Idle, Peak, Delivered, Live int64
	Stays                       int64

	Nanos, CPU                    float64 // of a Caller's call
	Calls, Refused, Dropped, Kept int64
}

// childWay is a way to record events. refused says how many calls were not taken; end
// waits until the store has all the others, and says how many were dropped on the way.
type childWay struct {
	call    func(i int)
	refused func() int64
	end     func(ctx context.Context) (dropped int64, err error)
}

// run is what a child does: it calls while the store is away, has all delivered once
// that is back, and looks at its memory in between.
func (s *childSpec) run(ctx context.Context) (r childResult, err error) {
	if s.Caller != "" {
		return s.runCaller()
	}
	var back atomic.Bool
	var kept atomic.Int64
	store := &fakeStore{write: func(_ context.Context, logs []syslog.Log) error {
		if !back.Load() {
			return errors.New("the store is away")
		}
		for i := range logs {
			if logs[i].Type != syslog.TypeEventsDropped { // what tells of the others
				kept.Add(1)
			}
		}
		return nil
	}}
	start := childWays[s.Way]
	if start == nil {
		return r, fmt.Errorf("no way %q", s.Way)
	}
	way, err := start(ctx, s, store)
	if err != nil {
		return r, err
	}
	runtime.GC()
	if r.Idle, err = peakMemory(); err != nil {
		return r, err
	}
	r.Calls = s.load(way.call)
	if r.Peak, err = peakMemory(); err != nil {
		return r, err
	}
	r.Refused = way.refused()
	runtime.GC()
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	r.Live = int64(heap.HeapAlloc + heap.StackInuse)
	if err := s.profile(); err != nil {
		return r, err
	}
	back.Store(true)
	if r.Dropped, err = way.end(ctx); err != nil {
		return r, err
	}
	if r.Delivered, err = peakMemory(); err != nil {
		return r, err
	}
	debug.FreeOSMemory()
	if r.Stays, err = residentMemory(); err != nil {
		return r, err
	}
	r.Kept = kept.Load()
	if r.Calls != r.Refused+r.Dropped+r.Kept {
		err = fmt.Errorf("%d calls, but %d refused, %d dropped and %d kept", r.Calls, r.Refused, r.Dropped, r.Kept)
	}
	return r, err
}

// load calls from as many goroutines as there are cores, as fast as they can, while
// the store is away.
func (s *childSpec) load(call func(i int)) (calls int64) {
	var over atomic.Bool
	defer time.AfterFunc(s.Away, func() { over.Store(true) }).Stop()
	goroutines := runtime.GOMAXPROCS(0)
	counts := make([]int64, goroutines)
	var group sync.WaitGroup
	for g := range goroutines {
		group.Go(func() {
			n := int64(0)
			for i := g; !over.Load() && (s.Calls == 0 || i < s.Calls); i += goroutines {
				call(i)
				n++
			}
			counts[g] = n
		})
	}
	group.Wait()
	for _, n := range counts {
		calls += n
	}
	return calls
}

// profile writes the heap to a file, if there is to be one.
func (s *childSpec) profile() error {
	if s.Profile == "" {
		return nil
	}
	f, err := os.Create(s.Profile)
	if err != nil {
		return err
	}
	return errors.Join(pprof.WriteHeapProfile(f), f.Close())
}
