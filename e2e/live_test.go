package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// hurry makes seconds pass fifty times as fast, and remembers how long was to be waited.
const hurry = `(() => {
	const real = setTimeout;
	window.waits = [];
	window.setTimeout = (f, ms = 0, ...rest) => { if (ms >= 1000) waits.push(ms); return real(f, ms >= 1000 ? ms / 50 : ms, ...rest); };
})()`

// quickly is a tab where little time passes, at the first of a list of 25.
func (s *site) quickly(query string) *browser.Tab {
	s.t.Helper()
	tab := s.open(browser.Look{})
	tab.Before(hurry)
	tab.Go("/tools/logs/?limit=25&tz=UTC" + query)
	ready(s.t, tab)
	aside(tab)
	return tab
}

// aside puts the pointer where there are no rows.
func aside(tab *browser.Tab) { tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, 2, 2)) }

// choose sets the control of the refresh.
func choose(tab *browser.Tab, value string) {
	tab.Eval(fmt.Sprintf(`{ const c = document.getElementById("refresh"); c.value = %q; c.dispatchEvent(new Event("change", {bubbles: true})); }`, value), nil)
}

var made atomic.Int64

// more logs n events, which are newer than all others.
func (s *site) more(n int) {
	s.t.Helper()
	for range n {
		i := made.Add(1)
		require.NoError(s.t, s.logger.Commit(context.Background(), syslog.Log{
			ID: fmt.Sprintf("new_%06d", i), Level: syslog.LevelError, Type: "PAYMENT_FAILED", Actor: syslog.ActorSystem, Message: fmt.Sprintf("new one %d", i), CreatedAt: time.Now().UTC().Truncate(time.Millisecond),
		}))
	}
}

// news is how many rows there are of those.
func news(n int) string {
	return fmt.Sprintf(`document.querySelectorAll("tr[data-id^=new_]").length === %d`, n)
}

func pill(n int) string {
	return fmt.Sprintf(`!document.getElementById("fresh").hidden && /^%d new logs? — show$/.test(document.getElementById("fresh").textContent)`, n)
}

// TestRefreshLeavesRowsWhatTheyAre: the same event is the same element, buttons stay where
// they are, what runs is what the control says, and starts again with the page.
func TestRefreshLeavesRowsWhatTheyAre(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(200, end)...)
	tab := s.quickly("&startDate=2026-01-01")
	tab.Eval(`for (const r of document.querySelectorAll("tr[data-id], #listtools")) r.kept = true`, nil)
	choose(tab, "10")
	s.more(3)
	tab.Wait(news(3))
	var kept, rows int
	tab.Eval(`[...document.querySelectorAll("tr[data-id]")].filter(r => r.kept).length`, &kept)
	tab.Eval(`document.querySelectorAll("tr[data-id]").length`, &rows)
	require.Equal(t, []int{22, 25}, []int{kept, rows})
	tab.Wait(`document.getElementById("listtools").kept`)
	tab.Wait(`document.querySelector(".status").textContent.includes("203 results")`)
	tab.Wait(`/^3 new logs$/.test(document.getElementById("announce").textContent)`)
	at(t, tab, "limit=25&startDate=2026-01-01")

	tab.Eval(`document.querySelector("tr[data-id^=new_] .msg").click()`, nil)
	tab.Wait(has("#drawer[open] article.entry"))
	tab.Eval(`document.getElementById("drawer").close()`, nil)

	tab.Go("/tools/logs/?limit=25&tz=UTC")
	ready(t, tab)
	tab.Wait(`document.getElementById("refresh").value === "10"`)
	s.more(1)
	tab.Wait(news(4))
	choose(tab, "0")
	tab.Wait(`JSON.parse(localStorage.getItem("syslog-admin:v1:/tools/logs/")).refresh === "0"`)
	tab.Wait(`document.cookie === "" && localStorage.length === 1 && sessionStorage.length === 0`)
}

// TestNothingMovesUnderSomebody who reads, points, selects or handles: it is only counted.
func TestNothingMovesUnderSomebody(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(200, end)...)
	for _, mode := range []string{"10", "live"} {
		tab := s.quickly("")
		choose(tab, mode)
		tab.Wait(fmt.Sprintf(`document.getElementById("refresh").value === %q && (%q !== "live" || document.documentElement.dataset.live === "on")`, mode, mode))
		for _, c := range []struct{ name, do, still, undo string }{
			{"reads further below", `scrollTo(0, 300)`, `scrollY === 300`, `scrollTo(0, 0)`},
			{"selects", `getSelection().selectAllChildren(document.querySelector("tr[data-id]:nth-of-type(4)"))`, `!getSelection().isCollapsed`, `getSelection().removeAllRanges()`},
			{"has a menu open", `document.querySelector("[data-menu=columns]").open = true; document.querySelector("[data-menu=columns] a").focus()`, `document.querySelector("[data-menu=columns]").open && document.activeElement.closest("[data-menu=columns]")`, `document.querySelector("[data-menu=columns]").open = false; document.activeElement.blur()`},
			{"is at a row", `window.at = document.querySelectorAll("tr[data-id] .msg")[3]; at.focus({preventScroll: true})`, `document.activeElement === at`, `document.activeElement.blur()`},
			{"points at a row", ``, `document.querySelector(".logs tbody:hover")`, ``},
		} {
			t.Log(mode, c.name)
			if c.do == "" {
				var place struct{ X, Y float64 }
				tab.Eval(`(({x, y}) => ({x: x + 5, y: y + 5}))(document.querySelector("tr[data-id]").getBoundingClientRect())`, &place)
				tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, place.X, place.Y))
				tab.Wait(c.still)
			} else {
				tab.Eval("{"+c.do+"}", nil)
			}
			tab.Eval(`window.tops = [...document.querySelectorAll("tr[data-id]")].map(r => [r, r.getBoundingClientRect().top])`, nil)
			s.more(2)
			tab.Wait(pill(2))
			tab.Wait(`tops.every(([r, y]) => r.isConnected && r.getBoundingClientRect().top === y)`)
			tab.Wait(c.still)
			if aside(tab); c.undo != "" {
				tab.Eval("{"+c.undo+"}", nil)
			}
			tab.Eval(`document.getElementById("fresh").click()`, nil)
			tab.Wait(`document.getElementById("fresh").hidden && [...document.querySelectorAll("tr[data-id]")].indexOf(tops[0][0]) === 2`)
		}
	}
}

// TestRefreshWaits while something is open above the page, and while nobody looks.
func TestRefreshWaits(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	var asked atomic.Int64
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/rows") {
			asked.Add(1)
		}
		return false
	}
	tab := s.quickly("")
	choose(tab, "10")
	require.Eventually(t, func() bool { return asked.Load() > 0 }, 20*time.Second, 10*time.Millisecond)
	tab.Eval(`document.getElementById("keys").showModal(); waits.length = 0`, nil)
	tab.Wait(`waits.length > 1`)
	before := asked.Load()
	tab.Wait(`waits.length > 5`)
	require.Equal(t, before, asked.Load())
	tab.Eval(`document.getElementById("keys").close()`, nil)
	require.Eventually(t, func() bool { return asked.Load() > before }, 20*time.Second, 10*time.Millisecond)

	tab.Eval(`Object.defineProperty(document, "hidden", {configurable: true, get: () => true}); document.dispatchEvent(new Event("visibilitychange")); waits.length = 0; window.setTimeout(() => { window.later = true }, 60000)`, nil)
	before = asked.Load()
	tab.Wait(`window.later`)
	require.LessOrEqual(t, asked.Load(), before+1, "the one that was on its way")
	before = asked.Load()
	tab.Eval(`delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))`, nil)
	require.Eventually(t, func() bool { return asked.Load() > before }, 20*time.Second, 10*time.Millisecond)
}

// TestFailedRefresh keeps the rows, waits longer every time, and says so from the second one
// on. Who is not logged in any more is asked to be.
func TestFailedRefresh(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	var status, failed atomic.Int64
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/rows") || status.Load() == 0 {
			return false
		}
		failed.Add(1)
		http.Error(w, "no", int(status.Load()))
		return true
	}
	tab := s.quickly("")
	tab.Allow("503|401")
	status.Store(503)
	tab.Eval(`waits.length = 0`, nil) // what the page itself waited for
	choose(tab, "10")
	tab.Wait(`waits.filter(ms => ms !== 6000).length > 6`)
	var waits []int
	tab.Eval(`waits.filter(ms => ms !== 6000)`, &waits)
	require.Equal(t, []int{10_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000}, waits[:7])
	tab.Wait(has(`[data-notice="failed"]:not([hidden])`))
	require.Equal(t, 25, tab.Count("tr[data-id]"))
	status.Store(0)
	tab.Eval(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "r", bubbles: true}))`, nil)
	tab.Wait(`!document.querySelector("[data-notice]:not([hidden])")`)
	status.Store(401)
	tab.Wait(has(`[data-notice="session"]:not([hidden])`))
	tab.Wait(`document.getElementById("refresh").value === "0"`)
	require.Equal(t, 25, tab.Count("tr[data-id]"))
}

// TestRefreshIsOneControlInWords, which says why it cannot be live.
func TestRefreshIsOneControlInWords(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	for lang, want := range map[string]string{"en": "Off|10 s|30 s|1 min|5 min|Live", "fr": "Non|10 s|30 s|1 min|5 min|Direct"} {
		tab := s.open(browser.Look{})
		for query, why := range map[string]map[string]string{
			"": {"en": "", "fr": ""}, "&endDate=2026-12-01": {"en": " — not with an end date", "fr": " — pas avec une date de fin"},
			"&orderBy=asc": {"en": " — only on the first page, newest first", "fr": " — seulement sur la première page, du plus récent au plus ancien"},
		} {
			tab.Go("/tools/logs/?tz=UTC&lang=" + lang + query)
			tab.Wait(fmt.Sprintf(`[...document.querySelectorAll("#refresh option")].map(o => o.text).join("|").replace(/\s/g, " ") === %q`, want+why[lang]))
			tab.Wait(fmt.Sprintf(`document.querySelector("#refresh option:last-child").disabled === %v`, why[lang] != ""))
		}
	}
}
