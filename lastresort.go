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
		p.hushed++
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
	if p.out == nil {
		p.out = newStderrWriter(os.Stderr)
		if p.w != nil {
			p.out = &stderrWriter{w: p.w}
		}
	}
	for len(p.pending) > 0 {
		frames, hushed := p.pending, p.hushed
		p.pending, p.hushed = nil, 0
		p.mu.Unlock()
		for _, l := range frames {
			p.out.write(l.f)
			l.printed.Add(1)
		}
		if hushed > 0 {
			p.out.print(fmt.Appendf(nil, "syslog: %d more CRITICAL event(s) were lost and not printed\n", hushed))
		}
		p.mu.Lock()
	}
	p.idle = nil
}

// wait waits until everything is printed, or ctx ends.
func (p *lastResort) wait(ctx context.Context) {
	p.mu.Lock()
	idle := p.idle
	p.mu.Unlock()
	if idle == nil {
		return
	}
	select {
	case <-idle:
	case <-ctx.Done():
	}
}
