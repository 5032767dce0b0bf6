package admin_test

import (
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestPageOfAHost: its own links in the header, and the period that it opens with.
func TestPageOfAHost(t *testing.T) {
	s := open(t, admin.Options{DefaultRange: "24h", NavLinks: []admin.NavLink{{Text: "Logs <financiers>", URL: "/dashboard/admin/logs"}, {Text: "Out", URL: "https://example.com/?a=1&b=2"}}})
	w := s.do("GET", "/dashboard/admin/system-logs/?lang=fr", "")
	require.Equal(t, 303, w.Code)
	require.Equal(t, "./?lang=fr&range=24h", w.Header().Get("Location"))
	w = s.do("GET", "/dashboard/admin/system-logs/?range=all", "")
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), `<a href="/dashboard/admin/logs">Logs &lt;financiers&gt;</a>`)
	require.Contains(t, w.Body.String(), `<a href="https://example.com/?a=1&amp;b=2">Out</a>`)
	for _, opts := range []admin.Options{
		{DefaultRange: "2d"}, {NavLinks: []admin.NavLink{{URL: "/x"}}}, {NavLinks: []admin.NavLink{{Text: "x"}}}, {NavLinks: []admin.NavLink{{Text: "x", URL: "javascript:alert(1)"}}},
	} {
		opts.Authorize = boss
		_, err := admin.New(s.logger, &opts)
		require.ErrorContains(t, err, "invalid Options")
	}
}
