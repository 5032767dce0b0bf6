package e2e_test

import (
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

const onBody = `document.activeElement?.blur()`

// TestShortcuts, which do nothing while somebody types, with other keys held, or turned off.
func TestShortcuts(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	tab := s.open(browser.Look{})
	tab.Before(clipboard)
	tab.Go("/tools/logs/?tz=UTC&limit=25")
	ready(t, tab)
	hold(tab, "/", "/", 191, 1)
	tab.Wait(`document.activeElement.id === "search" && document.activeElement.value === ""`)
	press(tab, "?j1")
	tab.Wait(`document.activeElement.value === "?j1" && !document.querySelector("dialog[open]")`)
	tab.Go("/tools/logs/?tz=UTC&limit=25")
	ready(t, tab)
	press(tab, "?")
	tab.Wait(has("#keys[open]"))
	press(tab, "3")
	press(tab, kb.Escape)
	tab.Wait(`!document.querySelector("dialog[open]") && !document.querySelector("#filters [name=level]:checked")`)
	press(tab, "3")
	tab.Wait(`location.search.includes("level=ERROR")`)
	ready(t, tab)
	press(tab, "3")
	tab.Wait(`!location.search.includes("level=")`)
	ready(t, tab)
	tab.Eval(`document.activeElement.blur()`, nil)
	press(tab, "t")
	tab.Wait(`document.querySelector("[data-menu=period]").open && document.activeElement.closest(".presets")`)
	press(tab, kb.Escape)
	press(tab, "f")
	tab.Wait(`document.activeElement.name === "level"`)
	press(tab, "c")
	tab.Wait(`copied === location.href`)
	press(tab, "j")
	press(tab, "j")
	tab.Wait(`document.activeElement === document.querySelectorAll("tr[data-id] .msg")[1]`)
	press(tab, "y")
	tab.Wait(`JSON.parse(copied).id === document.querySelectorAll("tr[data-id]")[1].dataset.id`)
	press(tab, "l")
	tab.Wait(live)
	press(tab, "l")
	tab.Wait(`document.getElementById("refresh").value === "0"`)
	press(tab, "r")
	tab.Wait(`/^updated (just now|\d+ s ago)$/.test(document.getElementById("livestate").textContent)`)
	press(tab, "n")
	tab.Wait(`location.search.includes("cursor=")`)
	ready(t, tab)
	press(tab, "p")
	tab.Wait(`!location.search.includes("cursor=") || document.querySelector(".pager [aria-current]").textContent === "1"`)
	ready(t, tab)

	tab.Eval(`document.querySelector("tr.r-warning .c-level a").focus()`, nil)
	press(tab, "-")
	tab.Wait(`location.search.includes("notLevel=WARNING")`)
	ready(t, tab)
	tab.Eval(`document.querySelector("tr[data-id] .id").focus()`, nil)
	press(tab, "=")
	tab.Wait(`location.search.includes("actorId=") && location.search.includes("notLevel=WARNING")`)
	ready(t, tab)
	press(tab, "ge")
	tab.Wait(`!location.search.includes("notLevel")`)
	ready(t, tab)

	for _, held := range []string{"altKey", "ctrlKey", "metaKey", "modifierAltGraph", "isComposing"} {
		tab.Eval(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "?", bubbles: true, `+held+`: true}))`, nil)
		tab.Wait(`!document.querySelector("dialog[open]")`)
	}
	tab.Do(chromedp.Click(chromedp.CSS("[data-menu=prefs] summary")), chromedp.Click(chromedp.CSS("[data-menu=prefs] [data-pref=shortcuts]")))
	press(tab, kb.Escape)
	tab.Eval(onBody, nil)
	press(tab, "?/j")
	tab.Wait(`!document.querySelector("dialog[open]") && document.activeElement === document.body`)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	press(tab, "?")
	tab.Wait(`!document.querySelector("dialog[open]") && !document.querySelector("[data-pref=shortcuts]").checked`)
}

// TestPartOfTheChart is chosen by Shift and arrows, or by a pointer that is drawn across.
func TestPartOfTheChart(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(300, end)...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&range=all")
	ready(t, tab)
	var want [2]string
	tab.Eval(`(([a, b]) => [new URL(a.href.baseVal, location.href).searchParams.get("startDate"), new URL(b.href.baseVal, location.href).searchParams.get("endDate")])([0, 2].map(i => document.querySelectorAll(".bars a")[i]))`, &want)
	tab.Eval(`document.querySelector(".bars a").focus()`, nil)
	press(tab, kb.ArrowRight, chromedp.ModifierShift)
	press(tab, kb.ArrowRight, chromedp.ModifierShift)
	tab.Wait(`document.querySelectorAll(".bars .chosen").length === 3 && /^Selected: .* to .*\. Enter shows it\.$/.test(document.getElementById("announce").textContent)`)
	press(tab, kb.Enter)
	tab.Wait(`new URLSearchParams(location.search).has("startDate")`)
	ready(t, tab)
	var got [2]string
	tab.Eval(`["startDate", "endDate"].map(n => new URLSearchParams(location.search).get(n))`, &got)
	for i := range want {
		a, err := time.Parse(time.RFC3339, want[i])
		require.NoError(t, err)
		b, err := time.Parse(time.RFC3339, got[i])
		require.NoError(t, err)
		require.True(t, a.Equal(b), "%v %v", want, got)
	}

	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	var box struct{ X, Y, W, H float64 }
	tab.Eval(`(r => ({x: r.x, y: r.y, w: r.width, h: r.height}))(document.querySelector(".bars").getBoundingClientRect())`, &box)
	y := box.Y + box.H/2
	tab.Do(
		chromedp.MouseEvent(chromedp.MousePressed, box.X+box.W*.25, y, chromedp.ButtonLeft), chromedp.MouseEvent(chromedp.MouseMoved, box.X+box.W*.4, y, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, box.X+box.W*.5, y, chromedp.ButtonLeft),
	)
	tab.Wait(has(".bars .brush"))
	var edges []float64
	tab.Eval(`document.querySelector(".bars").dataset.edges.split(",").map(Number)`, &edges)
	tab.Do(chromedp.MouseEvent(chromedp.MouseReleased, box.X+box.W*.5, y, chromedp.ButtonLeft))
	tab.Wait(`new URLSearchParams(location.search).has("startDate")`)
	ready(t, tab)
	var span [2]float64
	tab.Eval(`["startDate", "endDate"].map(n => Date.parse(new URLSearchParams(location.search).get(n)))`, &span)
	require.Contains(t, edges, span[0])
	require.Contains(t, edges, span[1]+1)
	n := float64(len(edges) - 1)
	require.InDelta(t, edges[0]+(edges[len(edges)-1]-edges[0])*.25, span[0], (edges[1]-edges[0])*n/n)
}
