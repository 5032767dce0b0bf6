package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"path/filepath"

	"github.com/callastar/syslog"
)

// queueMiB are the bounds that are tried.
var queueMiB = []int{16, 64, 256}

// Goals for each byte that Config.QueueBytes allows: what may be alive, and how much a
// process may grow whose callers make no garbage. Where they do, a collector of default
// settings lets it grow to the size of what is alive, so that growth says more of them.
const (
	mostAlive  = 1.2
	mostGrowth = 1.5
)

// memoryUse is the comparison of what processes grow by while their store is away.
type memoryUse struct {
	*bench
	eventBytes float64 // of an event in a logger's queue
}

func compareMemory(ctx context.Context, b *bench) error {
	b.describeMachine()
	m := &memoryUse{bench: b}
	var err error
	if m.eventBytes, err = eventBytes(ctx); err != nil {
		return err
	}
	many := fmt.Sprintf("goroutine an event, at most %d", mostGoroutines)
	sides := []side{m.side(many, childSpec{Way: byGoroutines})}
	for _, n := range queueMiB {
		size := int64(n) << 20
		alone, spill, slots := fmt.Sprintf("logger, %d MiB", n), fmt.Sprintf("logger, %d MiB and SpillDir", n), fmt.Sprintf("channel of structs, as many as %d MiB", n)
		sides = append(sides,
			m.side(alone, childSpec{Way: byLogger, Bytes: size}),
			m.side(spill, childSpec{Way: byLogger, Bytes: size, Spill: filepath.Join(b.dir, "spill")}),
			m.side(slots, childSpec{Way: byChannel, Bytes: size, Slots: int(math.Ceil(float64(size) / m.eventBytes))}),
		)
		for _, ours := range []string{alone, spill} {
			b.report.never(ours+", alive for each byte of QueueBytes", mostAlive)
			b.report.compare(ours+", growth", slots+", growth", 0, 0)
			b.report.compare(ours+", kept", slots+", kept", 0, 0)
			b.report.compare(ours+", growth for each kept", many+", growth for each kept", 0, 0)
		}
	}
	for _, spill := range []string{"", filepath.Join(b.dir, "spill")} {
		ours := "logger, 64 MiB"
		if spill != "" {
			ours += " and SpillDir"
		}
		quiet := ours + ", callers make no garbage"
		sides = append(sides, m.side(quiet, childSpec{Way: byLogger, Bytes: 64 << 20, Spill: spill, Lean: true}))
		b.report.never(quiet+", growth for each byte of QueueBytes", mostGrowth)
		b.report.compare(quiet+", growth", ours+", growth", 0, 0)
	}
	if err := b.takeTurns(ctx, sides); err != nil {
		return err
	}
	b.report.notes = append(b.report.notes, fmt.Sprintf("An event takes %.0f bytes of a logger's queue.", m.eventBytes))
	return nil
}

// side has a child call as fast as it can while its store is away.
func (m *memoryUse) side(name string, spec childSpec) side {
	spec.Away, spec.Calls = m.away, m.rows
	return side{name: name, again: true, run: func(ctx context.Context, round int) error {
		s := spec
		if m.heapProfile != "" {
			s.Profile = m.heapProfile
		}
		if s.Spill != "" {
			defer func() { _ = os.RemoveAll(s.Spill) }()
		}
		got, err := runChild(ctx, s)
		if err != nil {
			return err
		}
		const mb = 1e6
		add := func(what, unit string, value float64) { m.report.add(round, name+", "+what, unit, value) }
		growth := float64(got.Peak - got.Idle)
		add("growth", "MB", growth/mb)
		if s.Bytes > 0 {
			add("growth for each byte of QueueBytes", "bytes", growth/float64(s.Bytes))
			add("alive for each byte of QueueBytes", "bytes", float64(got.Live)/float64(s.Bytes))
			add("stays when all is delivered, for each byte of QueueBytes", "bytes", float64(max(got.Stays-got.Idle, 0))/float64(s.Bytes))
		}
		add("live after a collection", "MB", float64(got.Live)/mb)
		add("growth when all is delivered", "MB", float64(got.Delivered-got.Idle)/mb)
		add("calls", "calls", float64(got.Calls))
		add("refused", "calls", float64(got.Refused))
		add("dropped", "events", float64(got.Dropped))
		add("kept", "events", float64(got.Kept))
		add("growth for each kept", "bytes", growth/float64(max(got.Kept, 1)))
		return nil
	}}
}

// eventBytes is what an event takes in the queue of a logger.
func eventBytes(ctx context.Context) (float64, error) {
	over := make(chan struct{})
	st := &fakeStore{write: func(ctx context.Context, _ []syslog.Log) error { return waitFor(ctx, over, nil) }}
	l, err := syslog.New(st, &syslog.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return 0, err
	}
	for i := range 10_000 {
		if err := record(ctx, l, i); err != nil {
			return 0, err
		}
	}
	s := l.Stats()
	close(over)
	return float64(s.QueuedBytes) / float64(s.Queued), l.Close()
}
