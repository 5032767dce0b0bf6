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

// parkGrace is how long Shutdown takes to put on disk what is left when ctx ends.
const parkGrace = 5 * time.Second

// closeGrace is what is left for each step of closing when nothing is left to
// deliver, but ctx has ended already.
const closeGrace = time.Second

// Shutdown refuses new events, delivers what is queued, and closes the sinks and
// the store. nil says that every accepted event is stored, or in
// Config.DeadLetterFile, and everything closed; events that were lost, and that no Flush told of, are a [LostError].
//
// When ctx ends first, the error is a [ShutdownError] that says how many events
// are left. With Config.SpillDir they are put on disk then, which may take another
// five seconds, and everything is closed: the next logger with this directory
// delivers them. Without, or where the disk does not take them, they are still held
// and still being tried: Shutdown may be called again, with more time.
//
// It may be called concurrently, and does nothing more once everything is closed.
// On a nil Logger it is nil.
func (l *Logger) Shutdown(ctx context.Context) error {
	ctx = background(ctx)
	if l == nil || l.stderr != nil {
		return nil
	}
	for _, o := range l.outlets {
		o.queue.Close()
	}
	cause := l.drain(ctx)
	if cause != nil && !l.park(ctx, cause) {
		return l.left(cause)
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
	if by := l.gaveUp.Load(); by != nil { // another call may have, and this one not seen it
		cause = *by
	}
	l.ended, l.endIs = true, l.end(ctx, cause)
	return l.endIs
}

// park puts what is left on disk, and has the workers give up if all of it is there.
func (l *Logger) park(ctx context.Context, cause error) bool {
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), parkGrace)
	defer cancel()
	for _, o := range l.outlets {
		if !o.bestEffort && !o.isDone() && !o.queue.Park(grace) {
			return false
		}
	}
	l.gaveUp.CompareAndSwap(nil, &cause)
	for _, o := range l.outlets {
		if !o.bestEffort {
			o.queue.Abandon()
		}
	}
	return true
}

func (o *outlet) isDone() bool {
	select {
	case <-o.queue.Done():
		return true
	default:
		return false
	}
}

// drain waits for the workers of all sinks that count. The error is ctx's.
func (l *Logger) drain(ctx context.Context) error {
	for _, o := range l.outlets {
		if o.bestEffort {
			continue
		}
		select {
		case <-o.queue.Done():
		case <-ctx.Done():
			if !o.ends() {
				return ctx.Err()
			}
		}
	}
	return nil
}

// ends waits a moment for a worker that has nothing left to deliver.
func (o *outlet) ends() bool {
	if o.left() > 0 {
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

// left is how many events are not delivered.
func (o *outlet) left() uint64 {
	s := o.queue.Stats()
	return s.Queued + s.Spilled
}

// left says what is not delivered.
func (l *Logger) left(cause error) *ShutdownError {
	err := &ShutdownError{Cause: cause}
	for _, o := range l.outlets {
		n := o.left()
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

// end closes everything, after the workers that count have ended, or were told to,
// for a cause.
func (l *Logger) end(ctx context.Context, cause error) error {
	var errs []error
	parked := cause != nil
	if parked {
		for _, o := range l.outlets {
			o.wait(closeGrace)
		}
		left := l.left(cause)
		left.OnDisk = l.cfg.SpillDir
		if left.Left > 0 || len(left.Sinks) > 0 {
			errs = append(errs, left)
		}
	}
	for _, o := range l.outlets {
		if !o.bestEffort && !parked {
			if err := o.flush(ctx); err != nil { // nothing to wait for: it tells what was lost
				errs = append(errs, err)
			}
		}
	}
	grace, cancel := context.WithTimeout(ctx, bestEffortGrace)
	defer cancel()
	for i := len(l.outlets) - 1; i >= 0; i-- { // the store last
		o := l.outlets[i]
		if o.bestEffort && !o.isDone() {
			o.giveUp(ctx, grace)
		}
		if !o.isDone() {
			errs = append(errs, fmt.Errorf("syslog: %s does not return from Write; it was not closed", o.label()))
		} else if err := safeClose(ctx, o.sink); err != nil {
			errs = append(errs, fmt.Errorf("syslog: closing %s: %w", o.label(), err))
		}
	}
	free := l.freeDisk(ctx)
	if !free {
		errs = append(errs, fmt.Errorf("syslog: the spill directory %s does not answer; it stays locked", l.cfg.SpillDir))
	}
	if l.dead != nil {
		l.dead.idle(ctx)
	}
	if l.lock != nil && free {
		l.lock.Unlock()
	}
	l.critical.wait(ctx)
	l.report.stop(ctx)
	l.subs.end()
	return errors.Join(errs...)
}

// freeDisk ends the use of the spill directory, and reports whether that has ended.
func (l *Logger) freeDisk(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), parkGrace)
	defer cancel()
	free := true
	for _, o := range l.outlets {
		free = o.queue.End(ctx) && free
	}
	return free
}

// wait waits a moment for the worker's end.
func (o *outlet) wait(d time.Duration) {
	timeout := time.NewTimer(d)
	defer timeout.Stop()
	select {
	case <-o.queue.Done():
	case <-timeout.C:
	}
}

// giveUp waits for a BestEffort sink until grace ends, then puts what it has left
// on disk, or drops it.
func (o *outlet) giveUp(ctx, grace context.Context) {
	select {
	case <-o.queue.Done():
		return
	case <-grace.Done():
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), parkGrace) // it may have ended by now
	defer cancel()
	o.queue.Park(ctx)
	o.queue.Abandon()
	o.wait(bestEffortGrace)
}
func (o *outlet) label() string { return labelOf(o.name) }

func labelOf(sink string) string {
	if sink == "" {
		return "store"
	}
	return fmt.Sprintf("sink %q", sink)
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
