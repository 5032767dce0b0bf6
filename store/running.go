package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// stopTime is how long Close waits for what it has cancelled.
const stopTime = 5 * time.Second

// running is the long work of a store, which Close ends before it closes the
// database: a cleanup has a lock to give back.
type running struct {
	mu      sync.Mutex
	stopped bool
	next    int
	cancels map[int]context.CancelCauseFunc
	idle    chan struct{} // closed when the last one ended, once stopped
}

// start returns a context that also ends with the store, and what to call at the
// end of the work, with the address of its error.
func (r *running) start(ctx context.Context) (context.Context, func(err *error)) {
	ctx, cancel := context.WithCancelCause(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		cancel(syslog.ErrClosed)
	}
	if r.cancels == nil {
		r.cancels = map[int]context.CancelCauseFunc{}
	}
	r.next++
	id := r.next
	r.cancels[id] = cancel
	return ctx, func(err *error) {
		if *err != nil && errors.Is(context.Cause(ctx), syslog.ErrClosed) && !errors.Is(*err, syslog.ErrClosed) {
			*err = fmt.Errorf("%w (%w)", *err, syslog.ErrClosed)
		}
		cancel(nil)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.cancels, id)
		if r.idle != nil && len(r.cancels) == 0 {
			close(r.idle)
			r.idle = nil
		}
	}
}

// stop cancels all work, and waits until it has ended.
func (r *running) stop(ctx context.Context) {
	r.mu.Lock()
	r.stopped = true
	for _, cancel := range r.cancels {
		cancel(syslog.ErrClosed)
	}
	if len(r.cancels) == 0 {
		r.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	r.idle = idle
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	select {
	case <-idle:
	case <-ctx.Done():
	}
}

// background is ctx, or one that never ends for a nil one: database/sql panics on
// it, and with a pool's lock held.
func background(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
