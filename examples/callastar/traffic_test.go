package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func (s service) count() int64 {
	s.t.Helper()
	page, err := s.logger.Query(s.t.Context(), syslog.Query{Limit: 1})
	require.NoError(s.t, err)
	return page.Pagination.TotalCount
}

func TestAHistoryIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var out bytes.Buffer
	require.NoError(t, s.pretend(t.Context(), &out, 0))
	require.Zero(t, s.count())
	require.NoError(t, s.pretend(t.Context(), &out, 5001))
	require.EqualValues(t, 5001, s.count())
	require.Contains(t, out.String(), "# 5001 of 5001 invented events written")
	require.NoError(t, s.pretend(t.Context(), &out, 50_000))
	require.EqualValues(t, 5001, s.count())
}

func TestAHistoryThatIsCutShort(t *testing.T) {
	t.Parallel()
	s := newService(t)
	require.ErrorIs(t, s.pretend(t.Context(), brokenWriter{}, 10_000), errBroken)
	require.EqualValues(t, demoBatch, s.count())
	s = newService(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.pretend(ctx, &bytes.Buffer{}, 10), context.Canceled)
}

var errBroken = errors.New("broken")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

// TestATailOutlivesTheServersTimeout, has what is invented, and is over when the service
// stops, which does not wait for it.
func TestATailOutlivesTheServersTimeout(t *testing.T) {
	t.Parallel()
	const timeout = 200 * time.Millisecond
	a, url, stop := serving(t, options{writeTimeout: timeout, demo: demoOptions{rate: 100}})
	token := a.sessions.start(User{ID: "adm_kim", Role: roleAdmin})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url+logsPath+"/tail", nil)
	require.NoError(t, err)
	req.Header = bearer(token)
	start := time.Now()
	res, err := (&http.Client{Transport: transport}).Do(req)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	require.Equal(t, http.StatusOK, res.StatusCode)
	late := false
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if lines.Text() == "event: log" && time.Since(start) > 3*timeout {
			late = true
			stop() // has an error, at the end of the test, where it waits for the tail
		}
		if strings.Contains(lines.Text(), `"reason":"over"`) {
			break
		}
	}
	require.NoError(t, lines.Err())
	require.True(t, late, "the tail has ended with the timeout")
}
