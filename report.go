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

	outlets []*outlet // set by start

	mu       sync.Mutex
	failures map[about]*failure
	again    []about // what is right again
}

// about is a destination, by name, and what is wrong with it.
type about struct {
	sink string
	what string
}

// What may be wrong.
const (
	noteWrite  = "syslog: write failed"
	noteConfig = "syslog: write failed, and will until somebody changes something; events are kept"
	noteSpill  = "syslog: events cannot be kept on disk; they stay in memory"
	noteDead   = "syslog: an event that was refused for good is lost"
	noteAside  = "syslog: an event was refused for good, and set aside: ReplayDeadLetters tries it again"
	notePassed = "syslog: writes failed, and succeed again"
)

type failure struct {
	err     string
	attempt int
	count   int // since it was logged
	logged  time.Time
	told    bool // since it began, or was right again
	over    bool // it is right again, before it was told of
}

func newReporter(c *Config) *reporter {
	return &reporter{
		logger: c.Logger, onDrop: c.OnDrop,
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
		failures: map[about]*failure{},
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
func (r *reporter) failed(sink, text string, attempt int, misconfigured bool) {
	what := noteWrite
	if misconfigured {
		what = noteConfig
	}
	r.count(about{sink, what}, text, attempt)
}

// note notes something else that went wrong. It never waits.
func (r *reporter) note(sink, what, text string) { r.count(about{sink, what}, text, 0) }

// spill notes that a sink's disk fails, or works again for a nil err.
func (r *reporter) spill(sink string, err error) {
	if err != nil {
		r.count(about{sink, noteSpill}, err.Error(), 0)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.failures[about{sink, noteSpill}]; f != nil && f.count == 0 { // it was told of
		r.again = append(r.again, about{sink, "syslog: events can be kept on disk again"})
		r.poke()
	}
}

// well notes that a sink takes events again. What was told of is worth a line at once;
// what was not is told of as what is over. It never waits.
func (r *reporter) well(sink string, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := false
	for _, what := range []string{noteWrite, noteConfig} {
		switch f := r.failures[about{sink, what}]; {
		case f == nil:
		case f.told:
			f.told, f.count = false, 0
			if !said {
				r.again = append(r.again, about{sink, fmt.Sprintf("syslog: writes succeed again, after %v", after.Round(time.Millisecond))})
				r.poke()
			}
			said = true
		case f.count > 0:
			f.over = true
		}
	}
}

func (r *reporter) count(what about, text string, attempt int) {
	r.mu.Lock()
	f := r.failures[what]
	if f == nil {
		f = &failure{}
		r.failures[what] = f
	}
	f.err, f.attempt, f.over = text, attempt, false
	f.count++
	r.mu.Unlock()
	r.poke()
}

func (r *reporter) start(outlets []*outlet) {
	r.outlets = outlets
	go func() {
		defer close(r.done)
		known := make([]pipeline.Losses, len(outlets))
		warned := make([]time.Time, len(outlets))
		told := make([]pipeline.Losses, len(outlets))
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
				if i == 0 {
					r.drops(&diff)
				}
				untold := lost.Minus(&told[i])
				if untold.Total() > 0 && (last || time.Since(warned[i]) >= diagnosticsEvery) {
					warned[i], told[i] = time.Now(), lost
					r.say(slog.LevelWarn, "syslog: events lost", append([]any{"destination", o.label(), "count", untold.Total()}, byReason(&untold)...)...)
				}
			}
			r.tellFailures(last)
		}
	}()
}

// byReason are the losses as attributes: a group for each reason, with its levels.
func byReason(lost *pipeline.Losses) (args []any) {
	for reason, byLevel := range lost {
		var levels []any
		for lv, n := range byLevel {
			if n > 0 {
				levels = append(levels, slog.Uint64(levelAt(lv).String(), n))
			}
		}
		if len(levels) > 0 {
			args = append(args, slog.Group(pipeline.ReasonNames[reason], levels...))
		}
	}
	return args
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
		about
		failure
	}
	var lines []line
	r.mu.Lock()
	again := r.again
	r.again = nil
	for what, f := range r.failures {
		if f.count > 0 && (last || time.Since(f.logged) >= diagnosticsEvery) {
			lines = append(lines, line{what, *f})
			f.count, f.logged, f.told, f.over = 0, time.Now(), !f.over, false
		}
	}
	r.mu.Unlock()
	for _, l := range lines {
		args := append(r.waiting(l.sink), "error", l.err)
		if l.attempt > 0 {
			args = append(args, "attempt", l.attempt)
		}
		args = append(args, "failures", l.count)
		switch {
		case l.over:
			r.say(slog.LevelWarn, notePassed, args...)
		case l.what == noteAside:
			r.say(slog.LevelWarn, l.what, args...)
		default:
			r.say(slog.LevelError, l.what, args...)
		}
	}
	for _, a := range again {
		r.say(slog.LevelInfo, a.what, r.waiting(a.sink)...)
	}
}

// waiting names a destination and says how much waits for it.
func (r *reporter) waiting(sink string) []any {
	args := []any{"destination", labelOf(sink)}
	for _, o := range r.outlets {
		if o.name == sink {
			s := o.queue.Stats()
			args = append(args, "queued", s.Queued)
			if o.disk {
				args = append(args, "spilled", s.Spilled)
			}
		}
	}
	return args
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
