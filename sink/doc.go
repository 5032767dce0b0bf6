// Package sink combines destinations of events: small wrappers around
// [syslog.Sink] instead of flags on each of them.
//
//	alerts := sink.MinLevel(sink.Func(page), syslog.LevelCritical)
//	logger, err := syslog.New(st, &syslog.Config{
//		Sinks: []syslog.SinkConfig{{Name: "pager", Sink: alerts}},
//	})
//
// Every sink of a logger has its own queue and retries. Prefer one
// [syslog.SinkConfig] for each destination to one [Tee] of all.
//
// The wrappers pass an event on each time they are given it, with its ID, so a
// destination that knows events by their ID stays idempotent. They keep no
// slice, may be called concurrently as far as what they wrap may, and close
// what they wrap once. A nil sink or function has nothing to be wrapped: the
// result is nil, which [syslog.New] reports as a wrong field.
//
// The packages below this one are destinations: console and jsonl.
package sink
