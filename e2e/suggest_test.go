package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestSuggestions: what a field may become is asked for once somebody pauses, is text whatever
// it says, and is none where the server has none.
func TestSuggestions(t *testing.T) {
	s := serve(t, admin.Options{})
	evil := logged(s)
	s.write(day(100, end)...)
	var down atomic.Bool
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/suggest") || !down.Load() {
			return false
		}
		http.Error(w, "down", http.StatusBadGateway)
		return true
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	asked := func() (queries []string) {
		for _, sent := range tab.Sent() {
			if to, err := url.Parse(sent); err == nil && strings.HasSuffix(to.Path, "/suggest") {
				queries = append(queries, to.Query().Get("field")+"="+to.Query().Get("q"))
			}
		}
		return queries
	}
	const options = `[...document.querySelector('#filters [name="type"]').list.options].map(o => o.value)`
	tab.Do(chromedp.Click(chromedp.CSS(`#filters [name="type"]`)), chromedp.KeyEvent("PAY"))
	tab.Wait(options + `.join() === "PAYMENT_FAILED,PAYMENT_SUCCEEDED,PAYOUT_APPROVED" || ` + options + `.sort().join() === "PAYMENT_FAILED,PAYMENT_SUCCEEDED,PAYOUT_APPROVED"`)
	require.Contains(t, asked(), "type=PAY")
	require.NotContains(t, asked(), "type=PA")
	at(t, tab, "type=PAY")
	ready(t, tab)
	require.Empty(t, tab.Axe())
	for _, h := range evil {
		tab.Eval(`{ const f = document.querySelector('#filters [name="actorId"]'); f.value = `+quoted(h.ActorID)+`.split(/[\r\n]/).reduce((a, b) => a.length < b.length ? b : a).slice(0, 200); f.dispatchEvent(new Event("input", {bubbles: true})); }`, nil)
		tab.Wait(`[...document.getElementById("actorIds").options].some(o => o.value === ` + quoted(h.ActorID) + `)`)
		tab.Wait(`document.querySelector("datalist :not(option)") === null`)
	}
	down.Store(true)
	tab.Allow("502")
	tab.Eval(`{ const f = document.querySelector('#filters [name="type"]'); f.value = "PAYM"; f.dispatchEvent(new Event("input", {bubbles: true})); }`, nil)
	tab.Wait(options + `.length === 0`)
	ready(t, tab)
	tab.Wait(`document.querySelector("[data-notice]:not([hidden])") === null`)
}

// quoted is a text in a script.
func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(out)
}
