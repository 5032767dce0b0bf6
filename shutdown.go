package syslog

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// bestEffortGrace is how long Shutdown waits for a BestEffort sink once
// everything else is delivered.
const bestEffortGrace = time.Second

// closeGrace is what is left for each step of closing when nothing is left to
// deliver, but ctx has ended already.
const closeGrace = time.Second

// Shutdown refuses new events, delivers what is queued, and closes the sinks and
// the store. nil says that every accepted event is stored and everything closed;
// events that were lost, and that no Flush told of, are a [LostError].
//
// When ctx ends first, the error is a [ShutdownError] that says how many events
// are left. They are still held and still being tried: Shutdown may be called
// again, with more time. It may be called concurrently, and after it returned nil
// does nothing. On a nil Logger it is nil.
func (l *Logger) Shutdown(ctx context.Context) error {
	ctx = background(ctx)
	if l == nil || l.stderr != nil {
		return nil
	}
	for _, o := range l.outlets {
		o.queue.Close()
	}
	if err := l.drain(ctx); err != nil {
		return err
	}
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), closeGrace)
		defer cancel()
	}
	select {
	case l.ending <- struct{}{}:
		defer func() { <-l.ending }()
	case <-ctx.Done():
		return fmt.Errorf("syslog: shutdown: another call is still closing the sinks: %w", ctx.Err())
	}
	if l.ended {
		return l.endIs
	}
	l.ended, l.endIs = true, l.end(ctx)
	return l.endIs
}

// drain waits for the workers of all sinks that count.
func (l *Logger) drain(ctx context.Context) error {
	for _, o := range l.outlets {
		if o.bestEffort {
			continue
		}
		select {
		case <-o.queue.Done():
		case <-ctx.Done():
			if !o.ends() {
				return l.left(ctx.Err())
			}
		}
	}
	return nil
}

// ends waits a moment for a worker that has nothing left to deliver.
func (o *outlet) ends() bool {
	if o.queue.Stats().Queued > 0 {
		return false
	}
	timeout := time.NewTimer(closeGrace)
	defer timeout.Stop()
	select {
	case <-o.queue.Done():
		return true
	case <-timeout.C:
		return false
	}
}

// left says what is not delivered.
func (l *Logger) left(cause error) error {
	err := &ShutdownError{Cause: cause}
	for _, o := range l.outlets {
		n := o.queue.Stats().Queued
		switch {
		case o.name == "":
			err.Left = n
		case n > 0 && !o.bestEffort:
			if err.Sinks == nil {
				err.Sinks = map[string]uint64{}
			}
			err.Sinks[o.name] = n
			if l.store == nil {
				err.Left += n
			}
		}
	}
	return err
}

// end closes everything, after the workers that count have ended.
func (l *Logger) end(ctx context.Context) error {
	var errs []error
	for _, o := range l.outlets {
		if !o.bestEffort {
			if err := o.flush(ctx); err != nil { // nothing to wait for: it tells what was lost
				errs = append(errs, err)
			}
		}
	}
	grace, cancel := context.WithTimeout(ctx, bestEffortGrace)
	defer cancel()
	for i := len(l.outlets) - 1; i >= 0; i-- { // the store last
		o := l.outlets[i]
		if o.bestEffort && !o.giveUp(grace) {
			errs = append(errs, fmt.Errorf("syslog: sink %q does not return from Write; it was not closed", o.name))
			continue
		}
		if err := safeClose(ctx, o.sink); err != nil {
			errs = append(errs, fmt.Errorf("syslog: closing %s: %w", o.label(), err))
		}
	}
	l.report.stop(ctx)
	return errors.Join(errs...)
}

// giveUp waits for a BestEffort sink until grace ends, then drops what it has
// left. It is false if the sink does not even return.
func (o *outlet) giveUp(grace context.Context) bool {
	select {
	case <-o.queue.Done():
		return true
	case <-grace.Done():
	}
	o.queue.Abandon()
	timeout := time.NewTimer(bestEffortGrace)
	defer timeout.Stop()
	select {
	case <-o.queue.Done():
		return true
	case <-timeout.C:
		return false
	}
}

func (o *outlet) label() string {
	if o.name == "" {
		return "store"
	}
	return fmt.Sprintf("sink %q", o.name)
}

// safeClose closes a sink, which may panic, and may not return.
func safeClose(ctx context.Context, s Sink) error {
	closed := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				closed <- fmt.Errorf("panic: %v", r)
			}
		}()
		closed <- s.Close(ctx)
	}()
	select {
	case err := <-closed:
		return err
	case <-ctx.Done():
	}
	select { // it may have ended with ctx
	case err := <-closed:
		return err
	case <-time.After(closeGrace):
		return fmt.Errorf("does not return from Close: %w", ctx.Err())
	}
}
