package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
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

// alarms writes CRITICAL events, the first of them so long ago and the others each a minute later.
func (s *site) alarms(ago time.Duration, n int) {
	s.t.Helper()
	for i := range n {
		s.write(syslog.Log{
			ID: fmt.Sprintf("alarm_%06d", made.Add(1)), Level: syslog.LevelCritical, Type: "DATA_CORRUPTION", Actor: syslog.ActorSystem,
			Message: "Payments without a PaymentIntent", CreatedAt: time.Now().Add(time.Duration(i)*time.Minute - ago).UTC().Truncate(time.Millisecond),
		})
	}
}

// told is whether the strip of CRITICAL events says how many there are.
func told(n string) string {
	return fmt.Sprintf(`!document.getElementById("unseen").hidden && document.querySelector("#unseen [role=alert]").textContent.startsWith(%q)`, n+" CRITICAL log")
}

const untold = `document.getElementById("unseen").hidden`

// TestUnseen: a first visit tells of the CRITICAL events of a day, and a browser of those since
// the ones that somebody has marked as seen in it: also in another tab, and not on the server.
func TestUnseen(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.alarms(9*24*time.Hour, 5)
	s.alarms(2*time.Hour, 3)
	s.write(day(200, end)...)
	var counts atomic.Int64
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.RawQuery, "count=capped") {
			counts.Add(1)
		}
		return false
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&search=nothing+like+it")
	tab.Wait(told("3"))
	require.Regexp(t, `^3 CRITICAL logs not seen since [A-Z][a-z]{2} \d+, 20\d\d, \d\d:\d\d$`, tab.Text("#unseen p"), "a day ago is another day")
	tab.Wait(`document.cookie === "" && localStorage.length === 1 && sessionStorage.length === 0`)

	// It is announced once: a refresh changes nothing as long as there are no others.
	tab.Eval(`window.changes = 0; new MutationObserver(() => changes++).observe(document.getElementById("unseen"), {childList: true, subtree: true, attributes: true, attributeFilter: ["hidden"], characterData: true})`, nil)
	refresh := func() {
		before := counts.Load()
		tab.Eval(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "r", bubbles: true}))`, nil)
		require.Eventually(t, func() bool { return counts.Load() > before }, 20*time.Second, 5*time.Millisecond)
	}
	refresh()
	refresh()
	s.alarms(time.Hour, 1)
	refresh()
	tab.Wait(told("4"))
	tab.Wait(`changes === 1`)

	// It leads to them, and stays until somebody says that they were seen.
	tab.Eval(`document.querySelector("#unseen a").focus()`, nil)
	tab.Eval(`document.querySelector("#unseen a").click()`, nil)
	tab.Wait(`document.querySelectorAll("tr[data-id^=alarm_]").length === 4 && document.querySelectorAll("tr[data-id]").length === 4`)
	tab.Wait(`/level=CRITICAL/.test(location.search) && /startDate=20/.test(location.search) && /tz=UTC/.test(location.search) && !/search/.test(location.search)`)
	tab.Wait(told("4"))

	tab.Do(chromedp.Click(chromedp.CSS("#unseen button")))
	tab.Wait(untold)
	tab.Wait(`document.activeElement.id === "main"`)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	tab.Wait(untold)
	s.alarms(time.Minute, 1)
	refresh()
	tab.Wait(told("1"))
	at, format := time.Now().UTC().Add(-time.Hour), "15:04"
	require.Contains(t, []string{at.Format(format), at.Add(-time.Minute).Format(format)}, strings.TrimPrefix(tab.Text("#unseen p"), "1 CRITICAL log not seen since "))

	// What is marked in one tab is gone in another.
	tab.Eval(`void (window.other = open("/tools/logs/?tz=UTC"))`, nil)
	tab.Wait(`other.document.querySelector("#unseen:not([hidden])") !== null`)
	tab.Eval(`other.document.querySelector("#unseen button").click()`, nil)
	tab.Wait(untold)
	tab.Eval(`other.close()`, nil)
}

// TestUnseenIsInNobodysWay: the strip keeps nobody out, moves nothing and covers no focus, also
// not that of somebody who is there before it.
func TestUnseenIsInNobodysWay(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(day(200, end)...)
	s.alarms(2*time.Hour, 3)
	var held atomic.Bool
	let := make(chan struct{})
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.RawQuery, "count=capped") && held.Load() {
			select {
			case <-let:
			case <-r.Context().Done():
			}
		}
		return false
	}
	dir := os.Getenv("SYSLOG_SHOTS")
	for name, look := range map[string]browser.Look{
		"light-en": {}, "dark-fr": {Dark: true, Lang: "fr"}, "phone-fr": {Width: 360, Height: 740, Phone: true, Lang: "fr"}, "phone-dark": {Width: 360, Height: 740, Phone: true, Dark: true},
		"narrow-fr": {Width: 320, Height: 700, Phone: true, Lang: "fr"},
	} {
		tab := s.open(look)
		tab.Go("/tools/logs/?tz=UTC&limit=25")
		ready(t, tab)
		tab.Wait(`!` + untold)
		require.Less(t, tab.Vitals().CLS, 0.02, name)
		if dir != "" {
			tab.ShotOfWindow(filepath.Join(dir, "unseen-"+name+".png"))
		}
		require.Empty(t, tab.Axe(), name)
		require.Zero(t, tab.Overflow(), name)
		var covered, small []string
		tab.Eval(`[...document.querySelectorAll("main a, main button, main input")].filter(e => e.checkVisibility() && !e.closest("#unseen")).filter(e => {
			e.focus();
			return e.getBoundingClientRect().bottom > document.getElementById("unseen").getBoundingClientRect().top;
		}).map(e => e.outerHTML.slice(0, 80))`, &covered)
		require.Empty(t, covered, name)
		tab.Eval(`[...document.querySelectorAll("#unseen a, #unseen button")].filter(e => e.offsetHeight < (innerWidth < 721 ? 44 : 24)).map(e => e.textContent)`, &small)
		require.Empty(t, small, name)
		if look.Phone { // the filters cover the window
			tab.Eval(`document.querySelector(".filters > .fold").open = true`, nil)
			tab.Wait(`!document.getElementById("unseen").checkVisibility()`)
			tab.Eval(`document.querySelector(".filters > .fold").open = false`, nil)
			tab.Wait(`document.getElementById("unseen").checkVisibility()`)
		}
	}

	// Not before somebody has left the place that it takes.
	held.Store(true)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC")
	tab.Eval(`window.at = [...document.querySelectorAll("a.msg")].findLast(e => e.getBoundingClientRect().bottom < innerHeight - 20); at.focus({preventScroll: true})`, nil)
	close(let)
	tab.Wait(`document.querySelector("#unseen p").textContent !== ""`)
	tab.Wait(untold)
	tab.Eval(`document.querySelector("a.msg").focus({preventScroll: true})`, nil)
	tab.Wait(told("3"))
	tab.Wait(`scrollY === 0`)
}
