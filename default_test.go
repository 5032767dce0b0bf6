package syslog_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestPrintingChild is the process that TestWithoutADefaultLogger reads.
func TestPrintingChild(t *testing.T) {
	if os.Getenv("SYSLOG_TEST_PRINT") == "" {
		return // run on its own it has nothing to do
	}
	syslog.LogAuth(ctx(), syslog.AuthLogin, "usr_1", false, syslog.Metadata{"password": "hunter2", "ip": "203.0.113.9"})
	syslog.LogCritical(ctx(), "FORGED", syslog.System(), "two\nlines \x1b[31m")
	require.NoError(t, syslog.Default().Flush(ctx()))
	require.NoError(t, syslog.Default().Close())
	_, err := syslog.Default().Query(ctx(), syslog.Query{})
	require.ErrorIs(t, err, syslog.ErrNoStore)
	require.ErrorIs(t, syslog.Default().Commit(ctx(), syslog.Log{}), syslog.ErrNoStore)
}

func TestWithoutADefaultLogger(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestPrintingChild$", "-test.count=1")
	cmd.Env = append(os.Environ(), "SYSLOG_TEST_PRINT=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Run())
	lines := strings.Split(strings.TrimSuffix(stderr.String(), "\n"), "\n")
	require.Len(t, lines, 2, stderr.String())
	require.Contains(t, lines[0], "AUTH_LOGIN")
	require.Contains(t, lines[0], "[REDACTED]")
	require.NotContains(t, lines[0], "hunter2")
	require.Contains(t, lines[1], "CRITICAL")
	require.NotContains(t, lines[1], "\x1b")
}

func TestSetDefaultRestores(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	before := syslog.Default()
	restore := syslog.SetDefault(l)
	require.Same(t, l, syslog.Default())
	restore()
	require.Same(t, before, syslog.Default())
	restore = syslog.SetDefault(nil)
	require.NotNil(t, syslog.Default())
	restore()
}
