package e2e_test

import (
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// apart says that the control of a cell covers none of its links.
const apart = `(() => {
	const dots = document.querySelector(".dots").getBoundingClientRect();
	return [...document.querySelector(".dots").closest("td").querySelectorAll("a")].every(a => a.getBoundingClientRect().right <= dots.left);
})()`

func item(nth, group string) string {
	return `#cell [role=group]:nth-of-type(` + group + `) button:nth-of-type(` + nth + `)`
}

// TestCellsByPointer: Alt excludes, and a control that is in nobody's way opens what else
// there is.
func TestCellsByPointer(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	tab := s.open(browser.Look{})
	tab.Before(clipboard)
	tab.Go("/tools/logs/?tz=UTC&limit=100&search=e&cols=time,level,actor,type,message")
	ready(t, tab)
	require.Zero(t, tab.Count(".dots"))
	for _, cell := range []string{".r-warning .c-level", ".r-warning .c-actor", ".r-warning .c-type"} {
		tab.Eval(`document.querySelector("`+cell+`").scrollIntoView({block: "center"})`, nil)
		at := boxOf(tab, cell+" a")
		tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, at.Right-1, (at.Top+at.Bottom)/2))
		tab.Wait(has(cell + " .dots"))
		tab.Wait(apart)
		require.Equal(t, 1, tab.Count(".dots"))
	}
	aside(tab)
	tab.Wait(`!document.querySelector(".dots")`)

	tab.Eval(`document.querySelector("tr[data-id] .id").scrollIntoView({block: "center"})`, nil)
	at := boxOf(tab, "tr[data-id] .id")
	tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, at.Left+4, (at.Top+at.Bottom)/2))
	tab.Wait(has(".c-actor .dots"))
	tab.Do(chromedp.Click(chromedp.CSS(".dots")))
	tab.Wait(`document.getElementById("cell").open && document.querySelectorAll("#cell [role=group]").length === 2`)
	tab.Do(chromedp.Click(chromedp.CSS(".status")))
	tab.Wait(`!document.getElementById("cell").open`)
	at = boxOf(tab, "tr[data-id] .id")
	tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, at.Left+4, (at.Top+at.Bottom)/2))
	tab.Wait(has(".c-actor .dots"))
	tab.Do(chromedp.Click(chromedp.CSS(".dots")), chromedp.Click(chromedp.CSS(item("2", "1"))))
	tab.Wait(`location.search.includes("actor=USER")`)
	ready(t, tab)
	tab.Wait(`(q => q.get("limit") === "100" && q.has("cols") && !q.has("search"))(new URLSearchParams(location.search))`)

	tab.Eval(`document.querySelector(".r-error .c-type a").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, altKey: true}))`, nil)
	tab.Wait(`(q => q.get("actor") === "USER" && q.get("notType") === "PAYMENT_FAILED")(new URLSearchParams(location.search))`)
	ready(t, tab)
	require.Zero(t, tab.Count(".r-error"))
}

// TestCellsByKeyboard: the menu opens where the focus is, and gives it back.
func TestCellsByKeyboard(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	for name, look := range map[string]browser.Look{"wide": {}, "narrow": {Width: 320, Height: 640, Lang: "fr"}} {
		t.Run(name, func(t *testing.T) {
			tab := s.open(look)
			tab.Before(clipboard)
			tab.Go("/tools/logs/?tz=UTC&limit=25")
			ready(t, tab)
			const id = `document.querySelector("tr[data-id] .id")`
			tab.Eval(id+`.focus()`, nil)
			press(tab, "m")
			tab.Wait(`document.activeElement === document.querySelector("` + item("1", "2") + `")`)
			require.Empty(t, tab.Axe())
			require.Zero(t, tab.Overflow())
			press(tab, kb.Escape)
			tab.Wait(`!document.getElementById("cell").open && document.activeElement === ` + id)
			press(tab, kb.F10, chromedp.ModifierShift)
			tab.Wait(`document.activeElement === document.querySelector("` + item("1", "2") + `")`)
			press(tab, kb.ArrowDown)
			press(tab, kb.ArrowDown)
			press(tab, kb.Enter)
			tab.Wait(`window.copied === new URL(` + id + `.href).searchParams.get("actorId") && document.activeElement === ` + id)
			press(tab, "m")
			press(tab, kb.Enter)
			tab.Wait(`location.search.includes("notActorId=")`)
			ready(t, tab)
		})
	}
}

// TestMenuOfACellHoldsRows: what is new waits until it is closed.
func TestMenuOfACellHoldsRows(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(100, end)...)
	tab := s.quickly("")
	tab.Eval(`document.querySelector("tr[data-id] .c-level a").focus()`, nil)
	press(tab, "m")
	tab.Wait(`document.getElementById("cell").open`)
	choose(tab, "10")
	s.more(3)
	tab.Wait(pill(3) + " && " + news(0))
	press(tab, kb.Escape)
	tab.Wait(news(3))
	tab.Wait(`document.activeElement.matches(".c-level a")`)
}
