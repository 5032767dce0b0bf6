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
	require.Equal(t, "Show events over time", tab.Text(".chart .pending a"))
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

	slow.Store("none")
	press(tab, kb.Enter)
	at(t, tab, "search=corruption")
	ready(t, tab)
	tab.Wait("!" + cancelled)
	press(tab, kb.Escape) // nothing loads: it is the field's own again
	tab.Wait(`document.getElementById("search").value === ""`)
}
