package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func pick(tab *browser.Tab, selector, value string) {
	tab.Eval(`{ const c = document.querySelector("`+selector+`"); c.value = "`+value+`"; c.dispatchEvent(new Event("change", {bubbles: true})); }`, nil)
}

// TestPreferences stay in the browser: theme, density, zone, language.
func TestPreferences(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	for _, mount := range mounts {
		tab := s.open(browser.Look{Zone: "America/New_York"})
		tab.Go(mount)
		tab.Wait(`location.search === "?tz=America/New_York"`)
		ready(t, tab)
		require.Contains(t, tab.Text("[data-menu=zone] summary"), "America/New_York")
		pick(tab, "[data-pref=theme]", "dark")
		pick(tab, "[data-pref=density]", "compact")
		tab.Wait(`getComputedStyle(document.documentElement).colorScheme === "dark" && document.querySelector("tr[data-id] td").offsetHeight < 30`)
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=lang] summary")), chromedp.Click(chromedp.CSS("[data-menu=lang] a[data-value=fr]")))
		tab.Wait(`document.documentElement.lang === "fr"`)
		ready(t, tab)
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=zone] summary")), chromedp.Click(chromedp.CSS(`[data-menu=zone] a[data-value="Asia/Tokyo"]`)))
		tab.Wait(`document.documentElement.dataset.tz === "Asia/Tokyo"`)
		ready(t, tab)
		tab.Go(mount)
		tab.Wait(`document.documentElement.lang === "fr" && document.documentElement.dataset.tz === "Asia/Tokyo" && document.documentElement.dataset.theme === "dark" && document.documentElement.dataset.density === "compact"`)
		ready(t, tab)
		pick(tab, "[data-pref=theme]", "")
		tab.Wait(`getComputedStyle(document.documentElement).colorScheme === "light"`)
		tab.Wait(`document.cookie === "" && localStorage.length === 1 && sessionStorage.length === 0`)
	}
}

// TestZoneThatTheServerDoesNotKnow: the page is in UTC, and stays so.
func TestZoneThatTheServerDoesNotKnow(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(30, end)...)
	tab := s.open(browser.Look{})
	tab.Allow("400")
	tab.Before(`Intl.DateTimeFormat.prototype.resolvedOptions = () => ({timeZone: "Mars/Olympus"})`)
	tab.Go("/tools/logs/?limit=25")
	tab.Wait(`location.search === "?limit=25" && document.querySelectorAll("tr[data-id]").length === 25`)
	for _, page := range []string{"maintenance", "delete", "help", "trends"} {
		tab.Eval(`localStorage.clear()`, nil)
		tab.Go("/tools/logs/" + page)
		tab.Wait(fmt.Sprintf(`location.search === "" && document.documentElement.dataset.page === %q`, page))
	}
}

// TestZoneOfEveryPage with times is the one that was chosen; what answers a form is left alone.
func TestZoneOfEveryPage(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(30, end)...)
	tab := s.open(browser.Look{Zone: "Europe/Paris"})
	for _, page := range []string{"", "trends", "maintenance", "delete", "help"} {
		tab.Eval(`try { localStorage.clear() } catch {}`, nil)
		tab.Go("/tools/logs/" + page)
		tab.Wait(`location.search === "?tz=Europe/Paris" && document.documentElement.dataset.tz === "Europe/Paris"`)
	}
	tab.Go("/tools/logs/delete?tz=UTC")
	tab.Wait(`document.readyState === "complete"`)
	tab.Eval(`{ const f = document.querySelector("form[method=post]"); f.querySelector("[name=_start]").value = "2026-11-01T00:00"; f.querySelector("[name=_end]").value = "2026-11-23T00:00"; f.action = f.action.replace(/tz=[^&]*/, ""); f.requestSubmit(f.querySelector("button:not([type=button])")); }`, nil)
	tab.Wait(`document.readyState === "complete" && document.querySelector(".tally") !== null && document.documentElement.hasAttribute("data-posted")`)
}

// TestColumnsInAnOrder of one's own, which is kept.
func TestColumnsInAnOrder(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	heads := func(want string) {
		t.Helper()
		tab.Wait(`[...document.querySelectorAll(".logs thead th")].map(h => h.textContent).join() === "` + want + `"`)
		ready(t, tab)
	}
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=columns] summary")), chromedp.Click(chromedp.CSS(`[data-menu=columns] li[data-value=level] button:nth-of-type(1)`)))
	heads("Level,Time,Actor,Type,Message")
	tab.Wait(`document.querySelector("[data-menu=columns]").open && document.activeElement.closest("li").dataset.value === "level" && document.activeElement.textContent === "↓"`)
	tab.Do(chromedp.Click(chromedp.CSS(`[data-menu=columns] li[data-value=actor] a`)))
	heads("Level,Time,Type,Message")
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=columns] summary")), chromedp.SendKeys(chromedp.CSS("[data-menu=columns] [name=_col]"), "amount\r"))
	heads("Level,Time,Type,Message,amount")
	tab.Go("/tools/logs/")
	heads("Level,Time,Type,Message,amount")
}

// TestViews: those that there are, and one's own, in both languages.
func TestViews(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	for lang, names := range map[string][2]string{"en": {"Errors of 24 h|Critical|Failed logins|Failed webhooks", "Delete the view: <b>mine</b>"}, "fr": {"Erreurs sur 24 h|Critiques|Connexions échouées|Webhooks en échec", "Supprimer la vue : <b>mine</b>"}} {
		tab := s.open(browser.Look{Lang: lang})
		tab.Go("/tools/logs/?tz=UTC")
		ready(t, tab)
		tab.Wait(`[...document.querySelectorAll("[data-menu=views] ul:first-child a")].map(a => a.textContent.replace(/\s/g, " ")).join("|") === "` + names[0] + `"`)
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=views] summary")), chromedp.Click(chromedp.CSS("[data-menu=views] li:nth-child(3) a")))
		at(t, tab, "meta.success=false&type=AUTH_LOGIN")
		ready(t, tab)
		require.Positive(t, tab.Count("tr.r-warning"))
		require.Zero(t, tab.Count("tr.r-info"))
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=views] summary")), chromedp.SendKeys(chromedp.CSS("#saveview input"), "<b>mine</b>\r"))
		tab.Wait(`document.querySelector("#ownviews a")?.textContent === "<b>mine</b>"`)
		tab.Go("/tools/logs/?tz=Asia/Tokyo")
		ready(t, tab)
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=views] summary")), chromedp.Click(chromedp.CSS("#ownviews a")))
		tab.Wait(`location.search === "?meta.success=false&type=AUTH_LOGIN&tz=Asia/Tokyo"`)
		ready(t, tab)
		tab.Do(chromedp.Click(chromedp.CSS("[data-menu=views] summary")))
		tab.Wait(`document.querySelector("#ownviews button").title.replace(/\s/g, " ") === "` + names[1] + `"`)
		tab.Do(chromedp.Click(chromedp.CSS("#ownviews button")))
		tab.Wait(`!document.querySelector("#ownviews li")`)
		tab.Go("/tools/logs/?tz=UTC")
		ready(t, tab)
		require.Zero(t, tab.Count("#ownviews li"))
	}
}

// TestFilterThatIsOff for a while: it stays as a chip, through a new page, and comes back.
func TestFilterThatIsOff(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&level=ERROR,CRITICAL&notActor=GUEST&search=pay")
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(`.chip[data-name=level] .turn`)))
	at(t, tab, "notActor=GUEST&search=pay")
	ready(t, tab)
	tab.Wait(`document.querySelector(".chip.off").textContent.includes("ERROR, CRITICAL") && !document.querySelector("#filters [name=level]:checked") && document.querySelector("tr.r-info")`)
	tab.Eval("location.reload()", nil)
	tab.Wait(`document.readyState === "complete" && document.querySelector(".chip.off")`)
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(`.chip[data-name=notActor] .turn`)))
	at(t, tab, "search=pay")
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(`.chip[data-name=search] .turn`)))
	at(t, tab, "")
	ready(t, tab)
	tab.Wait(`document.querySelectorAll(".chip.off").length === 3 && document.getElementById("search").value === ""`)
	tab.Do(chromedp.Click(chromedp.CSS(`.chip.off[data-name=level] .turn`)))
	at(t, tab, "level=ERROR,CRITICAL")
	ready(t, tab)
	tab.Wait(`document.querySelectorAll(".chip.off").length === 2 && document.querySelectorAll("#filters [name=level]:checked").length === 2 && !document.querySelector("tr.r-info")`)
}

// TestChipsOneAfterTheOther: who turns off a second before the first has answered has the second
// off, and the first as it was.
func TestChipsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	let := make(chan struct{})
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/rows") && !strings.Contains(r.URL.RawQuery, "search=") {
			select {
			case <-let:
			case <-r.Context().Done():
			}
		}
		return false
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&level=ERROR&search=card")
	ready(t, tab)
	tab.Eval(`document.querySelector(".chip[data-name=search] .turn").click()`, nil)
	tab.Wait(`document.querySelector('[data-region="list"]').ariaBusy === "true"`)
	tab.Eval(`document.querySelector(".chip[data-name=level] .turn").click()`, nil)
	at(t, tab, "search=card")
	tab.Wait(`document.querySelectorAll(".chip.off").length === 1 && document.querySelector(".chip.off").dataset.name === "level"`)
	tab.Wait(has(".chip[data-name=search]:not(.off)"))
	close(let)
}
