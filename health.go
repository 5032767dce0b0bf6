package syslog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// lossIsNews is how long after a loss the logger counts as not well.
const lossIsNews = 30 * time.Second

// Problem is one reason for which a logger is not well.
type Problem struct {
	Destination string        // "store", or the name of a sink
	Text        string        // what is wrong
	For         time.Duration // since when, where that is known

	// What Text is made of, for those who say it in another language.
	Kind          ProblemKind
	Count         uint64 // writes that failed in a row, or events that were lost
	Waiting       uint64 // events that wait for a write that succeeds
	Misconfigured bool   // somebody has to change something: see [Misconfigured]
	Cause         string // what the destination, or the disk, said
}

// ProblemKind is what a [Problem] is about.
type ProblemKind string

// The kinds of problems.
const (
	ProblemWrites      ProblemKind = "writes"      // the last ones failed
	ProblemDisk        ProblemKind = "disk"        // events cannot be kept there
	ProblemLost        ProblemKind = "lost"        // events were, not long ago
	ProblemUnreachable ProblemKind = "unreachable" // the store does not answer
)

// HealthError is what Healthy returns when something is wrong.
type HealthError struct{ Problems []Problem }

func (e *HealthError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.Destination + ": " + p.Text
		if p.For > 0 {
			lines[i] += fmt.Sprintf(" (for %v)", p.For.Round(time.Millisecond))
		}
	}
	return "syslog: not healthy: " + strings.Join(lines, "; ")
}

// Pinger is a Store that can say whether it can be reached.
type Pinger interface {
	Ping(ctx context.Context) error
}

// Healthy says whether events reach their destinations: nil if they do, else a
// [HealthError]. It is for a readiness page or an alarm, not for deciding whether to
// log: a logger that is not well keeps events as long as it has room.
//
// Not well is a store or sink whose last write failed, a spill directory that cannot
// be used, events that were lost within the last half minute, and a store that does
// not answer a Ping, if it has one, before ctx ends. BestEffort sinks do not count. A
// nil or closed logger is [ErrClosed].
func (l *Logger) Healthy(ctx context.Context) error {
	ctx = background(ctx)
	if l == nil {
		return ErrClosed
	}
	if l.stderr != nil {
		return nil
	}
	if l.primary.queue.Closed() {
		return ErrClosed
	}
	var e HealthError
	for _, o := range l.outlets {
		if !o.bestEffort {
			e.Problems = append(e.Problems, o.problems()...)
		}
	}
	if p, ok := l.store.(Pinger); ok && len(e.Problems) == 0 {
		if err := l.ping(ctx, p); err != nil {
			e.Problems = append(e.Problems, Problem{
				Destination: "store", Text: "does not answer: " + err.Error(), Kind: ProblemUnreachable, Cause: err.Error(),
			})
		}
	}
	if len(e.Problems) > 0 {
		return &e
	}
	return nil
}

func (o *outlet) problems() (out []Problem) {
	name := o.name
	if name == "" {
		name = "store"
	}
	s := o.queue.Stats()
	add := func(since time.Time, p Problem) {
		if p.Destination = name; !since.IsZero() {
			p.For = time.Since(since)
		}
		out = append(out, p)
	}
	if s.Failing > 0 {
		p := Problem{Kind: ProblemWrites, Count: uint64(s.Failing), Waiting: s.Queued + s.Spilled, Misconfigured: s.Misconfigured, Cause: s.LastError}
		hint := ""
		if s.Misconfigured {
			hint = " until somebody changes something"
		}
		p.Text = fmt.Sprintf("%d failed write(s) in a row%s, %d event(s) waiting: %s", p.Count, hint, p.Waiting, p.Cause)
		add(s.FailingSince, p)
	}
	if err := errors.Join(o.noDisk, s.Spilling); err != nil {
		add(time.Time{}, Problem{Kind: ProblemDisk, Text: fmt.Sprintf("events cannot be kept on disk: %v", err), Cause: err.Error()})
	}
	if n := s.Lost.Total(); n > 0 && !s.LastLoss.IsZero() && time.Since(s.LastLoss) < lossIsNews {
		add(s.LastLoss, Problem{Kind: ProblemLost, Text: fmt.Sprintf("events were lost, %d in all so far", n), Count: n})
	}
	return out
}

// ping asks a store, which may panic, and may not return: then it is not asked again.
func (l *Logger) ping(ctx context.Context, p Pinger) error {
	select {
	case l.pinging <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	answer := make(chan error, 1)
	go func() {
		defer func() { <-l.pinging }()
		defer func() {
			if r := recover(); r != nil {
				answer <- fmt.Errorf("panic: %v", r)
			}
		}()
		answer <- p.Ping(ctx)
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
