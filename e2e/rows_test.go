package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/callastar/syslog"
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
			tab.Eval(`(([first, second]) => {
				const data = new DataTransfer();
				getSelection().setBaseAndExtent(first, 0, second, second.childNodes.length);
				document.dispatchEvent(new ClipboardEvent("copy", { clipboardData: data, cancelable: true }));
				getSelection().removeAllRanges();
				return data.getData("text/plain");
			})(document.querySelectorAll("tr[data-id]"))`, &text)
			require.Equal(t, copied(events[:2]), text)
			for _, other := range []string{"[firstRow.cells[4], firstRow.cells[4]]", "[document.querySelector('.status'), firstRow.cells[4]]"} {
				tab.Wait(`(([a, b]) => {
					const copy = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), cancelable: true });
					getSelection().setBaseAndExtent(a, 0, b, b.childNodes.length);
					return document.dispatchEvent(copy) && (getSelection().removeAllRanges(), true);
				})(((firstRow) => ` + other + `)(document.querySelector("tr[data-id]")))`)
			}
			if c.waiting { // or it would not need them drawn
				require.Less(t, count(tab.Parts(), "cell"), 1250)
			}

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

			parts := tab.Parts()
			require.Equal(t, 1, count(parts, "table"))
			require.Equal(t, 5, count(parts, "columnheader"))
			require.GreaterOrEqual(t, count(parts, "row"), 251)
			require.Equal(t, 1250, count(parts, "cell"))
			require.Contains(t, parts, browser.Part{Role: "link", Name: events[249].Message})
		})
	}
	tab := s.open(browser.Look{NoScript: true})
	tab.Go("/tools/logs/?tz=UTC&limit=250")
	require.Equal(t, 1250, count(tab.Parts(), "cell"), "without a script nothing waits")

	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.Path, "dialogs") {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	tab = s.open(browser.Look{})
	tab.Allow("503")
	tab.Go("/tools/logs/?tz=UTC&limit=250")
	tab.Wait(`document.readyState === "complete" && document.querySelector("tr[data-id]:last-child .msg").checkVisibility({contentVisibilityAuto: true})`)
	require.Equal(t, 1250, count(tab.Parts(), "cell"), "nor does it where one is missing")
}

func count(parts []browser.Part, role string) (n int) {
	for _, p := range parts {
		if p.Role == role {
			n++
		}
	}
	return n
}

// copied is what is in the clipboard of events.
func copied(events []syslog.Log) string {
	var lines []string
	for _, l := range events {
		lines = append(lines, strings.Join([]string{
			l.CreatedAt.UTC().Format("15:04:05.000"), l.Level.String(), strings.TrimSpace(string(l.Actor) + " " + l.ActorID), l.Type, l.Message,
		}, "\t"))
	}
	return strings.Join(lines, "\n")
}

// TestCellsAreInLine with their heading, and with each other, at any width.
func TestCellsAreInLine(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	for name, look := range map[string]browser.Look{"wide": {}, "narrow": {Width: 760, Height: 900}, "tablet": {Width: 1000, Height: 900, Phone: true}} {
		tab := s.open(look)
		for _, query := range []string{"", "&wrap=1", "&cols=time,level,actor,type,message,meta.price", "&cols=time,level,type", "&cols=time,level,actor,type,message,meta.a,meta.b,meta.c"} {
			for _, density := range []string{"", "compact"} {
				tab.Go("/tools/logs/?tz=UTC&limit=25" + query)
				ready(t, tab)
				tab.Eval(`void (document.documentElement.dataset.density = "`+density+`")`, nil)
				var wrong []string
				tab.Eval(`(() => {
					const wrong = [], heads = [...document.querySelectorAll(".logs thead th")].map((h) => h.getBoundingClientRect());
					const end = document.querySelector(".logs").getBoundingClientRect().right;
					if (Math.abs(heads.at(-1).right - end) > .1) wrong.push("the last column ends at " + heads.at(-1).right + " of " + end);
					for (const row of [...document.querySelectorAll("tr[data-id]")].slice(0, 9)) {
						const middles = [...row.cells].map((cell, i) => {
							const { left, right } = cell.getBoundingClientRect(), text = document.createRange();
							if (Math.abs(left - heads[i].left) > .1 || Math.abs(right - heads[i].right) > .1) wrong.push(cell.className + " " + left + " " + right + " below " + heads[i].left + " " + heads[i].right);
							text.selectNodeContents(document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode() ?? cell);
							const [line] = text.getClientRects();
							return line ? (line.top + line.bottom) / 2 - row.getBoundingClientRect().top : 0;
						}).filter(Boolean);
						if (Math.max(...middles) - Math.min(...middles) > 3) wrong.push("middles " + middles);
					}
					return wrong;
				})()`, &wrong)
				require.Empty(t, wrong, name+query+density)
			}
		}
	}
}

// TestRowsArePrinted as a table, whose heading is on each page.
func TestRowsArePrinted(t *testing.T) {
	s := serve(t, admin.Options{})
	events := day(100, end)
	events[0].Message = strings.Repeat("unbroken", 300)
	s.write(events...)
	tab := s.open(browser.Look{Width: 1100, Height: 900})
	tab.Go("/tools/logs/?tz=UTC&limit=100")
	ready(t, tab)
	width := func() float64 { b := boxOf(tab, "tr[data-id]:last-child .c-message"); return b.Right - b.Left }
	before := width()
	tab.Print()
	tab.Wait(`["table", "table-header-group", "table-row", "table-cell"].join() === [".logs", ".logs thead", "tr[data-id]:last-child", "tr[data-id]:last-child td"].map((s) => getComputedStyle(document.querySelector(s)).display).join()`)
	tab.Wait(`document.querySelector("tr[data-id]:last-child .msg").checkVisibility({contentVisibilityAuto: true})`)
	require.GreaterOrEqual(t, width(), before, "what is left away gives its room to messages")

	tab = s.open(browser.Look{Width: 740, Height: 1000}) // paper
	tab.Go("/tools/logs/?tz=UTC&limit=100")
	ready(t, tab)
	tab.Print()
	require.Greater(t, width(), 180., "it was 55 where columns were as wide as on a screen")
	require.Zero(t, tab.Overflow(), "whatever a message is like")
}
