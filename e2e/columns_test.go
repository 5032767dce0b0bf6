package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// columnsKept are those that the browser keeps.
const columnsKept = `(JSON.parse(localStorage.getItem("syslog-admin:v1:/tools/logs/") ?? "{}").cols ?? "")`

// addColumn sends the form of the menu.
func addColumn(tab *browser.Tab, path string) {
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=columns] summary")), chromedp.SendKeys(chromedp.CSS("[name=_col]"), path), chromedp.Click(chromedp.CSS("[data-menu=columns] form button")))
}

// TestColumnsThatAreRefused are not kept: what was there before comes with the next visit.
func TestColumnsThatAreRefused(t *testing.T) {
	t.Parallel()
	const good = "time,level,actor,type,message,meta.amount"
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	for _, before := range []string{"", good} {
		tab := s.open(browser.Look{})
		tab.Allow("400")
		tab.Go("/tools/logs/?tz=UTC")
		ready(t, tab)
		if before != "" {
			addColumn(tab, "amount")
			tab.Wait(has(`td.c-meta`) + ` && ` + columnsKept + ` === "` + before + `"`)
		}
		for _, path := range []string{`end\`, "a.b.c.d.e.f.g.h.i"} {
			addColumn(tab, path)
			tab.Wait(has("#list .problem[data-wrong=cols]") + ` && document.readyState === "complete"`)
			tab.Wait(columnsKept + ` === "` + before + `"`)
			tab.Do(chromedp.Click(chromedp.CSS("#list .problem a")))
			tab.Wait(has("tr[data-id]"))
			tab.Go("/tools/logs/")
			ready(t, tab)
			tab.Wait(has("tr[data-id]") + ` && (new URLSearchParams(location.search).get("cols") ?? "") === "` + before + `"`)
		}
		for _, path := range []string{"user,email", "  "} {
			addColumn(tab, path)
			tab.Wait(`document.querySelector("[name=_col]").matches(":invalid") && !location.search.includes("_col") && ` + columnsKept + ` === "` + before + `"`)
			tab.Eval(`document.querySelector("[name=_col]").value = ""; document.querySelector("[data-menu=columns]").open = false`, nil)
		}
	}
}

// TestColumnsThatAreWrong and were kept are forgotten; others are not, whatever else is wrong.
func TestColumnsThatAreWrong(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	tab.Allow("400")
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	keep := func(cols string) {
		tab.Eval(`localStorage.setItem("syslog-admin:v1:/tools/logs/", JSON.stringify({cols: "`+cols+`", density: "compact"}))`, nil)
	}
	keep("time,meta.user,email")
	tab.Go("/tools/logs/?tz=UTC")
	tab.Wait(has("#list .problem") + ` && ` + columnsKept + ` === ""`)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	tab.Wait(has("tr[data-id]") + ` && document.documentElement.dataset.density === "compact"`)

	keep("time,message")
	for _, query := range []string{"?tz=UTC&startDate=never", "?tz=UTC&cols=none"} {
		tab.Go("/tools/logs/" + query)
		tab.Wait(has("#list .problem") + ` && document.readyState === "complete"`)
		tab.Wait(columnsKept + ` === "time,message"`)
	}
}

// TestColumnsAreKeptWhereTheyWereShown, not where there was no answer.
func TestColumnsAreKeptWhereTheyWereShown(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	tab.Allow("503")
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		down := strings.HasSuffix(r.URL.Path, "/rows")
		if down {
			http.Error(w, "no", http.StatusServiceUnavailable)
		}
		return down
	}
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=columns] summary")), chromedp.Click(chromedp.CSS(`[data-menu=columns] li[data-value=level] button:nth-of-type(1)`)))
	tab.Wait(has(`[data-notice="failed"]:not([hidden])`))
	tab.Wait(columnsKept + ` === ""`)
}

// TestFormKnowsTheAddress: what has changed it without the form stays when the form is sent.
func TestFormKnowsTheAddress(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(60, end)...)
	tab := s.quickly("&orderBy=asc")
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=columns] summary")), chromedp.Click(chromedp.CSS(`[data-menu=columns] li[data-value=level] button:nth-of-type(1)`)))
	at(t, tab, "limit=25&orderBy=asc&cols=level,time,actor,type,message")
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="ERROR"]`)))
	tab.Wait(`location.search.includes("level=ERROR") && location.search.includes("cols=level,time,actor,type,message") && location.search.includes("orderBy=asc")`)
	ready(t, tab)

	tab.Eval(`document.querySelector("[data-menu=columns]").open = false; scrollTo(0, 0)`, nil)
	choose(tab, "10")
	tab.Wait(`document.getElementById("livestate").textContent !== ""`)
	s.more(2)
	tab.Wait(pill(2))
	tab.Eval(`document.getElementById("fresh").click()`, nil)
	tab.Wait(`!location.search.includes("orderBy") && ` + news(2))
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="CRITICAL"]`)))
	tab.Wait(`location.search.includes("level=ERROR,CRITICAL") && !location.search.includes("orderBy")`)
	require.Positive(t, tab.Count("#list table"))
}
