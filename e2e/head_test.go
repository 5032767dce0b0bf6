package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestHeadOfAPhone is the title, a button that looks for new events, and a menu with all else.
func TestHeadOfAPhone(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1, NavLinks: []admin.NavLink{{Text: "Tableau de bord", URL: "/"}}})
	s.write(day(60, end)...)
	const menu = ".head > summary"
	for width, paths := range map[int][]string{320: {"?tz=UTC"}, 360: {"trends?tz=UTC", "maintenance", "help", "delete"}} {
		for _, path := range paths {
			tab := s.open(browser.Look{Phone: true, Width: width, Height: 740, Lang: "fr"})
			tab.Before(hurry)
			tab.Go("/tools/logs/" + path)
			ready(t, tab)
			head := boxOf(tab, ".top")
			require.LessOrEqual(t, head.Bottom, 64.0, "one line")
			require.Zero(t, tab.Overflow())
			tab.Wait(`document.querySelector(".tabs").checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) === false`)
			tab.Do(chromedp.Click(chromedp.CSS(menu)))
			for _, inside := range []string{".tabs a[href]", ".elsewhere a", `[data-menu="zone"] > summary`, `[data-menu="lang"] > summary`, `[data-menu="prefs"] > summary`} {
				b := boxOf(tab, ".head "+inside)
				require.GreaterOrEqual(t, b.Bottom-b.Top, 44.0, inside)
				require.Positive(t, b.Top, inside)
			}
			require.Equal(t, head, boxOf(tab, ".top"), "the menu lies over the page")
			require.Zero(t, tab.Overflow())
			require.Empty(t, tab.Axe())
			for _, inner := range []string{"zone", "lang", "prefs"} {
				tab.Do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`[data-menu=%q] > summary`, inner))))
				require.Zero(t, tab.Overflow(), inner)
				if width == 320 {
					require.Empty(t, tab.Axe(), inner)
				}
				look(tab, fmt.Sprintf("head-%d-%s", width, inner))
				press(tab, kb.Escape)
				tab.Wait(fmt.Sprintf(`!document.querySelector('[data-menu=%q]').open && document.querySelector(".head").open`, inner))
			}
			press(tab, kb.Escape)
			tab.Wait(`!document.querySelector(".head").open && document.activeElement.matches(".head > summary")`)
		}
	}
	tab := s.open(browser.Look{Phone: true, Width: 360, Height: 740, Lang: "fr"})
	tab.Before(hurry)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	require.Equal(t, 60, tab.Count("tr[data-id]"))
	s.more(1)
	reload := boxOf(tab, ".now .reload")
	tab.Touch((reload.Left+reload.Right)/2, (reload.Top+reload.Bottom)/2)() // a finger that asks for rows does not hold them back
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 61`)
	tab.Wait(`/^(à l.instant|il y a)/.test(document.querySelector(".now .livestate").textContent)`)
	require.LessOrEqual(t, boxOf(tab, ".top").Bottom, 64.0, "one line")
	require.Zero(t, tab.Overflow())
	require.Empty(t, tab.Axe())
	look(tab, "head-updated")
	tab.Do(chromedp.Click(chromedp.CSS(menu)))
	tab.Do(chromedp.SetValue(chromedp.CSS("#refresh"), "live"))
	tab.Eval(`document.getElementById("refresh").dispatchEvent(new Event("change", {bubbles: true}))`, nil)
	tab.Wait(`document.documentElement.dataset.live === "on"`)
	look(tab, "head-live")
	s.more(2)
	tab.Wait(`!document.getElementById("fresh").hidden`) // not while the menu is open
	require.Equal(t, 61, tab.Count("tr[data-id]"))
	press(tab, kb.Escape)
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 63`)

	// Who leaves the menu by the keyboard is not below it, and what it opens leads back to it.
	tab.Do(chromedp.Click(chromedp.CSS(menu)))
	tab.Do(chromedp.Focus(chromedp.CSS("#search")))
	tab.Wait(`!document.querySelector(".head").open`)
	tab.Do(chromedp.Click(chromedp.CSS(menu)), chromedp.Click(chromedp.CSS(`[data-menu="prefs"] > summary`)), chromedp.Click(chromedp.CSS(`[data-open="keys"]`)))
	tab.Wait(`document.getElementById("keys").open && document.querySelector(".head").open`)
	back := `document.activeElement.matches('[data-menu="prefs"] > summary') && document.activeElement.checkVisibility()`
	press(tab, kb.Escape)
	tab.Wait(back)
	tab.Do(chromedp.Click(chromedp.CSS(`[data-menu="prefs"] > summary`)), chromedp.Click(chromedp.CSS(`[data-open="keys"]`)), chromedp.Click(chromedp.CSS("#keys [data-close]")))
	tab.Wait(back)
	tab.Resize(1000, 700)
	tab.Wait(`!document.querySelector(".head").open && document.querySelector(".tabs a").checkVisibility()`)

	tab = s.open(browser.Look{NoScript: true, Width: 360, Height: 740, Phone: true})
	tab.Go("/tools/logs/?tz=UTC")
	require.LessOrEqual(t, boxOf(tab, ".top").Bottom, 64.0)
	tab.Do(chromedp.Click(chromedp.CSS(menu)), chromedp.Click(chromedp.CSS(".tabs li:nth-child(2) a")))
	tab.Wait(`location.pathname.endsWith("/trends")`)
}

// look takes a picture for somebody who looks on.
func look(tab *browser.Tab, name string) {
	if dir := os.Getenv("SYSLOG_LOOK"); dir != "" {
		tab.ShotOfWindow(filepath.Join(dir, name+".png"))
	}
}
