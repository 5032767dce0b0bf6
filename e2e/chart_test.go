package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestChartIsHidden where somebody does not want it: it is not loaded then, that stays so, and
// nothing moves while the page comes. Its period becomes wider, also without a script.
func TestChartIsHidden(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	for _, look := range []browser.Look{{Lang: "en"}, {Lang: "fr", Phone: true, Width: 320, Height: 740}} {
		tab := s.open(look)
		loads := func() (n int) {
			for _, sent := range tab.Sent() {
				if strings.Contains(sent, "/histogram") {
					n++
				}
			}
			return n
		}
		tab.Go("/tools/logs/?tz=UTC&startDate=2026-11-22&endDate=2026-11-22")
		ready(t, tab)
		require.LessOrEqual(t, tab.Vitals().CLS, 0.02)
		require.Zero(t, tab.Overflow())
		require.Equal(t, 1, loads())
		tab.Wait(`(([a, b]) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top)([document.getElementById("wider"), document.getElementById("chart")].map(e => e.getBoundingClientRect()))`)
		require.Empty(t, tab.Axe())
		tab.Do(chromedp.Click(chromedp.CSS("#chart")))
		tab.Wait(`document.getElementById("chart").getAttribute("aria-expanded") === "false" && !document.querySelector(".bars").checkVisibility()`)
		tab.Do(chromedp.Click(chromedp.CSS(`.pager [rel=next], .chip .x`)))
		tab.Wait(`document.readyState === "complete" && ` + has("tr[data-id]"))
		came := `document.readyState === "complete" && !document.querySelector("[data-region=facets] .pending, [aria-busy=true]")`
		tab.Wait(came)
		require.LessOrEqual(t, tab.Vitals().CLS, 0.02)
		require.Equal(t, 1, loads(), "it is not there")
		require.Empty(t, tab.Axe())
		require.Zero(t, tab.Overflow())
		tab.Do(chromedp.Click(chromedp.CSS("#chart")))
		tab.Wait(has(".bars") + ` && document.querySelector(".bars").checkVisibility() && document.getElementById("chart").getAttribute("aria-expanded") === "true"`)
		require.Equal(t, 2, loads())
		tab.Go("/tools/logs/?tz=UTC&startDate=2026-11-22&endDate=2026-11-22")
		ready(t, tab)
		tab.Do(chromedp.Click(chromedp.CSS("#wider")))
		tab.Wait(`location.search.includes("startDate=2026-11-21T") && !location.search.includes("2026-11-22")`)
	}
	tab := s.open(browser.Look{NoScript: true})
	tab.Go("/tools/logs/histogram?startDate=2026-11-22&endDate=2026-11-22")
	tab.Do(chromedp.Click(chromedp.CSS("#wider")))
	tab.Wait(`location.search.includes("startDate=2026-11-2") && ` + has("tr[data-id]"))
}

// TestAsidesComeBehindTheRows: what counts them is asked for when they are painted, and in time
// where a browser does not say when that is.
func TestAsidesComeBehindTheRows(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	tab := s.open(browser.Look{})
	tab.Before(`(set => { window.setTimeout = (f, ms, ...more) => set(f, ms === 1000 ? 1e6 : ms, ...more); })(setTimeout.bind(window));
		window.PerformanceObserver = class {
			constructor(tell) { this.tell = tell; }
			observe({ type }) { if (type === "paint") window.paint = () => this.tell({ getEntriesByName: () => [{}] }, this); }
			disconnect() {}
		}`)
	counted := func() (n int) {
		for _, sent := range tab.Sent() {
			if strings.Contains(sent, "/facets") || strings.Contains(sent, "/histogram") {
				n++
			}
		}
		return n
	}
	tab.Go("/tools/logs/?tz=UTC")
	tab.Wait(`document.readyState === "complete" && window.paint && document.getElementById("refresh")`)
	time.Sleep(200 * time.Millisecond) // there is nothing that could be waited for
	require.Zero(t, counted())
	tab.Eval(`paint()`, nil)
	ready(t, tab)
	require.Equal(t, 2, counted())

	tab = s.open(browser.Look{})
	tab.Before(`window.PerformanceObserver = class { observe() {} disconnect() {} }`)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	require.NotZero(t, tab.Count(".bars a"))
}

// TestActorsWhereFacetsFail: what is beside them is there all the same.
func TestActorsWhereFacetsFail(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/facets") {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	tab := s.open(browser.Look{})
	tab.Allow("503")
	tab.Go("/tools/logs/?tz=UTC")
	tab.Wait(has("[data-region=facets][data-gave-up]"))
	tab.Do(chromedp.Click(chromedp.CSS(".lazy > summary")))
	tab.Wait(has(`[data-region=actors] a[href*="actorId="]`))
}
