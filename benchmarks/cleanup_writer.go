package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

// writer writes batches by a schedule. A batch's time counts from when it should
// have begun: what waits behind a slow one is late, too.
type writer struct {
	mu    sync.Mutex
	more  *sync.Cond
	times []float64 // ms
	err   error
	end   chan struct{}
	ended chan struct{}
}

func startWriter(ctx context.Context, st *store.Store) *writer {
	w := &writer{end: make(chan struct{}), ended: make(chan struct{})}
	w.more = sync.NewCond(&w.mu)
	go func() {
		defer close(w.ended)
		fresh := history{start: time.Now(), step: writerEvery / writerBatch}
		for n := 0; ; n++ {
			logs := make([]syslog.Log, writerBatch)
			for i := range logs {
				logs[i] = fresh.event(n*writerBatch + i)
				logs[i].ID = "02" + logs[i].ID[2:] // behind all that is there
			}
			due := fresh.at(n * writerBatch)
			select {
			case <-w.end:
				return
			case <-time.After(time.Until(due)):
			}
			err := st.Write(ctx, logs)
			w.mu.Lock()
			w.times, w.err = append(w.times, ms(time.Since(due))), err
			w.mu.Unlock()
			w.more.Broadcast()
			if err != nil {
				return
			}
		}
	}()
	return w
}

// wait waits until n batches are written, or one failed.
func (w *writer) wait(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.times) < n && w.err == nil {
		w.more.Wait()
	}
}

// settle waits until the writer is warm and no longer late.
func (w *writer) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.err == nil && (len(w.times) < warmUp || w.times[len(w.times)-1] > 2*ms(writerEvery)) {
		w.more.Wait()
	}
}

func (w *writer) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.times)
}

// stop ends the writer, behind the batch under way, and returns what all took.
func (w *writer) stop() ([]float64, error) {
	close(w.end)
	<-w.ended
	return w.times, w.err
}

// pool is a table over all batches of all rounds: a p99 needs many.
func (c *cleanup) pool() string {
	var b strings.Builder
	b.WriteString("The writer, over all rounds:\n| beside it | batches | p50 ms | p99 ms | max ms |\n|---|--:|--:|--:|--:|\n")
	for _, cl := range cleaners {
		if t := c.pooled[cl.name]; len(t) > 0 {
			slices.Sort(t)
			fmt.Fprintf(&b, "| %s | %d | %s | %s | %s |\n", cl.name, len(t), number(percentile(t, 0.50)), number(percentile(t, 0.99)), number(t[len(t)-1]))
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
