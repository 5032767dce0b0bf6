package e2e_test

import (
	"fmt"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestFiltersOfAPhone cover it: nothing is applied before the button, which says how much there
// would be, and nothing behind them has the focus.
func TestFiltersOfAPhone(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	for _, width := range []int{320, 360} {
		tab := s.open(browser.Look{Phone: true, Width: width, Height: 740, Lang: "fr"})
		tab.Go("/tools/logs/?tz=UTC")
		ready(t, tab)
		summary := "#filters > .fold > summary"
		tab.Do(chromedp.Click(chromedp.CSS(summary)))
		tab.Wait(`(({top, bottom}) => top === 0 && bottom >= innerHeight)(document.querySelector("#filters > .fold").getBoundingClientRect())`)
		tab.Wait(`document.querySelector(".show").textContent === "Voir 100 résultats"`)
		tab.Do(chromedp.Click(chromedp.CSS(`.pill input[value="CRITICAL"]`)))
		tab.Wait(`/^Voir \d\d? résultats$/.test(document.querySelector(".show").textContent)`)
		at(t, tab, "")
		require.Equal(t, 100, tab.Count("tr[data-id]"), "it is not applied yet")
		require.Empty(t, tab.Axe())
		require.Zero(t, tab.Overflow())
		tab.Do(chromedp.Click(chromedp.CSS(".actors summary")), chromedp.Click(chromedp.CSS(`[name="actor"][value="SYSTEM"]`)), chromedp.Click(chromedp.CSS(`[name="actor"][value="ADMIN"]`)))
		require.Empty(t, tab.Axe())
		require.Zero(t, tab.Overflow())
		tab.Wait(`document.querySelector(".actors .count").textContent === "2"`)
		press(tab, kb.Escape) // the menu
		press(tab, kb.Escape) // the filters
		tab.Wait(`!document.querySelector("#filters > .fold").open && document.activeElement.matches("#filters > .fold > summary")`)
		tab.Do(chromedp.SendKeys(chromedp.CSS("#search"), "usr"))
		at(t, tab, "search=usr") // and nothing of what was left in the sheet
		tab.Eval(`document.activeElement.blur()`, nil)
		press(tab, "4")
		at(t, tab, "search=usr&level=CRITICAL")
		press(tab, "4")
		at(t, tab, "search=usr")
		tab.Eval(`{ const f = document.getElementById("search"); f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})); }`, nil)
		at(t, tab, "")
		tab.Do(chromedp.Click(chromedp.CSS(summary)))
		tab.Do(chromedp.Focus(chromedp.CSS("#search")))
		tab.Wait(`!document.querySelector("#filters > .fold").open`)
		tab.Do(chromedp.Click(chromedp.CSS(summary)))
		require.Zero(t, tab.Count("#filters input:checked"), "what was left is not kept, either")
		tab.Eval(`{ const f = document.getElementById("filters").elements; f._value.value = "x"; f.type.value = "nothing"; f._field.selectedIndex = 1; }`, nil)
		press(tab, kb.Escape)
		tab.Wait(`(({_value, type, _field}) => _value.value === "" && type.value === "" && _field.selectedIndex === 0)(document.getElementById("filters").elements)`)
		tab.Do(chromedp.Click(chromedp.CSS(summary)))
		for _, box := range []string{"CRITICAL", "SYSTEM", "ADMIN"} {
			tab.Eval(fmt.Sprintf(`document.querySelector('#filters [value="%s"]').click()`, box), nil)
		}
		tab.Do(chromedp.Click(chromedp.CSS(".show")))
		at(t, tab, "level=CRITICAL&actor=ADMIN,SYSTEM")
		ready(t, tab)
		tab.Wait(`document.activeElement.matches("#filters > .fold > summary")`)
		tab.Wait(`!document.querySelector("#filters > .fold").open && document.querySelectorAll(".chip[data-name=actor]").length === 2`)
		require.Less(t, tab.Count("tr[data-id]"), 14)
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS(".actors summary")), chromedp.Click(chromedp.CSS(`[name="actor"][value="ADMIN"]`)), chromedp.Click(chromedp.CSS(`[name="actor"][value="GUEST"]`)))
	at(t, tab, "actor=ADMIN,GUEST")
	ready(t, tab)
	require.Empty(t, tab.Axe())
	tab.Do(chromedp.Click(chromedp.CSS(`.chip[data-name="actor"][data-value="GUEST"] .turn`)))
	at(t, tab, "actor=ADMIN")
	tab.Wait(`!document.querySelector('[name="actor"][value="GUEST"]').checked && ` + has(`.chip.off`))
	tab.Do(chromedp.Click(chromedp.CSS(`.chip.off .turn`)))
	at(t, tab, "actor=ADMIN,GUEST")

	tab = s.open(browser.Look{NoScript: true})
	tab.Go("/tools/logs/")
	tab.Do(chromedp.Click(chromedp.CSS(".actors summary")), chromedp.Click(chromedp.CSS(`[name="actor"][value="ADMIN"]`)), chromedp.Click(chromedp.CSS(`[name="actor"][value="GUEST"]`)), chromedp.Click(chromedp.CSS(".actors button")))
	at(t, tab, "actor=ADMIN,GUEST")
}
