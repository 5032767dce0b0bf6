package admin_test

import (
	"html"
	"net/http/httptest"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestHelp: its lines are for where this handler is.
func TestHelp(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "very-secret"})
	for path, want := range map[string]string{"/anywhere/help": "http://example.com/anywhere/api/", page + "/help?lang=fr": "http://example.com" + page + "/api/"} {
		w := s.view(path)
		require.Equal(t, 200, w.Code)
		body := html.UnescapeString(w.Body.String())
		require.Contains(t, body, "curl -sS -b \"$COOKIE\" '"+want+"admin/system-logs?")
		require.Contains(t, body, "'"+want+"cron/cleanup-logs'")
		require.NotContains(t, body, "very-secret")
		require.Contains(t, body, `href="./api/admin/system-logs/openapi.json"`)
		require.Contains(t, body, "<kbd>Esc</kbd>")
	}
	for _, evil := range []string{"a'; rm -rf ~ #.example", "<b>", "a b"} {
		r := httptest.NewRequest("GET", "/anywhere/help", nil)
		r.Host = evil
		w := httptest.NewRecorder()
		s.mux.ServeHTTP(w, r)
		require.NotContains(t, html.UnescapeString(w.Body.String()), evil)
		require.Contains(t, w.Body.String(), "http://localhost/anywhere/")
	}
	secure := s.view("/anywhere/help", "X-Forwarded-Proto", "https").Body.String()
	require.Contains(t, secure, "https://example.com/anywhere/")
	require.Equal(t, 400, s.view("/anywhere/help?level=INFO").Code)
}
