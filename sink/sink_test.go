package sink_test

import (
	"context"
	"testing"

	"github.com/callastar/syslog"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// memory is a sink that keeps what it gets and fails as told.
type memory struct {
	logs   []syslog.Log
	writes int
	closes int
	err    error
}

func (m *memory) Write(_ context.Context, logs []syslog.Log) error {
	m.writes++
	if m.err != nil {
		return m.err
	}
	m.logs = append(m.logs, logs...)
	return nil
}

func (m *memory) Close(context.Context) error { m.closes++; return m.err }

func (m *memory) ids() string {
	var s string
	for _, l := range m.logs {
		s += l.ID
	}
	return s
}

// counting knows events by their ID.
type counting struct{ memory }

func (c *counting) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	n := 0
	for _, l := range logs {
		known := false
		for _, have := range c.logs {
			known = known || have.ID == l.ID
		}
		if !known {
			c.logs = append(c.logs, l)
			n++
		}
	}
	return n, c.err
}

func batch() []syslog.Log {
	return []syslog.Log{
		{ID: "a", Level: syslog.LevelInfo, Type: "A"},
		{ID: "b", Level: syslog.LevelError, Type: "B"},
		{ID: "c", Level: syslog.LevelWarning, Type: "C"},
		{ID: "d", Level: syslog.LevelCritical, Type: "D"},
	}
}
