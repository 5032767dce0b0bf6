package admin_test

import (
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestBehindAProxyThatStrips: links lead where the browser is, and lines for a shell have
// the prefix that only the proxy sees.
func TestBehindAProxyThatStrips(t *testing.T) {
	s := open(t, admin.Options{PublicPath: "/ops/a%20b"})
	s.write(some(3)...)
	inner := httptest.NewServer(s.mux)
	defer inner.Close()
	to, err := url.Parse(inner.URL)
	require.NoError(t, err)
	outer := httptest.NewServer(http.StripPrefix("/ops/a b", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}))
	defer outer.Close()
	client := outer.Client()
	get := func(at string) string {
		t.Helper()
		answer, err := client.Get(at)
		require.NoError(t, err)
		defer answer.Body.Close()
		var body strings.Builder
		_, err = io.Copy(&body, answer.Body)
		require.NoError(t, err)
		require.Equal(t, 200, answer.StatusCode, at)
		return html.UnescapeString(body.String())
	}
	for _, mount := range []string{page, "/anywhere"} {
		at := outer.URL + "/ops/a%20b" + mount + "/"
		body := get(at + "help")
		require.Contains(t, body, "curl -sS -b \"$COOKIE\" '"+at+"api/admin/system-logs?")
		require.Contains(t, body, "'"+at+"api/cron/cleanup-logs'")
		require.NotContains(t, body, inner.URL)
		require.Contains(t, get(at+"api/admin/system-logs?level=ERROR,CRITICAL&range=24h&limit=50"), `"success":true`)
		here, err := url.Parse(at + "help")
		require.NoError(t, err)
		for _, link := range links(&httptest.ResponseRecorder{Body: bytes.NewBufferString(body)}) {
			there, err := here.Parse(link)
			require.NoError(t, err)
			get(there.String())
		}
	}
	for _, wrong := range []string{"ops", "/", "/ops/", "//ops", "/a//b", "/..", "/a/../b", "/.", "/a?b", "/a#b", "/a b", "/a\n", "/a'b", "/a$(b)", "/é", "https://a.example/x"} {
		_, err := admin.New(s.logger, &admin.Options{Authorize: boss, PublicPath: wrong})
		require.ErrorContains(t, err, "PublicPath", "%q", wrong)
	}
}
