package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// TestManyRowsLeave a few at a time, behind those that come in their place: for whoever looks,
// searches, copies, listens or goes through the page by keys they are gone at once.
func TestManyRowsLeave(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	events := day(400, end)
	for i := range events {
		was := i%2 == 0
		events[i].Type, events[i].Message = map[bool]string{true: "WAS", false: "IS"}[was], fmt.Sprintf("%s there %d", map[bool]string{true: "formerly", false: "presently"}[was], i)
	}
	s.write(events...)
	for name, c := range map[string]struct {
		before string
		tables int // right after the swap
	}{
		"held":    {`(idle => { window.requestIdleCallback = (then, when) => window.held ? held.push(then) : idle(then, when); })(requestIdleCallback.bind(window))`, 2},
		"at once": {`CSS.supports = () => false`, 1},
	} {
		t.Run(name, func(t *testing.T) {
			tab := s.open(browser.Look{})
			tab.Before(c.before)
			tab.Go("/tools/logs/?tz=UTC&limit=250&type=WAS")
			ready(t, tab)
			tab.Wait(`document.querySelectorAll("tr[data-id]").length === 200 && !document.querySelector("tr[data-id]:not(.in)")`)
			var before, after struct{ Top, Height, Rows float64 }
			const place = `({Top: scrollY, Height: document.documentElement.scrollHeight, Rows: document.querySelectorAll("tr[data-id]").length})`
			tab.Eval(`(document.querySelectorAll("tr[data-id] .msg")[120].focus(), `+place+`)`, &before)
			require.Positive(t, before.Top)

			var tables int
			tab.Eval(`(async () => {
				window.held = [];
				const { show } = await import(document.querySelector("script[type=module]").src);
				await show("?tz=UTC&limit=250&type=IS", "push");
				return document.querySelectorAll(".logs").length;
			})()`, &tables)
			require.Equal(t, c.tables, tables)
			tab.Wait(`document.activeElement === document.body`)
			tab.Eval(place, &after)
			require.Equal(t, before, after)
			press(tab, kb.Tab)
			tab.Wait(`document.activeElement.closest('[data-region="list"]')?.textContent.includes("presently")`)
			tab.Eval(fmt.Sprintf(`(document.activeElement.blur(), scrollTo(0, %f))`, before.Top), nil)
			for _, p := range tab.Parts() {
				require.NotContains(t, p.Name, "formerly")
			}
			var found []bool
			var text string
			tab.Eval(`(getSelection().selectAllChildren(document.body), getSelection().toString())`, &text)
			tab.Eval(`(getSelection().removeAllRanges(), ["formerly there", "presently there"].map((text) => window.find(text)))`, &found)
			require.NotContains(t, text, "formerly")
			require.Equal(t, 200, strings.Count(text, "presently"))
			require.Equal(t, []bool{false, true}, found)

			tab.Eval(fmt.Sprintf(`(getSelection().removeAllRanges(), scrollTo(0, %f))`, before.Top), nil)
			tab.Eval(`(() => {
				const waiting = held;
				held = null;
				for (const then of waiting) then();
			})()`, nil)
			tab.Wait(`document.querySelectorAll(".logs").length === 1 && document.querySelectorAll("tr[data-id]").length === 200 && document.querySelector(".logs").textContent.includes("presently")`)
			tab.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(`+place+`))))`, &after)
			require.Equal(t, before, after)
		})
	}

	// Where nothing comes in their place, there is no further page, and what happens next is the
	// first of the list.
	tab := s.open(browser.Look{})
	tab.Before(`(idle => { window.requestIdleCallback = (then, when) => window.held ? held.push(then) : idle(then, when); })(requestIdleCallback.bind(window))`)
	tab.Go("/tools/logs/?tz=UTC&limit=150&type=WAS")
	ready(t, tab)
	choose(tab, "live")
	tab.Wait(live)
	tab.Eval(`(async () => {
		window.held = [];
		const { show } = await import(document.querySelector("script[type=module]").src);
		await show("?tz=UTC&limit=150&type=PAYMENT_FAILED", "push");
	})()`, nil)
	tab.Wait(live + ` && document.querySelectorAll(".logs").length === 1 && !document.querySelector("tr[data-id]")`)
	press(tab, "n")
	tab.Wait(`new URLSearchParams(location.search).get("type") === "PAYMENT_FAILED"`)
	s.more(1)
	tab.Wait(`document.querySelectorAll("tr[data-id] .msg").length === 1`)
	tab.Eval(`(() => {
		const waiting = held;
		held = null;
		for (const then of waiting) then();
	})()`, nil)
	tab.Wait(`!document.querySelector("#list > [style]") && document.querySelectorAll("tr[data-id] .msg").length === 1`)
}
