// Package metrics publishes what a [syslog.Logger] counts as a page that Prometheus
// reads. Package vars below it does so as a variable of package expvar.
//
//	mux.Handle("GET /metrics", metrics.Handler(logger))
//
// Each destination of a logger has its own samples. The label destination is
// "store" for the store and the sink's name for a sink. A logger without a store
// has none under "store".
//
//	syslog_events_produced_total     reached the queue
//	syslog_events_accepted_total     that it took
//	syslog_events_refused_total      that it did not take: full or closed
//	syslog_events_written_total      stored
//	syslog_events_duplicate_total    that the destination already had
//	syslog_events_dead_letter_total  set aside, because they can't be stored
//	syslog_events_dropped_total      lost after they were accepted
//	syslog_events_queued             in memory; a gauge
//	syslog_events_spilled            on disk; a gauge
//	syslog_events_lost_total         refused or dropped, by the label level
//	syslog_queue_bytes               size of what is in memory; a gauge
//	syslog_spill_bytes               size of the files on disk; a gauge
//	syslog_spill_errors_total        writes to disk that failed
//	syslog_events_stderr_total       lost CRITICAL ones that were printed to stderr
//
// The samples of one destination are of the same moment and add up as those of
// [syslog.SinkStats]. Levels are in lower case, and those that lost nothing are
// there with 0, so that a first loss is an increase. What failed last is a text
// and therefore no metric: see LastError in [syslog.Stats].
//
// Reading waits for no destination: it takes each queue's lock for as long as
// some numbers are copied.
package metrics
