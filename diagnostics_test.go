package syslog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// lines is a place for diagnostics.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestAnOutageIsToldFromItsBeginningToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lines
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return errAway })
		l := open(t, st, syslog.Config{SpillDir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(&out, nil))})
		for range 60 {
			l.Info(ctx(), "T", syslog.System(), "m")
			time.Sleep(time.Second)
		}
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		time.Sleep(time.Minute)
		text := out.String()
		require.Contains(t, text, "connection refused")
		require.Regexp(t, `msg="syslog: write failed" destination=store queued=\d+ spilled=[1-9]`, text)
		require.Regexp(t, `msg="syslog: writes succeed again, after 1m.*" destination=store queued=`, text)
		require.LessOrEqual(t, strings.Count(text, "\n"), 9, text)

		st.setHook(func(context.Context, []syslog.Log) error {
			return syslog.Misconfigured(errors.New("no such table; run the migrations"))
		})
		l.Info(ctx(), "T", syslog.System(), "m")
		l.Info(ctx(), "T", syslog.System(), "m")
		time.Sleep(time.Minute)
		require.ErrorContains(t, l.Healthy(ctx()), "until somebody changes something, 2 event(s) waiting: no such table; run the migrations")
		require.Contains(t, out.String(), `until somebody changes something; events are kept" destination=store`)
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		require.Zero(t, l.Stats().Dropped+l.Stats().DeadLetter)
	})
}
