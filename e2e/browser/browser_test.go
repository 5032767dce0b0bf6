package browser_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

const patience, poll = 10 * time.Second, 10 * time.Millisecond

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// recorder takes a test's place: it hears of failures, and is not ended by them.
type recorder struct {
	testing.TB
	errors   []string
	cleanups []func()
}

func (r *recorder) Helper()           {}
func (r *recorder) Error(args ...any) { r.errors = append(r.errors, fmt.Sprint(args...)) }
func (r *recorder) Cleanup(f func())  { r.cleanups = append(r.cleanups, f) }
func (r *recorder) end() {
	for _, f := range r.cleanups {
		f()
	}
}

// TestFaultsAreHeard: each thing that must fail a test does, and a page without is silent.
func TestFaultsAreHeard(t *testing.T) {
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	pages := map[string][2]string{ // body and script, what is heard
		"/fine":      {`<p>fine</p>`, ""},
		"/console":   {`<script src="console.js"></script>`, "console.error: so wrong"},
		"/throw":     {`<script src="throw.js"></script>`, "uncaught: "},
		"/reject":    {`<script src="reject.js"></script>`, "uncaught: "},
		"/dialog":    {`<script src="dialog.js"></script>`, "dialog: well?"},
		"/inline":    {`<script>document.title = "x"</script>`, "policy: script-src"},
		"/style":     {`<p style="color: red">x</p>`, "policy: style-src"},
		"/sink":      {`<script src="sink.js"></script>`, "TrustedHTML"},
		"/elsewhere": {`<img alt="x" src="` + elsewhere.URL + `/x.png">`, "request to another origin"},
		"/missing":   {`<img alt="x" src="missing.png">`, "network error"},
	}
	scripts := map[string]string{
		"/console.js": `console.error("so wrong")`, "/throw.js": `throw new Error("x")`, "/reject.js": `Promise.reject(new Error("x"))`,
		"/dialog.js": `alert("well?")`, "/sink.js": `document.documentElement.innerHTML = "<b>x</b>"`,
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if js, ok := scripts[r.URL.Path]; ok {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = io.WriteString(w, js)
			return
		}
		page, ok := pages[r.URL.Path]
		if !ok && r.URL.Path != "/favicon.ico" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src * data:; require-trusted-types-for 'script'")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>x</title><link rel="icon" href="data:,">%s`, page[0])
	}))
	defer srv.Close()
	for path, page := range pages {
		heard := &recorder{TB: t}
		tab := browser.Open(heard, srv.URL, browser.Look{})
		tab.Go(path)
		if page[1] == "" {
			require.Empty(t, tab.Faults(), path)
		} else {
			require.Eventually(t, func() bool { return strings.Contains(strings.Join(tab.Faults(), "\n"), page[1]) }, patience, poll, "%s: %v", path, tab.Faults())
		}
		heard.end()
		require.Equal(t, page[1] != "", len(heard.errors) > 0, path)

		heard = &recorder{TB: t}
		tab = browser.Open(heard, srv.URL, browser.Look{})
		tab.Allow(".")
		tab.Go(path)
		heard.end()
		require.Empty(t, heard.errors, path)
	}
}

// TestLook: what a look promises is what the page sees.
func TestLook(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="en"><title>x</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><p id="lang">%s</p><img src="data:,">`, r.Header.Get("Accept-Language"))
	}))
	defer srv.Close()
	tab := browser.Open(t, srv.URL, browser.Look{Width: 360, Height: 700, Dark: true, Lang: "fr", Zone: "America/New_York", Phone: true})
	tab.Go("/")
	require.Equal(t, "fr", tab.Text("#lang"))
	var seen []any
	tab.Eval(`[innerWidth, matchMedia("(prefers-color-scheme: dark)").matches, Intl.DateTimeFormat().resolvedOptions().timeZone, matchMedia("(pointer: coarse)").matches]`, &seen)
	require.Equal(t, []any{360.0, true, "America/New_York", true}, seen)
	require.Zero(t, tab.Overflow())
	require.Equal(t, 1, tab.Count("img"))
	violations := tab.Axe()
	require.NotEmpty(t, violations, "an image without a text")
	require.Contains(t, strings.Join(violations, "\n"), "image-alt")
	path := filepath.Join(t.TempDir(), "a", "b.png")
	tab.Shot(path)
	image, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "\x89PNG", string(image[:4]))
}
