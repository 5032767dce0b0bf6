package syslogtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/textline"
)

// WaitFor waits until at least n events are stored, for what is logged by other
// goroutines, and returns all, oldest first. After [Patience] the test fails.
func (r *Recorder) WaitFor(t testing.TB, n int) []syslog.Log {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for {
		have, changed := r.Store.count()
		if have >= n {
			return r.Store.Logs()
		}
		select {
		case <-changed:
		case <-ctx.Done():
			t.Fatalf("syslogtest: waited %v for %d event(s); %s", Patience, n, describe(r.Store.Logs()))
			return nil
		}
	}
}

// RequireLogged fails the test at once unless an event of exactly this type was
// logged that meets every condition, and returns the newest such event.
func (r *Recorder) RequireLogged(t testing.TB, typ string, conditions ...func(syslog.Log) bool) syslog.Log {
	t.Helper()
	logs := r.stored(t)
	l, ok := newest(logs, typ, conditions)
	if !ok {
		t.Fatalf("syslogtest: no event %q%s was logged; %s", typ, given(conditions), describe(logs))
	}
	return l
}

// RequireNotLogged fails the test at once if an event of exactly this type was
// logged that meets every condition.
func (r *Recorder) RequireNotLogged(t testing.TB, typ string, conditions ...func(syslog.Log) bool) {
	t.Helper()
	logs := r.stored(t)
	if _, ok := newest(logs, typ, conditions); ok {
		t.Fatalf("syslogtest: an event %q%s was logged; %s", typ, given(conditions), describe(logs))
	}
}

func newest(logs []syslog.Log, typ string, conditions []func(syslog.Log) bool) (syslog.Log, bool) {
next:
	for i := len(logs) - 1; i >= 0; i-- {
		if logs[i].Type != typ {
			continue
		}
		for _, meets := range conditions {
			if !meets(logs[i]) {
				continue next
			}
		}
		return logs[i], true
	}
	return syslog.Log{}, false
}

func given(conditions []func(syslog.Log) bool) string {
	if len(conditions) == 0 {
		return ""
	}
	return fmt.Sprintf(" that meets the %d condition(s)", len(conditions))
}

// maxShown is how many events a failure lists.
const maxShown = 50

// describe lists the newest of logs for a person.
func describe(logs []syslog.Log) string {
	if len(logs) == 0 {
		return "the store is empty"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "the store has %d event(s):\n", len(logs))
	if skipped := len(logs) - maxShown; skipped > 0 {
		fmt.Fprintf(&b, "  … %d older\n", skipped)
		logs = logs[skipped:]
	}
	for _, l := range logs {
		b.WriteString("  ")
		b.Write(textline.Append(nil, textline.Event{
			Time: l.CreatedAt, Level: l.Level.String(), Type: l.Type, Actor: string(l.Actor),
			ActorID: l.ActorID, Message: l.Message, Metadata: l.Metadata,
		}, false))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
