package admin

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// pipelineView is how events get to where they are kept.
type pipelineView struct {
	Healthy  bool
	Problems []troubleView
	Size     string // of the storage, "" where nobody knows
	Sinks    []sinkView
}

type troubleView struct {
	Where, Since string
	Text         []run
}

// sinkView is the store, or a sink beside it.
type sinkView struct {
	Name                      string
	Queued, Spilled           string
	Written, Lost, DeadLetter string
	LostLevels                []levelCount // of those that some were lost of
	LastError                 []run
}

func (h *Handler) newPipeline(parent context.Context, f frame) pipelineView {
	ctx, cancel := context.WithTimeout(parent, pingTime)
	defer cancel()
	v := pipelineView{Healthy: true}
	for _, p := range h.troubles(ctx) {
		t := troubleView{Where: p.Destination, Text: runs(p.Text, false)}
		if p.ForMs > 0 {
			t.Since = f.voice.say("health.since", f.voice.length(time.Duration(p.ForMs)*time.Millisecond))
		}
		v.Healthy, v.Problems = false, append(v.Problems, t)
	}
	if bytes, err := h.logger.Size(ctx); err == nil {
		v.Size = f.voice.size(bytes)
	}
	s := h.logger.Stats()
	if s.FirstSink == "" {
		v.Sinks = append(v.Sinks, newSink(f, f.voice.say("health.store"), syslog.SinkStats{
			Written: s.Written + s.Duplicate, DeadLetter: s.DeadLetter, Refused: s.Refused, Dropped: s.Dropped, Queued: s.Queued, Spilled: s.Spilled,
			DroppedByLevel: s.DroppedByLevel, LastError: s.LastError,
		}))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Sinks)) {
		v.Sinks = append(v.Sinks, newSink(f, plainly(name), s.Sinks[name]))
	}
	return v
}

func newSink(f frame, name string, s syslog.SinkStats) sinkView {
	n := func(n uint64) string { return f.voice.number(int64(n)) }
	v := sinkView{
		Name: name, Queued: n(s.Queued), Spilled: n(s.Spilled), Written: n(s.Written), Lost: n(s.Refused + s.Dropped),
		DeadLetter: n(s.DeadLetter), LastError: runs(s.LastError, false),
	}
	for _, l := range syslog.Levels() {
		if lost := s.DroppedByLevel[l]; lost > 0 {
			v.LostLevels = append(v.LostLevels, levelCount{l.String(), n(lost)})
		}
	}
	return v
}
