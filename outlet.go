package syslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/jsonenc"
	"github.com/callastar/syslog/internal/pipeline"
)

// How deliveries are tried. These are no settings: a destination that needs
// others says so with RetryAfter.
const (
	attemptTimeout = 10 * time.Second
	minBackoff     = 100 * time.Millisecond
	maxBackoff     = 30 * time.Second
)

// outlet is one destination with its queue: the store, or an extra sink.
type outlet struct {
	name       string // "" is the store
	sink       Sink
	counting   CountingSink // sink, if it can count
	level      int          // index of the lowest level
	filter     func(Log) bool
	bestEffort bool
	queue      *pipeline.Queue
	enc        *encoder
	report     *reporter
	dead       *deadLetters   // nil is none
	subs       *subscriptions // of what the store has; nil for extra sinks
	disk       bool           // it has a part of the spill directory
	noDisk     error          // why the spill directory is not used
	printed    atomic.Uint64  // lost CRITICAL events that went to stderr
	batch      []Log          // of the worker
}

func newOutlet(l *Logger, s SinkConfig, cannot error) *outlet {
	o := &outlet{
		name: s.Name, sink: s.Sink, level: s.MinLevel.index(), filter: s.Filter, bestEffort: s.BestEffort, enc: l.enc,
		report: l.report, dead: l.dead,
	}
	o.counting, _ = s.Sink.(CountingSink)
	if l.store != nil && s.Name == "" {
		o.subs = &l.subs
	}
	cfg := pipeline.Config{
		MaxEvents: l.cfg.QueueSize, MaxBytes: l.cfg.QueueBytes,
		BatchSize: l.cfg.BatchSize, FlushInterval: l.cfg.FlushInterval,
		AttemptTimeout: attemptTimeout, MinBackoff: minBackoff, MaxBackoff: maxBackoff,
		Deliver: o.deliver,
		OnLoss:  l.report.poke,
		OnTop:   func(f []byte) { l.critical.add(f, &o.printed) },
		Reject:  o.setAside,
		OnError: func(text string, attempt int, misconfigured bool) {
			l.report.failed(o.name, text, attempt, misconfigured)
		},
		OnWell: func(after time.Duration) { l.report.well(o.name, after) },
		Report: o.dropped,
	}
	l.useDisk(o, &cfg, cannot)
	o.queue = pipeline.New(cfg)
	return o
}

// wants reports whether an extra sink is to get a frame.
func (o *outlet) wants(f []byte) bool {
	if frame.Level(f) < o.level {
		return false
	}
	return o.filter == nil || o.keep(f)
}

// keep asks the host's filter, with a Log that it may keep.
func (o *outlet) keep(f []byte) (keep bool) {
	defer func() {
		if recover() != nil {
			keep = true
		}
	}()
	return o.filter(fromFrame(slices.Clone(f)))
}

// deliver writes a batch to the destination. Only the queue's worker calls it.
func (o *outlet) deliver(ctx context.Context, b pipeline.Batch) (written int, err error) {
	logs := o.batch[:0]
	for f := range b.Frames() {
		logs = append(logs, fromFrame(f))
	}
	defer func() {
		clear(logs)
		o.batch = logs
	}()
	if o.counting != nil {
		written, err = o.counting.WriteCount(ctx, logs)
	} else {
		written, err = len(logs), o.sink.Write(ctx, logs)
	}
	if err == nil && o.subs != nil {
		o.subs.publish(b)
	}
	return written, err
}

func (o *outlet) flush(ctx context.Context) error {
	dropped, err := o.queue.Flush(ctx)
	if errors.Is(err, pipeline.ErrKept) {
		err = fmt.Errorf("syslog: not stored: %w", err)
	}
	if err == nil && dropped > 0 {
		err = &LostError{Count: dropped, Last: o.queue.Stats().LossError}
	}
	if err != nil && o.name != "" {
		err = fmt.Errorf("sink %q: %w", o.name, err)
	}
	return err
}

// TypeEventsDropped is the type of the WARNING by which the log tells of its own
// holes, once there is room again. Its metadata has the number of lost events,
// in all under "lost", and by reason and level under the reason's name.
const TypeEventsDropped = "SYSTEM_EVENTS_DROPPED"

// dropped makes the frame of that event.
func (o *outlet) dropped(lost pipeline.Losses) []byte {
	d := draft{level: LevelWarning, typ: [2]string{TypeEventsDropped}, actor: System()}
	d.message[0] = fmt.Sprintf("%d event(s) were lost", lost.Total())
	fields := map[string]any{"lost": lost.Total()}
	for r, byLevel := range lost {
		counts := map[string]any{}
		for lv, n := range byLevel {
			if n > 0 {
				counts[levelAt(lv).String()] = n
			}
		}
		if len(counts) > 0 {
			fields[pipeline.ReasonNames[r]] = counts
		}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return nil // numbers in maps always encode
	}
	d.raw = raw
	je := o.enc.pool.Get().(*jsonenc.Encoder)
	o.enc.frame(je, &d, d.level, nil)
	f := slices.Clone(je.Buf)
	je.Reset()
	o.enc.pool.Put(je)
	return f
}
