package e2e_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestEscapeCancelsALoad: of the rows and of what stands beside them. What is there stays, and
// the server hears of it.
func TestEscapeCancelsALoad(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	var slow atomic.Value
	slow.Store("facets histogram")
	ended := make(chan string, 9)
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		if name == "" || !strings.Contains(slow.Load().(string), name) {
			return false
		}
		<-r.Context().Done()
		ended <- name
		return true
	}
	tab := s.open(browser.Look{Lang: "en"})
	tab.Allow("ERR_ABORTED")
	tab.Go("/tools/logs/?tz=UTC")
	cancelled := has(`[data-notice="cancelled"]:not([hidden])`)
	tab.Wait(`document.querySelectorAll("[data-load][aria-busy=true]").length === 2`)
	press(tab, kb.Escape)
	tab.Wait(cancelled + ` && !document.querySelector("[aria-busy]")`)
	require.ElementsMatch(t, []string{"facets", "histogram"}, []string{<-ended, <-ended})
	require.Equal(t, "Show logs over time", tab.Text(".chart .pending a"))
	require.Empty(t, tab.Axe())

	slow.Store("rows")
	tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "corruption"), chromedp.Click(chromedp.CSS(`.pill input[value="ERROR"]`)))
	tab.Wait(has(`[data-region="list"][aria-busy=true]`))
	tab.Eval(`document.querySelector('[data-notice="cancelled"]').hidden = true`, nil)
	tab.Do(chromedp.Focus(chromedp.CSS("#search")))
	press(tab, kb.Escape)
	tab.Wait(cancelled + ` && !document.querySelector("[aria-busy]")`)
	require.Equal(t, "rows", <-ended)
	at(t, tab, "")
	require.Equal(t, 100, tab.Count("tr[data-id]"))
	tab.Wait(`!document.querySelector('.pill input[value="ERROR"]').checked && document.getElementById("search").value === "corruption"`)

	// What is about to be searched for is not, and a filter that is turned off stays on.
	tab.Eval(`document.querySelector('[data-notice="cancelled"]').hidden = true`, nil)
	tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "s"))
	press(tab, kb.Escape)
	tab.Wait(cancelled)
	tab.Go("/tools/logs/?level=ERROR&tz=UTC&type=PAY")
	tab.Wait(has(".chip[data-name=type] .turn"))
	tab.Do(chromedp.Click(chromedp.CSS(".chip[data-name=type] .turn")))
	tab.Wait(has(`[data-region="list"][aria-busy=true]`))
	press(tab, kb.Escape)
	tab.Wait(cancelled + ` && !document.querySelector("[aria-busy]")`)
	require.Equal(t, "rows", <-ended)
	slow.Store("facets")
	tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="ERROR"]`)))
	at(t, tab, "type=PAY")
	tab.Wait(`document.querySelectorAll(".chip[data-name=type]").length === 1 && ` + has(`[data-region=facets][aria-busy=true]`))

	// What was counted for another query is not left beside this one.
	press(tab, kb.Escape)
	tab.Wait(`document.querySelector("[data-region=facets]").textContent.trim() === "Show the breakdown"`)
	require.Equal(t, "facets", <-ended)
	slow.Store("none")
	tab.Do(chromedp.Click(chromedp.CSS("[data-region=facets] a")))
	at(t, tab, "type=PAY")
	require.Equal(t, 3, tab.Count(`[data-region="facets"] .facet`))
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "corruption"))
	press(tab, kb.Enter)
	at(t, tab, "search=corruption")
	ready(t, tab)
	tab.Wait("!" + cancelled)
	press(tab, kb.Escape) // nothing loads: it is the field's own again
	tab.Wait(`document.getElementById("search").value === ""`)
}

// TestWhatIsWrongStandsBesideItsField, also where only the list came anew, and goes with it.
func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(10, end)...)
	tab := s.open(browser.Look{Lang: "fr"})
	tab.Allow("400")
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	for name, label := range map[string]string{"search": "Recherche globale", "type": "Type", "actorId": "ID acteur"} {
		set := func(text string) {
			tab.Eval(`{ const f = document.querySelector('#filters [name="`+name+`"]'); f.value = `+text+`; f.form.requestSubmit(); }`, nil)
		}
		tied := `(f => f.getAttribute("aria-invalid") === "true" && document.getElementById(f.getAttribute("aria-describedby"))?.textContent === "dépasse 1024 octets")(document.querySelector('#filters [name="` + name + `"]'))`
		set(`"x".repeat(2000)`)
		tab.Wait(tied)
		require.Equal(t, label+"\u00a0: dépasse 1024 octets", tab.Text("[data-region=faults] li"))
		require.Empty(t, tab.Axe())
		require.Zero(t, tab.Overflow())
		tab.Eval(`window.before = true; location.reload()`, nil)
		tab.Wait(`!window.before && document.readyState === "complete" && ` + tied)
		set(`""`)
		tab.Wait(`!document.querySelector("#filters :is([aria-invalid], .err, li[data-field])")`)
		ready(t, tab)
	}
}
