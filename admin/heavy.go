package admin

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// limited is a context that ends with the request, and with the time that a read may take.
func (h *Handler) limited(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(parent, h.opts.QueryTimeout)
}

// unhurried lifts the time that the server gives to an answer: a deletion takes as long as it
// takes, and whoever asked for it is to hear how it ended.
func unhurried(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // a writer that cannot has none
}

// heavily waits for a turn among the reads that look at many events: there are few at a
// time, so that the page does not starve the host's database. Who waits for as long as a
// read may take is told to come back.
func (h *Handler) heavily(parent context.Context) (ctx context.Context, done func(), err error) {
	release, err := h.turn(parent, h.places)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := h.limited(parent)
	return ctx, func() { cancel(); release() }, nil
}

// turn takes one of so many places, until release.
func (h *Handler) turn(parent context.Context, places chan struct{}) (release func(), err error) {
	wait, cancel := h.limited(parent)
	defer cancel()
	select {
	case places <- struct{}{}:
		return func() { <-places }, nil
	case <-wait.Done():
		if parent.Err() != nil {
			return nil, parent.Err()
		}
		return nil, &problem{status: http.StatusTooManyRequests, key: "busy", retryAfter: 1}
	}
}

// spread does n reads that look at many events, of one who has a turn: some of them at the
// same time, by the places that nobody else wants now. The first failure ends the others.
func (h *Handler) spread(parent context.Context, n int, read func(ctx context.Context, i int) error) error {
	var helpers sync.WaitGroup
	defer helpers.Wait()
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil) // before the wait, also where this one panics
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
			if err := read(ctx, i); err != nil {
				cancel(err)
			}
		}
	}
	for range n - 1 {
		release, ok := h.spare()
		if !ok {
			break
		}
		helpers.Go(func() {
			defer release()
			defer func() { // a panic here would end the host's program
				if p := recover(); p != nil {
					cancel(fmt.Errorf("panic: %v", p))
				}
			}()
			work()
		})
	}
	work()
	helpers.Wait()
	return context.Cause(ctx)
}

// spare takes a place that is free, and does not wait for one.
func (h *Handler) spare() (release func(), ok bool) {
	select {
	case h.places <- struct{}{}:
		return func() { <-h.places }, true
	default:
		return nil, false
	}
}
