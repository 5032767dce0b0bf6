package syslog

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/callastar/syslog/internal/pipeline"
)

// diagnosticsEvery is how often the library repeats a diagnostic of one kind.
const diagnosticsEvery = 10 * time.Second

// reporter tells the host of losses and failures, on a goroutine of its own, so
// that neither a caller nor a worker ever waits for the host's OnDrop or Logger.
type reporter struct {
	logger *slog.Logger
	onDrop func(Drop)
	wake   chan struct{}
	quit   chan struct{}
	done   chan struct{}

	mu       sync.Mutex
	failures map[string]*failure // by name of the sink
}

type failure struct {
	err     string
	attempt int
	count   int // since it was logged
	logged  time.Time
}

func newReporter(c *Config) *reporter {
	return &reporter{
		logger: c.Logger, onDrop: c.OnDrop,
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
		failures: map[string]*failure{},
	}
}

// poke makes the reporter look at the counters. It never waits.
func (r *reporter) poke() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// failed notes a failed attempt of a worker. It never waits.
func (r *reporter) failed(sink, text string, attempt int) {
	r.mu.Lock()
	f := r.failures[sink]
	if f == nil {
		f = &failure{}
		r.failures[sink] = f
	}
	f.err, f.attempt = text, attempt
	f.count++
	r.mu.Unlock()
	r.poke()
}

func (r *reporter) start(outlets []*outlet) {
	go func() {
		defer close(r.done)
		known := make([]pipeline.Losses, len(outlets))
		warned := make([]time.Time, len(outlets))
		untold := make([]uint64, len(outlets))
		tick := time.NewTicker(diagnosticsEvery)
		defer tick.Stop()
		for last := false; !last; {
			select {
			case <-r.wake:
			case <-tick.C:
			case <-r.quit:
				last = true
			}
			for i, o := range outlets {
				lost := o.queue.Stats().Lost
				diff := lost.Minus(&known[i])
				known[i] = lost
				untold[i] += diff.Total()
				if i == 0 {
					r.drops(&diff)
				}
				if untold[i] > 0 && (last || time.Since(warned[i]) >= diagnosticsEvery) {
					warned[i] = time.Now()
					r.say(slog.LevelWarn, "syslog: events lost", "destination", o.label(), "count", untold[i])
					untold[i] = 0
				}
			}
			r.tellFailures(last)
		}
	}()
}

// drops hands the new losses to the host.
func (r *reporter) drops(diff *pipeline.Losses) {
	if r.onDrop == nil {
		return
	}
	for reason, byLevel := range diff {
		for lv, n := range byLevel {
			if n > 0 {
				r.drop(Drop{Reason: pipeline.ReasonNames[reason], Level: levelAt(lv), Count: n})
			}
		}
	}
}

func (r *reporter) drop(d Drop) {
	defer func() {
		if p := recover(); p != nil {
			r.say(slog.LevelError, "syslog: Config.OnDrop panicked", "panic", fmt.Sprint(p))
		}
	}()
	r.onDrop(d)
}

func (r *reporter) tellFailures(last bool) {
	type line struct {
		sink string
		failure
	}
	var lines []line
	r.mu.Lock()
	for sink, f := range r.failures {
		if f.count > 0 && (last || time.Since(f.logged) >= diagnosticsEvery) {
			lines = append(lines, line{sink, *f})
			f.count, f.logged = 0, time.Now()
		}
	}
	r.mu.Unlock()
	for _, l := range lines {
		to := "store"
		if l.sink != "" {
			to = fmt.Sprintf("sink %q", l.sink)
		}
		r.say(slog.LevelError, "syslog: write failed", "destination", to, "error", l.err,
			"attempt", l.attempt, "failures", l.count)
	}
}

// say writes one line of diagnostics. The host's handler may panic.
func (r *reporter) say(level slog.Level, msg string, args ...any) {
	defer func() { _ = recover() }()
	r.logger.Log(context.Background(), level, msg, args...)
}

// stop has the reporter tell what is left and waits a moment for it: the host's
// functions may hang, or be what called Shutdown.
func (r *reporter) stop(ctx context.Context) {
	close(r.quit)
	grace := time.NewTimer(closeGrace)
	defer grace.Stop()
	select {
	case <-r.done:
	case <-ctx.Done():
	case <-grace.C:
	}
}
