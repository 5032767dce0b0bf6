package syslogtest

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/callastar/syslog"
)

// Patience is how long a recorder waits for the logger before it fails the
// test. A test that passes never waits for it.
const Patience = 10 * time.Second

// Recorder shows a test what its logger has stored. It may be used
// concurrently, except by methods that fail the test, which belong to the
// test's goroutine.
type Recorder struct {
	// Store is where the logger stores: to make it fail or hang.
	Store  *Store
	logger *syslog.Logger
	t      testing.TB
}

// New makes a logger that stores in memory, and a recorder of what it stores.
// Both end with the test, which fails if the logger cannot be closed; faults
// of the store are ended first.
//
// A nil cfg is the default. Where cfg leaves them open, events are stored within
// a millisecond, and the logger's own diagnostics go to the test's output. A
// wrong cfg fails the test at once.
func New(t testing.TB, cfg *syslog.Config) (*syslog.Logger, *Recorder) {
	t.Helper()
	var c syslog.Config
	if cfg != nil {
		c = *cfg
	}
	if c.FlushInterval == 0 {
		c.FlushInterval = time.Millisecond
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	st := NewStore()
	logger, err := syslog.New(st, &c)
	if err != nil {
		t.Fatalf("syslogtest: %v", err)
	}
	t.Cleanup(func() {
		st.heal()
		if err := logger.Close(); err != nil {
			t.Errorf("syslogtest: closing the logger: %v", err)
		}
	})
	return logger, &Recorder{Store: st, logger: logger, t: t}
}

// Logs waits until every event logged before the call is stored, and returns
// all, oldest first. The slice is the caller's own. Events that the store was
// told to reject for good are missing; if it takes longer than [Patience] the
// test fails.
func (r *Recorder) Logs() []syslog.Log {
	r.t.Helper()
	return r.stored(r.t)
}

// Find returns the events of exactly this type, as [Recorder.Logs].
func (r *Recorder) Find(typ string) []syslog.Log {
	r.t.Helper()
	return slices.DeleteFunc(r.stored(r.t), func(l syslog.Log) bool { return l.Type != typ })
}

// Last returns the newest event, as [Recorder.Logs], and the zero Log when there
// is none.
func (r *Recorder) Last() syslog.Log {
	r.t.Helper()
	logs := r.stored(r.t)
	if len(logs) == 0 {
		return syslog.Log{}
	}
	return logs[len(logs)-1]
}

func (r *Recorder) stored(t testing.TB) []syslog.Log {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	r.flush(ctx, t)
	return r.Store.Logs()
}

// flush fails the test when ctx ends first. What was rejected, or refused
// because the logger is closed, is the test's own doing.
func (r *Recorder) flush(ctx context.Context, t testing.TB) {
	t.Helper()
	err := r.logger.Flush(ctx)
	if err == nil || ctx.Err() == nil {
		return
	}
	if last := r.logger.Stats().LastError; last != "" {
		t.Fatalf("syslogtest: the logger does not get rid of its events: %v; its last failure: %s", err, last)
	}
	t.Fatalf("syslogtest: the logger does not get rid of its events: %v; is the store blocked?", err)
}
