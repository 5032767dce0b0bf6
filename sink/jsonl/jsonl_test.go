package jsonl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var at = time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)

func events(from, n int) []syslog.Log {
	logs := make([]syslog.Log, n)
	for i := range logs {
		logs[i] = syslog.Log{ID: fmt.Sprintf("id%03d", from+i), Type: "T", Actor: syslog.ActorUser,
			Message: "line\nbreak \u2028 <é>", Metadata: json.RawMessage("{\n\"n\": 1.50}"), CreatedAt: at}
	}
	return logs
}

// text is what the events are on disk.
func text(t *testing.T, logs ...[]syslog.Log) string {
	var b strings.Builder
	for _, batch := range logs {
		for _, l := range batch {
			line, err := json.Marshal(l)
			require.NoError(t, err)
			b.Write(line)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// shortWriter takes only so much at first.
type shortWriter struct {
	bytes.Buffer
	takes []int
	calls int
}

func (w *shortWriter) Write(p []byte) (int, error) {
	w.calls++
	if len(w.takes) > 0 {
		n := min(w.takes[0], len(p))
		w.takes = w.takes[1:]
		w.Buffer.Write(p[:n])
		return n, errors.New("pipe full")
	}
	return w.Buffer.Write(p)
}

func TestNew(t *testing.T) {
	var w shortWriter
	s := New(&w)
	require.NoError(t, s.Write(t.Context(), events(1, 3)))
	require.Equal(t, text(t, events(1, 3)), w.String())
	require.Equal(t, 1, w.calls)
	require.ErrorIs(t, s.Reopen(), errors.ErrUnsupported)
	require.NoError(t, New(nil).Write(t.Context(), events(1, 1)))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Write(ctx, events(4, 1)), context.Canceled)
	require.NoError(t, s.Close(ctx))
	require.NoError(t, s.Close(ctx))
	require.ErrorIs(t, s.Write(t.Context(), events(4, 1)), syslog.ErrClosed)
	require.ErrorIs(t, s.Reopen(), syslog.ErrClosed)
}

func TestNewFinishesTornLine(t *testing.T) {
	size := len(text(t, events(1, 1)))
	for _, takes := range [][]int{{0}, {5}, {size}, {size + 5}, {size - 1}, {5, 3}, {size + 5, 0, 2}, {2 * size}} {
		w := shortWriter{takes: takes}
		s := New(&w)
		for range len(takes) {
			require.ErrorContains(t, s.Write(t.Context(), events(1, 2)), "pipe full")
		}
		require.NoError(t, s.Write(t.Context(), events(1, 2)))
		require.True(t, strings.HasSuffix(w.String(), text(t, events(1, 2))))
		for line := range strings.Lines(w.String()) {
			require.True(t, json.Valid([]byte(line)), "%v leaves %q", takes, line)
		}
	}
}

func TestPoisonIsPermanent(t *testing.T) {
	var w shortWriter
	logs := events(1, 2)
	logs[1].Metadata = json.RawMessage(`{"torn`)
	err := New(&w).Write(t.Context(), logs)
	require.ErrorContains(t, err, `event "id002"`)
	var p interface{ IsPermanent() bool }
	require.True(t, errors.As(err, &p) && p.IsPermanent())
	require.Zero(t, w.calls)
}

func TestConcurrentUse(t *testing.T) {
	s, path := open(t, &Options{MaxSize: 400})
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 10 {
				if err := s.Write(context.Background(), events(100*i+j, 1)); err != nil {
					t.Error(err)
				}
				if err := s.Reopen(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, s.Close(t.Context()))
	require.Equal(t, 40, strings.Count(all(t, path), "\n"))
}
