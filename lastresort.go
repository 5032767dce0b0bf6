package syslog

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// How many lost CRITICAL events are printed at most in how long, and how many may
// wait for that.
const (
	printEvery = 10 * time.Second
	printMost  = 20
	printWait  = 64
)

// lastResort prints CRITICAL events that fit nowhere else to stderr, on a goroutine
// that lives as long as there are some, so that no caller waits for the terminal.
type lastResort struct {
	mu      sync.Mutex
	w       io.Writer // nil is os.Stderr
	out     *stderrWriter
	pending []lostFrame
	idle    chan struct{} // closed when the goroutine has ended; nil if there is none
	since   time.Time     // when printMost began to count
	n       int
	hushed  uint64 // not printed since then
}

type lostFrame struct {
	f       []byte
	printed *atomic.Uint64
}

// add takes a copy of a frame, if there is room for it. Once it is printed, it is
// counted.
func (p *lastResort) add(f []byte, printed *atomic.Uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if now.Sub(p.since) >= printEvery {
		p.since, p.n = now, 0
	}
	if p.n >= printMost || len(p.pending) >= printWait {
		if p.hushed++; p.hushed == 1 {
			time.AfterFunc(printEvery, p.tellHushed)
		}
		return
	}
	p.n++
	p.pending = append(p.pending, lostFrame{slices.Clone(f), printed})
	if p.idle == nil {
		p.idle = make(chan struct{})
		go p.run(p.idle)
	}
}

func (p *lastResort) run(idle chan struct{}) {
	defer close(idle)
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.pending) > 0 {
		frames := p.pending
		p.pending = nil
		out := p.writer()
		p.mu.Unlock()
		for _, l := range frames {
			out.write(l.f)
			l.printed.Add(1)
		}
		p.mu.Lock()
	}
	p.idle = nil
}

// writer is what prints, made when it is needed first.
func (p *lastResort) writer() *stderrWriter {
	if p.out == nil {
		p.out = newStderrWriter(os.Stderr)
		if p.w != nil {
			p.out = &stderrWriter{w: p.w}
		}
	}
	return p.out
}

// tellHushed prints how many events were not printed.
func (p *lastResort) tellHushed() {
	p.mu.Lock()
	n, out := p.hushed, p.writer()
	p.hushed = 0
	p.mu.Unlock()
	if n > 0 {
		out.print(fmt.Appendf(nil, "syslog: %d more CRITICAL event(s) were lost and not printed\n", n))
	}
}

// wait waits until everything is printed, or ctx ends.
func (p *lastResort) wait(ctx context.Context) {
	p.mu.Lock()
	idle, hushed := p.idle, p.hushed
	p.mu.Unlock()
	if idle == nil && hushed == 0 {
		return
	}
	told := make(chan struct{})
	go func() {
		defer close(told)
		if idle != nil {
			<-idle
		}
		p.tellHushed()
	}()
	select {
	case <-told:
	case <-ctx.Done():
	}
}
