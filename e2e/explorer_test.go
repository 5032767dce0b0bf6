package e2e_test

import (
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

var end = time.Date(2026, 11, 22, 18, 4, 11, 0, time.UTC)

// has is an expression that says whether there is an element.
func has(selector string) string { return fmt.Sprintf("document.querySelector(%q) !== null", selector) }

// TestExplorerInEveryMount: the page, what is loaded behind it, and where its links lead.
func TestExplorerInEveryMount(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	for _, mount := range mounts {
		tab := s.open(browser.Look{})
		tab.Go(mount + "?tz=UTC") // a first visit is led to the browser's zone
		ready(t, tab)
		require.Equal(t, 100, tab.Count("tr[data-id]"), mount)
		require.Equal(t, 3, tab.Count(".facet"), mount)
		require.Positive(t, tab.Count(".bars a"), mount)
		require.LessOrEqual(t, len(tab.Sent()), 12, "%v", tab.Sent())
		for _, selector := range []string{".facet:nth-of-type(3) li a", "td.c-level a", "a.msg"} {
			tab.Go(mount)
			ready(t, tab)
			var href string
			tab.Eval(fmt.Sprintf("document.querySelector(%q).href", selector), &href)
			require.True(t, strings.HasPrefix(href, s.url+strings.TrimSuffix(mount, "/")+"/"), "%s: %s", mount, href)
			tab.Go(strings.TrimPrefix(href, s.url))
			require.Positive(t, tab.Count("tr[data-id], article.entry"), href)
		}
		require.Zero(t, tab.Overflow())
	}
}

// TestNobodyIsKeptOut: no violation, in light and dark, in both languages, on a phone, of
// what is open and of what is wrong.
func TestNobodyIsKeptOut(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(day(200, end)...)
	for _, lang := range []string{"en", "fr"} {
		for _, look := range []browser.Look{{Lang: lang}, {Lang: lang, Dark: true}, {Lang: lang, Phone: true, Width: 360, Height: 740}} {
			tab := s.open(look)
			tab.Allow("400|404")
			for _, path := range []string{"?limit=25", "?level=ERROR,CRITICAL&search=pay&range=30d&notActor=GUEST&limit=25&cols=time,level,message,meta.amount", "?search=nothing+like+it", "?level=X&startDate=y", "logs/log_000192", "logs/none", "facets", "histogram"} {
				tab.Go("/tools/logs/" + path)
				ready(t, tab)
				require.Empty(t, tab.Axe(), "%s in %s, %+v", path, lang, look)
				tab.Eval(`for (const d of document.querySelectorAll("details")) d.open = true`, nil)
				require.Empty(t, tab.Axe(), "%s in %s with all open, %+v", path, lang, look)
			}
		}
	}
}

// TestNarrow: no page is wider than its window, also one of 320 pixels, also where a word
// has no end.
func TestNarrow(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	long := strings.Repeat("x", 128)
	s.write(syslog.Log{
		ID: "long", Level: syslog.LevelCritical, Type: long, Actor: syslog.ActorUser, ActorID: long + long, Message: strings.Repeat(long, 20),
		Metadata: []byte(`{"` + long + `":"` + strings.Repeat(long, 20) + `","s":"a\n` + strings.Repeat(long, 4) + `"}`), CreatedAt: end,
	})
	for _, lang := range []string{"en", "fr"} {
		for _, width := range []int{320, 360, 720, 800, 1024} {
			tab := s.open(browser.Look{Width: width, Height: 800, Phone: width < 721, Lang: lang})
			tab.Allow("400")
			for _, path := range []string{"?limit=25&tz=America/Argentina/ComodRivadavia", "?search=" + long + "&type=" + long + "&actorId=" + long + long + "&startDate=2026-11-20&endDate=2026-11-23", "logs/long", "facets", "histogram", "?level=" + long, "?cols=time,level,actor,type,message,meta.a,meta.b,meta.c,meta.d"} {
				tab.Go("/tools/logs/" + path)
				ready(t, tab)
				require.Zero(t, tab.Overflow(), "%s at %d in %s", path[:min(len(path), 30)], width, lang)
				var cut []string
				tab.Eval(`[...document.querySelectorAll("details:not([open])")].map(d => {
					d.open = true;
					const pop = d.querySelector(":scope > .pop")?.getBoundingClientRect();
					const bad = document.documentElement.scrollWidth > innerWidth || pop && pop.left < 0;
					if (pop) d.open = false;
					return bad ? d.outerHTML.slice(0, 80) : "";
				}).filter(s => s)`, &cut)
				require.Empty(t, cut, "%s at %d in %s", path[:min(len(path), 30)], width, lang)
			}
		}
	}
}

// TestWithoutAScript: the same by forms and links alone.
func TestWithoutAScript(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	for _, mount := range mounts {
		tab := s.open(browser.Look{NoScript: true})
		tab.Go(mount)
		require.Zero(t, strings.Count(tab.Text("body"), "Counting"))
		tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="ERROR"]`)), chromedp.Click(chromedp.CSS(`.pill input[value="CRITICAL"]`)))
		tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "ayment\r"))
		at(t, tab, "level=ERROR,CRITICAL&search=ayment")
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=period] summary")), chromedp.Click(chromedp.CSS(`button[value="30d"]`)))
		at(t, tab, "level=ERROR,CRITICAL&range=30d&search=ayment")
		tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "p\r"))
		at(t, tab, "level=ERROR,CRITICAL&range=30d&search=payment")
		tab.Do(chromedp.Click(chromedp.CSS(".chip .x")))
		at(t, tab, "level=ERROR,CRITICAL&search=payment")
		for _, step := range [][2]string{{".side noscript a", ".lone .facet"}, {".lone a", "tr[data-id]"}, {"a.msg", "article.entry"}} {
			tab.Do(chromedp.Click(chromedp.CSS(step[0])))
			tab.Wait(has(step[1]))
		}
	}
}

// at waits until the page is at a query, in whatever zone.
func at(t *testing.T, tab *browser.Tab, query string) {
	t.Helper()
	tab.Wait(fmt.Sprintf("location.search.replace(/tz=[^&]*&?/, '').replace(/[?&]$/, '') === %q", strings.TrimSuffix("?"+query, "?")))
}

// TestSearchWithAScript: rows come without a new page, the address follows, and Back goes back.
func TestSearchWithAScript(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	for _, mount := range mounts {
		tab := s.open(browser.Look{})
		tab.Go(mount + "?lang=en")
		ready(t, tab)
		tab.Eval("window.same = true", nil)
		tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "corruption"))
		at(t, tab, "lang=en&search=corruption")
		tab.Wait("!(" + has("tr.r-info") + ") && " + has("tr.r-critical"))
		ready(t, tab)
		require.Contains(t, tab.Text("#announce"), "result")
		require.Equal(t, 1, tab.Count(".chip"))
		tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="ERROR"]`)))
		at(t, tab, "lang=en&search=corruption&level=ERROR")
		tab.Wait("!(" + has("tr[data-id]") + ")")
		var same bool
		tab.Eval("window.same === true", &same)
		require.True(t, same, "it is still the same page")
		tab.Eval("history.back()", nil)
		at(t, tab, "lang=en&search=corruption")
		tab.Wait(has("tr.r-critical"))
		ready(t, tab)
	}
}

// TestRowsOutliveAnOutage, and a late answer changes nothing.
func TestRowsOutliveAnOutage(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	var down atomic.Bool
	release := make(chan struct{})
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/rows") {
			return false
		}
		if r.URL.Query().Get("search") == "slow" {
			<-release
		}
		if down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
		}
		return down.Load()
	}
	tab := s.open(browser.Look{})
	tab.Allow("502|ERR_ABORTED")
	tab.Go("/tools/logs/")
	ready(t, tab)
	down.Store(true)
	tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "payment\r"))
	tab.Wait(has(`[data-notice="failed"]:not([hidden])`))
	require.Equal(t, 100, tab.Count("tr[data-id]"), "what was there stays")
	down.Store(false)
	tab.Eval(`document.getElementById("search").value = "slow"; document.getElementById("filters").requestSubmit()`, nil)
	tab.Eval(`document.getElementById("search").value = "corruption"; document.getElementById("filters").requestSubmit()`, nil)
	at(t, tab, "search=corruption")
	close(release)
	ready(t, tab)
	require.Zero(t, tab.Count(`[data-notice]:not([hidden])`))
	require.Positive(t, tab.Count("tr.r-critical"))
	at(t, tab, "search=corruption")
}

// TestHostileLog: no text of a log becomes markup, an address or a script.
func TestHostileLog(t *testing.T) {
	s := serve(t, admin.Options{})
	for i, evil := range []string{
		`<script>document.title="pwned"</script>`, `<img src=x onerror="document.title='pwned'">`, `"><svg onload=alert(1)>`, "javascript:alert(1)", "\u202egnp.exe", "a\r\n\x1b[31mb\x00", "</textarea></table><h1>x</h1>",
		strings.Repeat("\u0489", 300), `{{.}}${1}`, `<a href="https://evil.example">x</a>`,
	} {
		s.write(syslog.Log{ID: fmt.Sprintf("evil_%d", i), Level: syslog.LevelError, Type: evil[:min(len(evil), 100)], Actor: syslog.ActorUser, ActorID: evil, Message: evil,
			Metadata: []byte(fmt.Sprintf(`{"k":%q}`, strings.ToValidUTF8(evil[:min(len(evil), 20)], ""))), CreatedAt: end})
	}
	tab := s.open(browser.Look{})
	for _, path := range []string{"?search=%3Cscript%3E", "?cols=time,message,meta.k", "", "logs/evil_0", "logs/evil_1", "logs/evil_4", "logs/evil_6"} {
		tab.Go("/tools/logs/" + path)
		ready(t, tab)
		var title string
		tab.Eval("document.title", &title)
		require.True(t, strings.HasSuffix(title, "System logs"), title)
		require.Zero(t, tab.Count(`script:not([src]), main img, [onerror], [onload], a[href^="javascript"], a[href^="http"]`), path)
		require.Equal(t, 1, tab.Count("h1"))
	}
}

// TestActorsAreCountedWhenTheyAreLookedAt, once for each filter, and on the next page as well.
func TestActorsAreCountedWhenTheyAreLookedAt(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	var asked atomic.Int64
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/facets/actors") {
			asked.Add(1)
		}
		return false
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	require.Zero(t, asked.Load())
	tab.Do(chromedp.Click(chromedp.CSS("[data-lazy] > summary")))
	tab.Wait(has(`[data-region="actors"] a[href*="actorId="]`))
	require.EqualValues(t, 1, asked.Load())
	tab.Do(chromedp.Click(chromedp.CSS(`[data-region="facets"] a[href*="level=ERROR"]`)))
	tab.Wait(has(`[data-region="actors"] a[href*="level=ERROR"][href*="actorId="]`))
	require.EqualValues(t, 2, asked.Load())
	tab.Do(chromedp.Click(chromedp.CSS(".levels .lv-warning")))
	tab.Wait(has(`[data-region="actors"] a[href*="level=WARNING,ERROR"][href*="actorId="]`))
	require.EqualValues(t, 3, asked.Load())
	tab.Do(chromedp.Click(chromedp.CSS("[data-lazy] > summary")), chromedp.Click(chromedp.CSS(".levels .lv-info")))
	tab.Wait(has(`[data-region="facets"] a[href*="level=INFO,WARNING,ERROR,CRITICAL"]`))
	require.EqualValues(t, 3, asked.Load())
}
