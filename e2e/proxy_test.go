package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestBehindAProxyThatStrips: what the page copies leads back to where it is.
func TestBehindAProxyThatStrips(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{PublicPath: "/ops"})
	s.write(day(40, time.Now().Add(-time.Minute))...)
	to, err := url.Parse(s.url)
	require.NoError(t, err)
	proxy := httptest.NewServer(http.StripPrefix("/ops", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
	}}))
	t.Cleanup(proxy.Close)
	tab := browser.Open(t, proxy.URL, browser.Look{})
	tab.Before(clipboard)
	for _, mount := range mounts {
		at, _ := strings.CutSuffix(proxy.URL+"/ops"+mount, "/")
		tab.Go("/ops" + mount + "?tz=UTC&level=INFO")
		ready(t, tab)
		for copies, want := range map[string]string{
			"link": proxy.URL + "/ops" + mount + "?tz=UTC&level=INFO", "curl": "curl -H 'Accept: application/json' '" + at + "/api/admin/system-logs?tz=UTC&level=INFO",
		} {
			tab.Eval(`window.copied = undefined; document.querySelector("[data-menu=copy]").open = true`, nil)
			tab.Do(chromedp.Click(chromedp.CSS("[data-copy=" + copies + "]")))
			tab.Wait("window.copied !== undefined")
			var copied string
			tab.Eval("window.copied", &copied)
			require.Contains(t, copied, want)
		}
		tab.Go("/ops" + mount + "?tz=UTC")
		tab.Do(chromedp.Click(chromedp.CSS(`nav.tabs a[href*="help"]`)))
		tab.Wait(`document.documentElement.dataset.page === "help"`)
		require.Contains(t, tab.Text("main"), `'`+at+`/api/cron/cleanup-logs'`)
	}
}
