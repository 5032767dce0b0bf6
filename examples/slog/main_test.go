package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(&out, filepath.Join(t.TempDir(), "logs.db")))
	require.Equal(t, 4, strings.Count(out.String(), "\n"))
	require.Contains(t, out.String(), "CREATOR cre_zoe")
}

func TestWork(t *testing.T) {
	t.Parallel()
	logger, rec := syslogtest.New(t, nil)
	work(slog.New(logger.Handler()))
	logs := rec.Logs()
	require.Len(t, logs, 4)

	for i, want := range []struct {
		level    syslog.LogLevel
		typ      string
		actor    syslog.Actor
		metadata string
	}{
		{syslog.LevelInfo, "USER_LOGIN", syslog.User("usr_ada"), `{"ipAddress":"203.0.113.7"}`},
		{syslog.LevelWarning, "PAYOUT_LATE", syslog.Creator("cre_zoe"), `{"component":"payouts","payoutId":"po_1","daysLate":3}`},
		{
			syslog.LevelError, "UNSPECIFIED", syslog.Creator("cre_zoe"),
			`{"component":"payouts","bank":{"code":"AC04","account":{"country":"FR","closed":true}}}`,
		},
		{syslog.LevelCritical, "DISK_FULL", syslog.System(), `{"free":0}`},
	} {
		l := logs[i]
		require.Equal(t, want.level, l.Level)
		require.Equal(t, want.typ, l.Type)
		require.Equal(t, want.actor, syslog.Actor{Kind: l.Actor, ID: l.ActorID})
		require.JSONEq(t, want.metadata, string(l.Metadata))
	}
}
