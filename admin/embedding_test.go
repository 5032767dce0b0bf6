package admin_test

import (
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestWhoMayEmbed: those that the host names, the page and its parts alone.
func TestWhoMayEmbed(t *testing.T) {
	for want, ancestors := range map[string][]string{
		"'none'": nil,
		"'self'": {"self"},
		"'self' https://console.example.com http://localhost:8080": {"self", "https://console.example.com", "http://localhost:8080"},
	} {
		s := open(t, admin.Options{FrameAncestors: ancestors})
		for _, path := range []string{"/", "/rows", "/help", "/nothing", "/?level=X"} {
			require.Contains(t, s.view("/anywhere"+path).Header().Get("Content-Security-Policy"), "; frame-ancestors "+want+"; ", path)
		}
		for _, path := range []string{logs, logs + "/none", logs + "/openapi.json"} {
			require.Equal(t, "default-src 'none'; frame-ancestors 'none'", s.do("GET", path, "").Header().Get("Content-Security-Policy"), path)
		}
	}
	s := open(t, admin.Options{})
	for _, wrong := range []string{
		"", "*", "none", "'self'", "https:", "https://*.example.com", "example.com", "ftp://example.com", "https://a.example/", "https://a.example/x", "https://a.example?x", "https://a.example#x",
		"https://u@a.example", "https://a.example:", "https://a.example:0", "https://a.example:65536", "https://a.example; script-src *", "https://a.example https://b.example", "https://a.example\n", "https://é.example", "https://a..example",
	} {
		_, err := admin.New(s.logger, &admin.Options{Authorize: boss, FrameAncestors: []string{"self", wrong}})
		require.ErrorContains(t, err, "FrameAncestors[1]", "%q", wrong)
	}
}
