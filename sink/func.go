package sink

import (
	"context"

	"github.com/callastar/syslog"
)

// Func makes a Sink of a function, which keeps the contract of
// [syslog.Sink.Write]: it returns when ctx ends, does not keep the slice, and
// may be given an event again. Close does nothing and returns nil. Func(nil)
// is nil.
func Func(write func(ctx context.Context, logs []syslog.Log) error) syslog.Sink {
	if write == nil {
		return nil
	}
	return funcSink(write)
}

type funcSink func(context.Context, []syslog.Log) error

func (f funcSink) Write(ctx context.Context, logs []syslog.Log) error { return f(ctx, logs) }
func (f funcSink) Close(context.Context) error                        { return nil }
