package e2e_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// framing is a page with another one in a frame.
func framing(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><title>A console</title><link rel="icon" href="data:,"><iframe src="%s" width="900" height="700" onload="window.loaded = true"></iframe>`, address)
	}
}

// TestEmbedded: the page works in a frame of an origin that the host names, and is not shown
// in one of another.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	var address string
	open := func() *httptest.Server {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { framing(address)(w, r) }))
		t.Cleanup(srv.Close)
		return srv
	}
	console, stranger := open(), open()
	s := serve(t, admin.Options{FrameAncestors: []string{"self", console.URL}})
	s.write(day(40, time.Now().Add(-time.Minute))...)
	address = s.url + "/tools/logs/?tz=Europe/Paris&limit=10"
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		own := r.URL.Path == "/console"
		if own {
			framing(address)(w, r)
		}
		return own
	}
	asked := func(tab *browser.Tab, what string) bool {
		for _, at := range tab.Sent() {
			if strings.HasPrefix(at, s.url+"/tools/logs/"+what) {
				return true
			}
		}
		return false
	}
	t.Run("its own origin", func(t *testing.T) {
		tab := browser.Open(t, s.url, browser.Look{})
		tab.Go("/console")
		const frame = `document.querySelector("iframe").contentDocument`
		tab.Wait(frame + `.querySelectorAll("tr[data-id]").length === 10 && !` + frame + `.querySelector("[data-load]:not([data-lazy]:not([open]) *) .pending")`)
		tab.Eval(frame+`.querySelector("tr[data-id] .msg").click()`, nil)
		tab.Wait(frame + `.querySelector("#drawer[open] article.entry .tree")`)
	})
	t.Run("an origin that is named", func(t *testing.T) {
		tab := browser.Open(t, console.URL, browser.Look{})
		tab.Allow("request to another origin: " + s.url + "/tools/logs/")
		tab.Allow("Blocked autofocusing") // the focus is the console's
		tab.Go("/")
		require.Eventually(t, func() bool { return asked(tab, "facets?") && asked(tab, "histogram?") }, 20*time.Second, 20*time.Millisecond)
	})
	t.Run("an origin that is not", func(t *testing.T) {
		tab := browser.Open(t, stranger.URL, browser.Look{})
		tab.Allow("request to another origin: " + s.url + `/tools/logs/\?`)
		tab.Allow("frame-ancestors|ERR_BLOCKED_BY_RESPONSE")
		tab.Go("/")
		tab.Wait("window.loaded")
		require.True(t, asked(tab, "?"))
		require.False(t, asked(tab, "assets/"))
	})
}
