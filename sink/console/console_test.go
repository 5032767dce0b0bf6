package console

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var at = time.Date(2024, 1, 31, 23, 30, 0, 0, time.UTC)

func event(id, message string) syslog.Log {
	return syslog.Log{ID: id, Type: "T", Actor: syslog.ActorUser, ActorID: "u_1", Message: message, CreatedAt: at}
}

// writer counts its calls and stops after limit bytes, if that is above 0.
type writer struct {
	bytes.Buffer
	calls int
	limit int
}

func (w *writer) Write(p []byte) (int, error) {
	w.calls++
	if w.limit > 0 && len(p) > w.limit {
		n, _ := w.Buffer.Write(p[:w.limit])
		return n, errors.New("disk full")
	}
	return w.Buffer.Write(p)
}

func TestWriteIsOneCall(t *testing.T) {
	var w writer
	s := New(&w, nil)
	require.NoError(t, s.Write(t.Context(), []syslog.Log{event("1", "one"), event("2", "two\nforged"), event("3", "three")}))
	require.Equal(t, 1, w.calls)
	require.Equal(t, 3, strings.Count(w.String(), "\n"))
	require.NotContains(t, w.String(), "\x1b", "no terminal, no colour")
	require.Contains(t, w.String(), "2024-01-31T23:30:00.000Z  INFO ")
}

func TestOptions(t *testing.T) {
	var w writer
	s := New(&w, &Options{Color: Always, Location: time.FixedZone("CET", 3600)})
	require.NoError(t, s.Write(t.Context(), []syslog.Log{event("1", "one")}))
	require.Contains(t, w.String(), "\x1b[36mINFO\x1b[0m")
	require.Contains(t, w.String(), "2024-02-01T00:30:00.000+01:00")

	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	require.False(t, New(null, nil).color)
	require.NotNil(t, New(nil, nil).w)
}

func TestColorOnTerminal(t *testing.T) {
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	defer tty.Close()
	require.True(t, New(tty, nil).color)
	require.False(t, New(tty, &Options{Color: Never}).color)
}

func TestTornLineIsEnded(t *testing.T) {
	w := writer{limit: 30}
	s := New(&w, nil)
	require.ErrorContains(t, s.Write(t.Context(), []syslog.Log{event("1", "one")}), "disk full")
	w.limit = 0
	require.NoError(t, s.Write(t.Context(), []syslog.Log{event("1", "one")}))
	lines := strings.Split(w.String(), "\n")
	require.Len(t, lines, 3)
	require.True(t, strings.HasSuffix(lines[1], "one"))
	require.True(t, strings.HasPrefix(lines[1], "2024"))
}

func TestWriteAfterTheEnd(t *testing.T) {
	var w writer
	s := New(&w, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Write(ctx, []syslog.Log{event("1", "one")}), context.Canceled)
	require.NoError(t, s.Close(t.Context()))
	require.NoError(t, s.Close(t.Context()))
	require.ErrorIs(t, s.Write(t.Context(), []syslog.Log{event("1", "one")}), syslog.ErrClosed)
	require.Zero(t, w.calls)
}
