package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRunShowsEverySection(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(&out, filepath.Join(t.TempDir(), "logs.db"), false))

	for _, want := range []string{
		"300 events of the last 24 hours, and 90 from 31 to 100 days ago.",
		"one by every method that writes.",
		"logger.Query(ctx, syslog.Query{Limit: 25})", "412 events in all",
		"Page 2: events 6 to 10 of",
		"Produced    412 = 412 accepted + 0 refused",
		"CRITICAL", "INFO", "WARNING", "ERROR",
		`{"infoDeleted":`, "err := logger.Close()",
	} {
		require.Contains(t, out.String(), want)
	}
	require.NotContains(t, out.String(), "\x1b", "colours although there is no terminal")
	require.Regexp(t, `"infoDeleted":[1-9]\d*,"warningDeleted":[1-9]\d*,"errorDeleted":[1-9]`, out.String())
	require.NotContains(t, out.String(), "criticalDeleted")
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), columns, line)
	}
}

func TestRunAgainOnTheSameDatabase(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "logs.db")
	var first, second bytes.Buffer
	require.NoError(t, run(&first, db, false))
	require.NoError(t, run(&second, db, false))
	require.Contains(t, second.String(), "Produced    412")
}

func TestRunInColourSaysTheSame(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(&out, filepath.Join(t.TempDir(), "logs.db"), true))
	require.Contains(t, out.String(), "\x1b[")
	codes := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for line := range strings.Lines(codes.ReplaceAllString(out.String(), "")) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), columns, line)
	}
}

func TestRunReportsWhatFails(t *testing.T) {
	t.Parallel()
	require.Error(t, run(&bytes.Buffer{}, filepath.Join(t.TempDir(), "no", "such", "folder", "x\x00.db"), false))
	require.ErrorIs(t, run(brokenPipe{}, filepath.Join(t.TempDir(), "logs.db"), false), errBroken)
}

var errBroken = errors.New("broken pipe")

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errBroken }

func TestLiveCallsEveryHelper(t *testing.T) {
	t.Parallel()
	logger, rec := syslogtest.New(t, nil)
	n, err := logLive(t.Context(), logger)
	require.NoError(t, err)
	logs := rec.Logs()
	require.Len(t, logs, n)

	levels, types := map[syslog.LogLevel]bool{}, map[string]bool{}
	for _, l := range logs {
		levels[l.Level], types[l.Type] = true, true
	}
	require.Len(t, levels, len(syslog.Levels()))
	for _, want := range []string{
		"AUTH_LOGIN", "USER_PROFILE_UPDATED", "CREATOR_OFFER_CREATED", "ADMIN_FEE_WAIVED", "SYSTEM_BACKUP_DONE",
		"BOOKING_CREATED", "PAYMENT_SUCCEEDED", "PAYOUT_REJECTED", "WEBHOOK_STRIPE", "API_ERROR", "MODERATION_HIDDEN",
		"CONFIG_CHANGED", "DATA_MIGRATION", "GDPR_EXPORT", "NEWSLETTER_SENT", "RATE_LIMIT_NEAR", "MAIL_BOUNCED",
		"LEDGER_MISMATCH", "SLOW_QUERY", "USER_SIGNED_UP", "IMPORT_DONE", "TERMS_ACCEPTED",
	} {
		require.Contains(t, types, want)
	}
}

func TestHostileEventStaysOnItsLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := &screen{w: &out}
	s.table([]syslog.Log{{Type: "A\nB\x1b[31m", Actor: "USER", ActorID: "x\u202ey", Message: strings.Repeat("é\n", 200)}})
	require.Equal(t, 2, strings.Count(out.String(), "\n"))
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "\u202e")
}
