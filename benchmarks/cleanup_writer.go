package main

import (
	"context"
	"sync"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

// The writer: batches of so many events, one each so often.
const (
	writerBatch = 100
	writerEvery = 5 * time.Millisecond
	warmUp      = 100 // batches before anything is told of
	patience    = 10 * time.Second
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

// settle waits until the writer is warm, by n batches, and no longer late. On a machine
// that is too slow for it it may be late for ever: after patience it returns false.
func (w *writer) settle(n int) bool {
	defer time.AfterFunc(patience, w.more.Broadcast).Stop()
	end := time.Now().Add(patience)
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.err == nil && (len(w.times) < n || w.times[len(w.times)-1] > 2*ms(writerEvery)) {
		if time.Now().After(end) {
			return false
		}
		w.more.Wait()
	}
	return true
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
