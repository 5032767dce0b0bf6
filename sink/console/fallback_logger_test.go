package console_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/console"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

func TestFallbackUnderLogger(t *testing.T) {
	var out bytes.Buffer
	st := syslogtest.NewStore()
	logger, err := syslog.New(console.Fallback(st, &out, nil), &syslog.Config{Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)

	st.FailWrites(errors.New("connection refused"), 2)
	logger.UserAction(t.Context(), "LOGIN", "u_1", "signed in", syslog.Metadata{"password": "hunter2"})
	require.NoError(t, logger.Flush(t.Context()))
	logger.UserAction(t.Context(), "LOGOUT", "u_1", "signed out")

	page, err := logger.Query(t.Context(), syslog.Query{})
	require.NoError(t, err)
	require.NotEmpty(t, page.Logs)
	require.NoError(t, logger.Close())
	require.Len(t, st.Logs(), 2)
	require.Equal(t, 1, strings.Count(out.String(), "signed in"), "shown once, though two writes failed")
	require.NotContains(t, out.String(), "signed out")
	require.NotContains(t, out.String(), "hunter2")
	require.EqualValues(t, 2, logger.Stats().Written)
}
