package metrics

import (
	"strings"

	"github.com/callastar/syslog"
)

const (
	counter = "counter"
	gauge   = "gauge"
)

// family is a metric, with a sample for whatever collect adds.
type family struct {
	name, kind, help string
	collect          func(s *snapshot, add func(value uint64, labels ...label))
}

// stats has a name as short as the lines below need it.
type stats = syslog.SinkStats

// families is everything that is published, in the order of the page.
var families = []family{
	{"syslog_events_produced_total", counter, "Events that reached the queue.", each(func(s stats) uint64 { return s.Produced })},
	{"syslog_events_accepted_total", counter, "Events that the queue took.", each(func(s stats) uint64 { return s.Accepted })},
	{"syslog_events_refused_total", counter, "Events that the queue did not take: full or closed.", each(func(s stats) uint64 { return s.Refused })},
	{"syslog_events_written_total", counter, "Events that were stored.", each(func(s stats) uint64 { return s.Written })},
	{"syslog_events_duplicate_total", counter, "Events that the destination already had.", each(func(s stats) uint64 { return s.Duplicate })},
	{"syslog_events_dead_letter_total", counter, "Events that were set aside, because they can't be stored.", each(func(s stats) uint64 { return s.DeadLetter })},
	{"syslog_events_dropped_total", counter, "Events that were lost after the queue took them.", each(func(s stats) uint64 { return s.Dropped })},
	{"syslog_events_queued", gauge, "Events in memory.", each(func(s stats) uint64 { return s.Queued })},
	{"syslog_events_spilled", gauge, "Events on disk.", each(func(s stats) uint64 { return s.Spilled })},
	{"syslog_queue_bytes", gauge, "Size of the events in memory.", each(func(s stats) uint64 { return uint64(s.QueuedBytes) })},
	{"syslog_spill_bytes", gauge, "Size of the files on disk.", each(func(s stats) uint64 { return uint64(s.SpilledBytes) })},
	{"syslog_spill_errors_total", counter, "Writes to disk that failed.", each(func(s stats) uint64 { return s.SpillErrors })},
	{"syslog_events_stderr_total", counter, "Lost CRITICAL events that were printed to stderr.", each(func(s stats) uint64 { return s.Stderr })},
	{"syslog_events_lost_total", counter, "Events that were lost, refused or dropped, by level.", lost},
}

// each collects one number of each destination.
func each(value func(stats) uint64) func(*snapshot, func(uint64, ...label)) {
	return func(s *snapshot, add func(uint64, ...label)) {
		for _, d := range s.destinations {
			add(value(d.stats), d.label)
		}
	}
}

// lost collects a number for every level, as a sample that first appears with the
// first loss is no increase to Prometheus.
func lost(s *snapshot, add func(uint64, ...label)) {
	for _, d := range s.destinations {
		for _, l := range syslog.Levels() {
			add(d.stats.DroppedByLevel[l], d.label, label{"level", strings.ToLower(l.String())})
		}
	}
}
