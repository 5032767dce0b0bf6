package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/callastar/syslog/syslogtest"
	"github.com/robfig/cron/v3"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRunNow(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs.db")
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, path, true, true))
	require.Contains(t, out.String(), "Deleted 1 INFO, 1 WARNING and 1 ERROR")

	st, err := sqlite.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, st.Close(t.Context())) }()
	page, err := st.Query(t.Context(), syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 6, "4 of yesterday, an old CRITICAL, and the cleanup itself")
	require.Equal(t, "SYSTEM_LOG_CLEANUP", page.Logs[0].Type)
	require.Contains(t, string(page.Logs[0].Metadata), `"totalDeleted":3`)
}

func TestNamedDatabaseGetsNothingMadeUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "logs.db")
	require.NoError(t, run(t.Context(), &bytes.Buffer{}, path, true, false))

	st, err := sqlite.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, st.Close(t.Context())) }()
	page, err := st.Query(t.Context(), syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1, "the cleanup itself")
}

func TestRunUntilTheEnd(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	out := &cancelled{cancel: cancel}
	require.NoError(t, run(ctx, out, filepath.Join(t.TempDir(), "logs.db"), false, false))
	require.Regexp(t, `^Next cleanup: \w+day \d{4}-\d\d-\d\d 03:00 UTC\n$`, out.text.String())
}

// cancelled ends the program as soon as it has said something.
type cancelled struct {
	text   bytes.Buffer
	cancel func()
}

func (c *cancelled) Write(p []byte) (int, error) {
	defer c.cancel()
	return c.text.Write(p)
}

func TestDaily(t *testing.T) {
	t.Parallel()
	schedule, err := cron.ParseStandard(daily)
	require.NoError(t, err)
	at := time.Date(2024, 1, 31, 3, 0, 0, 0, time.UTC)
	require.Equal(t, at.AddDate(0, 0, 1), schedule.Next(at))
	require.Equal(t, at, schedule.Next(at.Add(-time.Second)))
}

func TestCleanupThatFails(t *testing.T) {
	t.Parallel()
	logger, rec := syslogtest.New(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, cleanup(ctx, &bytes.Buffer{}, logger), context.Canceled)
	rec.RequireLogged(t, "SYSTEM_LOG_CLEANUP")
}
