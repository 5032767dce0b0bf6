package metrics

import (
	"maps"
	"slices"

	"github.com/callastar/syslog"
)

// storeName is the label of the store's pipeline.
const storeName = "store"

// snapshot is a logger's counters, each destination once.
type snapshot struct {
	logger       string // the value of its label, "" for none
	stats        syslog.Stats
	destinations []destination
}

type destination struct {
	label label
	stats syslog.SinkStats
}

func take(logger string, s syslog.Stats) snapshot {
	out := snapshot{logger: logger, stats: s}
	if s.Sinks == nil {
		return out // no pipeline
	}
	names := labelValues{}
	if s.FirstSink == "" {
		out.destinations = append(out.destinations, destination{label{"destination", names.add(storeName)}, ofStore(s)})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Sinks)) {
		out.destinations = append(out.destinations, destination{label{"destination", names.add(name)}, s.Sinks[name]})
	}
	return out
}

// ofStore is the top level of s, which repeats the fields of SinkStats.
func ofStore(s syslog.Stats) syslog.SinkStats {
	return syslog.SinkStats{
		Produced:       s.Produced,
		Accepted:       s.Accepted,
		Refused:        s.Refused,
		Written:        s.Written,
		Duplicate:      s.Duplicate,
		DeadLetter:     s.DeadLetter,
		Dropped:        s.Dropped,
		Queued:         s.Queued,
		Spilled:        s.Spilled,
		QueuedBytes:    s.QueuedBytes,
		SpilledBytes:   s.SpilledBytes,
		SpillErrors:    s.SpillErrors,
		Stderr:         s.Stderr,
		DroppedByLevel: s.DroppedByLevel,
		LostSince:      s.LostSince,
		LastError:      s.LastError,
	}
}
