package e2e_test

import (
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
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

// TestLevelsAndAbove by Shift: with the mouse, and with either key.
func TestLevelsAndAbove(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	const box = `#filters [name="level"]`
	for level, want := range map[string]string{"WARNING": "WARNING,ERROR,CRITICAL", "CRITICAL": "CRITICAL", "INFO": ""} {
		for _, way := range []string{"click", " ", kb.Enter} {
			tab.Go("/tools/logs/?tz=UTC&limit=25&level=INFO,ERROR")
			ready(t, tab)
			at := boxOf(tab, box+`[value="`+level+`"]`)
			if way == "click" {
				x, y := (at.Left+at.Right)/2, (at.Top+at.Bottom)/2
				tab.Do(chromedp.MouseEvent(chromedp.MousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1), chromedp.ButtonModifiers(chromedp.ModifierShift)), chromedp.MouseEvent(chromedp.MouseReleased, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1), chromedp.ButtonModifiers(chromedp.ModifierShift)))
			} else {
				tab.Eval(`document.querySelector('`+box+`[value="`+level+`"]').focus()`, nil)
				press(tab, way, chromedp.ModifierShift)
			}
			tab.Wait(`(new URLSearchParams(location.search).get("level") ?? "") === "` + want + `"`)
			ready(t, tab)
			tab.Wait(`document.activeElement.value === "` + level + `" && getSelection().isCollapsed`)
			tab.Wait(`[...document.querySelectorAll('` + box + `')].filter(b => b.checked).map(b => b.value).join() === ("` + want + `" || "INFO,WARNING,ERROR,CRITICAL")`)
		}
	}
	require.Equal(t, 4, tab.Count(`.pill[title$="With Shift: this level and above"]`))
}

// TestTimesSayHowLongAgo when somebody looks, and what was updated says so by one timer.
func TestTimesSayHowLongAgo(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, time.Now())...)
	tab := s.open(browser.Look{})
	tab.Before(`window.ticking = new Set();
		(([set, clear]) => {
			window.setInterval = (f, ms) => { const id = set(f, ms); if (ms === 1000) ticking.add(id); return id; };
			window.clearInterval = (id) => { ticking.delete(id); clear(id); };
		})([setInterval.bind(window), clearInterval.bind(window)])`)
	tab.Go("/tools/logs/?tz=UTC&limit=25")
	ready(t, tab)
	first := boxOf(tab, "td.c-time") // the time within has no box of its own
	tab.Wait(`(t => t.title === t.dateTime)(document.querySelector("td.c-time time"))`)
	tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, first.Left+20, first.Top+18))
	tab.Wait(`(t => t.title.startsWith(t.dateTime + " · ") && / (just now|\d+ (s|min|h) ago)$/.test(t.title))(document.querySelector("td.c-time time"))`)
	tab.Wait(`ticking.size === 0`)
	press(tab, "r")
	tab.Wait(`/^updated [1-9] s ago$/.test(document.getElementById("livestate").textContent) && ticking.size === 1`)
	tab.Wait(`!document.getElementById("livestate").closest("[role], [aria-live]")`)
	var moved bool
	tab.Eval(`(() => {
		const state = document.getElementById("livestate"), at = () => document.getElementById("refresh").getBoundingClientRect().left;
		return new Set(["just now", "9 s ago", "10 s ago", "59 min ago"].map(t => { state.textContent = "updated " + t; return at(); })).size > 1;
	})()`, &moved)
	require.False(t, moved, "what stands beside it")
	tab.Eval(`Object.defineProperty(document, "hidden", {configurable: true, get: () => true}); document.dispatchEvent(new Event("visibilitychange"))`, nil)
	tab.Wait(`ticking.size === 0`)
	tab.Eval(`delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))`, nil)
	tab.Wait(`ticking.size === 1`)
}

// TestFocusInCells: who goes from link to link sees all of each ring, also where a text is cut
// off, and nothing moves for it.
func TestFocusInCells(t *testing.T) {
	s := serve(t, admin.Options{})
	long := strings.Repeat("long_", 12)
	s.write(syslog.Log{ID: "log_1", Level: syslog.LevelCritical, Type: strings.ToUpper(long), Actor: syslog.ActorCreator, ActorID: long, Message: long, CreatedAt: time.Now()})
	for name, look := range map[string]browser.Look{"wide": {}, "phone": {Width: 360, Height: 740, Phone: true}} {
		for _, query := range []string{"", "&wrap=1", "&compact", "&wrap=1&compact"} {
			name, compact := name+query, strings.HasSuffix(query, "&compact")
			query = strings.TrimSuffix(query, "&compact")
			tab := s.open(look)
			tab.Go("/tools/logs/?tz=UTC" + query)
			ready(t, tab)
			if compact {
				tab.Eval(`void (document.documentElement.dataset.density = "compact")`, nil)
			}
			var wrong []string
			tab.Eval(`[...document.querySelectorAll("tr[data-id] a")].flatMap((a) => {
				const text = document.createRange();
				text.selectNodeContents(a);
				const at = () => { const b = text.getBoundingClientRect(); return [b.left, b.top, b.width > a.closest("td").clientWidth || b.width, a.closest("tr").getBoundingClientRect().height].join(); };
				const before = at();
				a.focus({ focusVisible: true, preventScroll: true });
				const box = a.getBoundingClientRect(), cell = a.closest("td").getBoundingClientRect();
				return at() === before && a.matches(":focus-visible") && (box.right <= cell.right || a.className === "id") && box.top >= cell.top && box.bottom <= cell.bottom ? [] : [a.className + " " + before + " " + at() + " " + box.right + " of " + cell.right];
			})`, &wrong)
			require.Empty(t, wrong, name)
			require.Equal(t, 5, tab.Count("tr[data-id] a"))
		}
	}
}
