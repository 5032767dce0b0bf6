package admin

import (
	"context"
	"net/http"
)

// limited is a context that ends with the request, and with the time that a read may take.
func (h *Handler) limited(parent context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(parent, h.opts.QueryTimeout)
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
