package syslog_test

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// discard is a store that keeps nothing.
type discard struct{}

func (discard) Write(context.Context, []syslog.Log) error                       { return nil }
func (discard) Close(context.Context) error                                     { return nil }
func (discard) Query(context.Context, syslog.Query) (p syslog.Page, err error)  { return }
func (discard) All(context.Context, syslog.Filter) iter.Seq2[syslog.Log, error] { return nil }
func (discard) Delete(context.Context, syslog.Filter) (n int64, err error)      { return }
func (discard) Cleanup(context.Context, syslog.RetentionPolicy, time.Time) (s syslog.CleanupStats, err error) {
	return
}

// memory is a store that keeps every write, and fails or hangs on demand.
type memory struct {
	discard
	mu      sync.Mutex
	logs    []syslog.Log
	seen    map[string]bool
	writes  int
	closed  int
	onWrite func(ctx context.Context, logs []syslog.Log) error
}

func (m *memory) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	m.mu.Lock()
	hook := m.onWrite
	m.writes++
	m.mu.Unlock()
	if hook != nil {
		if err := hook(ctx, logs); err != nil {
			return 0, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	written := 0
	for _, l := range logs {
		if m.seen == nil {
			m.seen = map[string]bool{}
		}
		if m.seen[l.ID] {
			continue
		}
		m.seen[l.ID] = true
		m.logs = append(m.logs, l)
		written++
	}
	return written, nil
}

func (m *memory) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := m.WriteCount(ctx, logs)
	return err
}

func (m *memory) Close(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed++
	return nil
}

func (m *memory) all() []syslog.Log {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.logs)
}

func (m *memory) setHook(f func(ctx context.Context, logs []syslog.Log) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onWrite = f
}

// quiet keeps diagnostics out of the tests' output.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// open starts a logger that ends with the test, and checks the conservation of
// events at the end.
func open(t testing.TB, st syslog.Store, cfg syslog.Config) *syslog.Logger {
	t.Helper()
	if cfg.Logger == nil {
		cfg.Logger = quiet()
	}
	l, err := syslog.New(st, &cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		conserved(t, l)
	})
	return l
}

// conserved checks the equations of Stats for every destination.
func conserved(t testing.TB, l *syslog.Logger) {
	t.Helper()
	s := l.Stats()
	require.Equal(t, s.Produced, s.Accepted+s.Refused)
	require.Equal(t, s.Accepted, s.Written+s.Duplicate+s.DeadLetter+s.Dropped+s.Queued+s.Spilled)
	for name, k := range s.Sinks {
		require.Equal(t, k.Produced, k.Accepted+k.Refused, name)
		require.Equal(t, k.Accepted, k.Written+k.Duplicate+k.DeadLetter+k.Dropped+k.Queued+k.Spilled, name)
	}
}

func ctx() context.Context { return context.Background() }
