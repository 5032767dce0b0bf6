package e2e_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// loggedOut are what a program may say to somebody whose session has ended.
var loggedOut = map[string]http.HandlerFunc{
	"leads to a login": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/login", http.StatusSeeOther) },
	"leads elsewhere": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://login.invalid/", http.StatusFound)
	},
	"shows a login": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<h1>Sign in</h1>"))
	},
	"other JSON": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"login":"/login"}`))
	},
	"401": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusUnauthorized) },
}

// TestSessionThatHasEnded is never taken for a success: nothing is said to be deleted,
// revealed or copied, and the page asks to log in.
func TestSessionThatHasEnded(t *testing.T) {
	const asks = `!document.querySelector("dialog[open]") && document.querySelector('[data-notice="session"]:not([hidden])')?.checkVisibility()`
	for name, answer := range loggedOut {
		t.Run(name, func(t *testing.T) {
			s := serve(t, admin.Options{})
			s.write(old(40)...)
			s.write(secret)
			var out atomic.Bool
			s.gate = func(w http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/login" {
					loggedOut["shows a login"](w, r)
					return true
				}
				gone := out.Load() && (strings.Contains(r.URL.Path, "/api/") || r.Method == http.MethodPost)
				if gone {
					answer(w, r)
				}
				return gone
			}
			silent := func(tab *browser.Tab) {
				t.Helper()
				tab.Wait(asks)
				require.Empty(t, tab.Text("#toast"))
			}
			tab := s.removing("&type=OLD&endDate=2024-06-01")
			tab.Allow("401|login.invalid")
			tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
			tab.Wait(step(2))
			tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
			tab.Wait(step(3))
			out.Store(true)
			tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
			silent(tab)
			require.Equal(t, 41, s.left())
			tab.Eval(`document.querySelector('[data-notice="session"]').hidden = true`, nil)
			tab.Do(chromedp.Click(chromedp.CSS("#listtools a[href*=delete]")), chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
			silent(tab)

			tab.Before(clipboard)
			for _, path := range []string{"?tz=UTC&log=a%2Fsecret+%C3%BC", "logs/a%2Fsecret%20%C3%BC?tz=UTC"} {
				for _, button := range []string{"[data-copy=json]", "[data-reveal]"} {
					tab.Go("/tools/logs/" + path)
					tab.Wait(has("article.entry .tree"))
					tab.Do(chromedp.Click(chromedp.CSS("article.entry " + button)))
					silent(tab)
					require.Zero(t, tab.Count("[data-revealed]"))
					tab.Wait("window.copied === undefined")
				}
			}
		})
	}
}

// TestListOfASessionThatHasEnded says so, wherever its login is.
func TestListOfASessionThatHasEnded(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(old(40)...)
	var out atomic.Pointer[http.HandlerFunc]
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		answer := out.Load()
		gone := answer != nil && strings.HasSuffix(r.URL.Path, "/rows")
		if gone {
			(*answer)(w, r)
		}
		return gone
	}
	for name, answer := range loggedOut {
		out.Store(nil)
		tab := s.open(browser.Look{})
		tab.Allow("401|login.invalid")
		tab.Go("/tools/logs/?tz=UTC")
		ready(t, tab)
		out.Store(&answer)
		tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "x1\r"))
		tab.Wait(has(`[data-notice="session"]:not([hidden])`))
		require.Equal(t, 40, tab.Count("tr[data-id]"), name)
		tab.Wait(`document.querySelector('[data-notice="failed"]').hidden`)
	}
}
