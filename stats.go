package syslog

import (
	"time"

	"github.com/callastar/syslog/internal/pipeline"
)

// SinkStats counts what became of events on the way to one destination. Events that
// an earlier run left in Config.SpillDir count as produced and accepted. At every
// moment
//
//	Produced = Accepted + Refused
//	Accepted = Written + Duplicate + DeadLetter + Dropped + Queued + Spilled
type SinkStats struct {
	Produced uint64 `json:"produced"` // events that reached the queue
	Accepted uint64 `json:"accepted"` // that it took
	Refused  uint64 `json:"refused"`  // that it did not take: full or closed

	Written    uint64 `json:"written"`    // stored
	Duplicate  uint64 `json:"duplicate"`  // that the store already had
	DeadLetter uint64 `json:"deadLetter"` // set aside, because they can't be stored
	Dropped    uint64 `json:"dropped"`    // lost after they were accepted
	Queued     uint64 `json:"queued"`     // in memory
	Spilled    uint64 `json:"spilled"`    // on disk, and not in memory

	QueuedBytes  int64  `json:"queuedBytes"`  // size of what is in memory
	SpilledBytes int64  `json:"spilledBytes"` // size of the files on disk
	SpillErrors  uint64 `json:"spillErrors"`  // writes to disk that failed
	Stderr       uint64 `json:"stderr"`       // lost CRITICAL events that were printed to stderr

	// DroppedByLevel counts every lost event, Refused and Dropped, by level. A
	// level that lost none is missing.
	DroppedByLevel map[LogLevel]uint64 `json:"droppedByLevel"`
	// LostSince is when the first of them was lost, or found to be: what was damaged
	// in Config.SpillDir, when it was opened. It is zero if none was.
	LostSince time.Time `json:"lostSince,omitzero"`
	// LastError is the last failure of a write, "" if there was none.
	LastError string `json:"lastError"`
}

// Stats are the counters of the store's pipeline; for a logger without a store,
// those of its first sink, which is then in FirstSink. Sinks has the same for each
// sink, that one too, by name; it is nil only where there is no queue: in a nil
// Logger, and in the one that prints while no default is set.
type Stats struct {
	Produced uint64 `json:"produced"`
	Accepted uint64 `json:"accepted"`
	Refused  uint64 `json:"refused"`

	Written    uint64 `json:"written"`
	Duplicate  uint64 `json:"duplicate"`
	DeadLetter uint64 `json:"deadLetter"`
	Dropped    uint64 `json:"dropped"`
	Queued     uint64 `json:"queued"`
	Spilled    uint64 `json:"spilled"`

	QueuedBytes  int64  `json:"queuedBytes"`
	SpilledBytes int64  `json:"spilledBytes"`
	SpillErrors  uint64 `json:"spillErrors"`
	Stderr       uint64 `json:"stderr"`

	DroppedByLevel map[LogLevel]uint64  `json:"droppedByLevel"`
	LostSince      time.Time            `json:"lostSince,omitzero"`
	LastError      string               `json:"lastError"`
	FirstSink      string               `json:"firstSink"` // "" where there is a store
	Sinks          map[string]SinkStats `json:"sinks"`
}

// Stats returns a snapshot. The counters of one destination belong to the same
// moment.
func (l *Logger) Stats() Stats {
	if l == nil || l.primary == nil {
		return Stats{}
	}
	p := l.primary.stats()
	s := Stats{
		Produced: p.Produced, Accepted: p.Accepted, Refused: p.Refused,
		Written: p.Written, Duplicate: p.Duplicate, DeadLetter: p.DeadLetter, Dropped: p.Dropped,
		Queued: p.Queued, Spilled: p.Spilled, QueuedBytes: p.QueuedBytes, SpilledBytes: p.SpilledBytes, SpillErrors: p.SpillErrors,
		Stderr:         p.Stderr,
		DroppedByLevel: p.DroppedByLevel, LostSince: p.LostSince, LastError: p.LastError,
		FirstSink: l.primary.name, Sinks: make(map[string]SinkStats, len(l.cfg.Sinks)),
	}
	for _, o := range l.outlets {
		if o.name != "" {
			s.Sinks[o.name] = o.stats()
		}
	}
	return s
}

func (o *outlet) stats() SinkStats {
	q := o.queue.Stats()
	s := SinkStats{
		Produced: q.Produced, Accepted: q.Accepted, Refused: q.Produced - q.Accepted,
		Written: q.Written, Duplicate: q.Duplicate, DeadLetter: q.DeadLetter, Dropped: q.Dropped,
		Queued: q.Queued, Spilled: q.Spilled, QueuedBytes: q.QueuedBytes, SpilledBytes: q.SpilledBytes, SpillErrors: q.SpillErrors,
		Stderr: o.printed.Load(), LostSince: q.FirstLoss, LastError: q.LastError, DroppedByLevel: map[LogLevel]uint64{},
	}
	if o.noDisk != nil {
		s.SpillErrors++
	}
	for r := range pipeline.Reasons {
		for lv, n := range q.Lost[r] {
			if n > 0 {
				s.DroppedByLevel[levelAt(lv)] += n
			}
		}
	}
	return s
}
