package admin

import (
	"context"
	"maps"
	"slices"

	"github.com/callastar/syslog"
)

// pipelineView is how events get to where they are kept.
type pipelineView struct {
	Healthy  bool
	Problems []troubleView
	Size     string // of the storage, "" where nobody knows
	Over     string // the time that speeds are of
	Sinks    []sinkView
}

type troubleView struct {
	Where, Text, Since string
	Cause              []run // in the words of whoever failed
}

// sinkView is the store, or a sink beside it.
type sinkView struct {
	Name                      string
	Queued, Spilled, Speed    string
	Written, Lost, DeadLetter string
	LostLevels                []levelCount // of those that some were lost of
	LostSince                 string
	LastError                 []run
}

func (h *Handler) newPipeline(parent context.Context, f frame) pipelineView {
	ctx, cancel := context.WithTimeout(parent, pingTime)
	defer cancel()
	v := pipelineView{Healthy: true}
	for _, p := range h.problems(ctx) {
		v.Healthy, v.Problems = false, append(v.Problems, newTrouble(f.voice, p))
	}
	if bytes, err := h.logger.Size(ctx); err == nil {
		v.Size = f.voice.size(bytes)
	}
	s := h.logger.Stats()
	speeds, over := h.pace.speeds(newWrittenAt(h.now(), s))
	v.Over = f.voice.length(over)
	if s.FirstSink == "" {
		v.Sinks = append(v.Sinks, newSink(f, f.voice.say("health.store"), speeds[""], syslog.SinkStats{
			Written: s.Written + s.Duplicate, DeadLetter: s.DeadLetter, Refused: s.Refused, Dropped: s.Dropped, Queued: s.Queued, Spilled: s.Spilled,
			DroppedByLevel: s.DroppedByLevel, LostSince: s.LostSince, LastError: s.LastError,
		}))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Sinks)) {
		v.Sinks = append(v.Sinks, newSink(f, plainly(name), speeds[name], s.Sinks[name]))
	}
	return v
}

func newTrouble(v voice, p syslog.Problem) troubleView {
	t := troubleView{Where: plainly(p.Destination), Cause: runs(p.Cause, false)}
	if p.Destination == "store" {
		t.Where = v.say("health.store")
	}
	if p.For > 0 {
		t.Since = v.say("health.since", v.length(p.For))
	}
	count := func(key string, n uint64) string { return v.counted(key, int64(n)) }
	switch p.Kind {
	case syslog.ProblemWrites:
		t.Text = count("trouble.writes", p.Count) + ", " + count("trouble.waiting", p.Waiting)
		if p.Misconfigured {
			t.Text += " " + v.say("trouble.change")
		}
	case syslog.ProblemDisk:
		t.Text = v.say("trouble.disk")
	case syslog.ProblemLost:
		t.Text = count("trouble.lost", p.Count)
	case syslog.ProblemUnreachable:
		t.Text = v.say("trouble.unreachable")
	case problemClosed:
		t.Text = v.say("trouble.closed")
	default: // one that a later version knows
		t.Cause = runs(p.Text, false)
	}
	return t
}

func newSink(f frame, name string, speed float64, s syslog.SinkStats) sinkView {
	n := func(n uint64) string { return f.voice.number(int64(n)) }
	v := sinkView{
		Name: name, Queued: n(s.Queued), Spilled: n(s.Spilled), Written: n(s.Written), Lost: n(s.Refused + s.Dropped),
		DeadLetter: n(s.DeadLetter), LastError: runs(s.LastError, false), Speed: f.voice.speed(speed),
	}
	if !s.LostSince.IsZero() {
		v.LostSince = f.voice.say("health.lostSince", f.voice.since(s.LostSince.In(f.loc), f.now.In(f.loc)))
	}
	for _, l := range syslog.Levels() {
		if lost := s.DroppedByLevel[l]; lost > 0 {
			v.LostLevels = append(v.LostLevels, levelCount{l.String(), n(lost)})
		}
	}
	return v
}
