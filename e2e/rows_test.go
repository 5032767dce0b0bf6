package e2e_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// TestRowsOutOfSight are drawn when the browser has nothing else to do. They are there before:
// for who searches the page, copies it, and goes through it by keys; and they are as high as those
// in sight, so that nothing moves. Who listens to the page has all of them once they are drawn.
func TestRowsOutOfSight(t *testing.T) {
	s := serve(t, admin.Options{})
	events := day(250, end)
	events[249].Message, events[249].CreatedAt = "the needle in the last of all rows", events[249].CreatedAt.AddDate(0, 0, -9)
	s.write(events...)
	const last = `[...document.querySelectorAll("tr[data-id]")].at(-1)`
	const seen = `(r => r.top >= 0 && r.bottom <= innerHeight)(` + last + `.getBoundingClientRect())`
	const hidden = `!` + last + `.querySelector(".msg").checkVisibility({contentVisibilityAuto: true})`
	for name, c := range map[string]struct {
		look    browser.Look
		query   string
		waiting bool // rows out of sight
	}{
		"wide": {browser.Look{}, "", true}, "compact": {browser.Look{}, "", true}, "narrow": {browser.Look{Width: 740, Height: 900}, "", true},
		"wrapped": {browser.Look{}, "&wrap=1", false}, "tablet": {browser.Look{Width: 800, Height: 1000, Phone: true}, "", false},
		"phone": {browser.Look{Width: 360, Height: 740, Phone: true}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			tab := s.open(c.look)
			tab.Before(`(idle => {
				window.held = [];
				window.requestIdleCallback = (then, when) => held ? held.push(then) : idle(then, when);
			})(requestIdleCallback.bind(window))`)
			tab.Go("/tools/logs/?tz=UTC&limit=250" + c.query)
			ready(t, tab)
			if name == "compact" {
				tab.Eval(`void (document.documentElement.dataset.density = "compact")`, nil)
			}
			require.Equal(t, 250, tab.Count("tr[data-id]"))
			tab.Wait(fmt.Sprintf(`(%s) === %t`, hidden, c.waiting))

			tab.Wait(`(scrollTo(0, 0), window.find("the needle in the last") && ` + seen + `)`)
			tab.Eval(`(getSelection().removeAllRanges(), scrollTo(0, 0), `+last+`.querySelector(".msg").focus())`, nil)
			tab.Wait(seen)
			tab.Eval(`(document.activeElement.blur(), scrollTo(0, 0))`, nil)
			var text string
			tab.Eval(`(getSelection().selectAllChildren(document.querySelector(".logs")), getSelection().toString())`, &text)
			require.Contains(t, text, "the needle in the last of all rows", "who copies")
			tab.Eval(`getSelection().removeAllRanges()`, nil)

			var heights []float64
			tab.Eval(`(async () => {
				const heights = new Set(), look = async () => {
					await new Promise(requestAnimationFrame);
					await new Promise(requestAnimationFrame);
					heights.add(document.querySelector(".logs").offsetHeight);
				};
				for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight * 2) {
					scrollTo(0, y);
					await look();
				}
				scrollTo(0, 0);
				const waiting = held;
				held = null;
				for (const then of waiting) then();
				while (document.querySelector("tr[data-id]:not(.in)")) await look();
				await look();
				return [...heights];
			})()`, &heights)
			require.Len(t, heights, 1)
			tab.Wait(fmt.Sprintf(`!(%s)`, hidden))

			parts := map[string]int{}
			for _, p := range tab.Parts() {
				parts[p.Role]++
				if p.Role == "link" && strings.HasPrefix(p.Name, "the needle") {
					parts["needle"]++
				}
			}
			require.Equal(t, 1, parts["table"])
			require.GreaterOrEqual(t, parts["row"], 251)
			require.Equal(t, 1250, parts["cell"])
			require.Equal(t, 5, parts["columnheader"])
			require.Equal(t, 1, parts["needle"])
		})
	}
	tab := s.open(browser.Look{NoScript: true})
	tab.Go("/tools/logs/?tz=UTC&limit=250")
	cells := 0
	for _, p := range tab.Parts() {
		if p.Role == "cell" {
			cells++
		}
	}
	require.Equal(t, 1250, cells, "without a script nothing waits")
}
