package admin_test

import (
	"net/http/httptest"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

func TestAccessLogPath(t *testing.T) {
	for target, want := range map[string]string{
		"/dashboard/admin/system-logs?search=jane@example.com&actorId=usr_1":     "/dashboard/admin/system-logs",
		"/api/admin/system-logs/actors/usr_1/erase?lang=fr":                      "/api/admin/system-logs/actors/*/erase",
		"/x/api/admin/system-logs/actors/jane%2Fdoe%40example.com/erase-preview": "/x/api/admin/system-logs/actors/*/erase-preview",
		"/api/admin/system-logs/actors/usr_1":                                    "/api/admin/system-logs/actors/*",
		"/api/admin/system-logs/01HX/reveal":                                     "/api/admin/system-logs/01HX/reveal",
		"/":                                                                      "/",
	} {
		require.Equal(t, want, admin.AccessLogPath(httptest.NewRequest("GET", target, nil)))
	}
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path, r.URL.RawPath = "", ""
	require.Empty(t, admin.AccessLogPath(r))
}
