package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// TestButtonsStayUnderThePointer: what deletes and what exports is the same element in the same
// place, whatever is shown anew, and is about the list as it is.
func TestButtonsStayUnderThePointer(t *testing.T) {
	for _, look := range []browser.Look{{Lang: "en"}, {Lang: "fr"}, {Lang: "fr", Width: 800, Height: 700}, {Lang: "fr", Width: 360, Height: 2000}} {
		s := serve(t, admin.Options{TailInterval: -1})
		s.write(day(9, end)...)
		tab := s.open(look)
		tab.Before(hurry)
		tab.Go("/tools/logs/?limit=25&tz=UTC&type=_")
		ready(t, tab)
		held := []string{"#listtools [data-delete]", "#listtools [data-menu=export] summary"}
		var places []box
		for i, selector := range held {
			places = append(places, boxOf(tab, selector))
			tab.Eval(fmt.Sprintf(`(window.held ??= [])[%d] = document.querySelector(%q)`, i, selector), nil)
		}
		x, y := (places[0].Left+places[0].Right)/2, (places[0].Top+places[0].Bottom)/2
		tab.Do(chromedp.MouseEvent(chromedp.MouseMoved, x, y))
		still := func(what string) {
			t.Helper()
			ready(t, tab)
			for i, selector := range held {
				var same bool
				tab.Eval(fmt.Sprintf(`held[%d] === document.querySelector(%q)`, i, selector), &same)
				require.True(t, same, "%s: %+v, %s", what, look, selector)
				require.Equal(t, places[i], boxOf(tab, selector), "%s: %+v, %s", what, look, selector)
			}
			tab.Wait(`document.querySelector("#listtools [data-delete]:hover") !== null`)
		}
		shown := func(n int) string {
			return fmt.Sprintf(`document.querySelectorAll("tr[data-id]").length === %d`, n)
		}
		choose(tab, "10")
		s.more(1)
		tab.Wait(shown(10)) // a number longer
		still("refresh")
		var many []syslog.Log
		for i := range 1200 {
			many = append(many, syslog.Log{ID: fmt.Sprintf("many_%04d", i), Level: syslog.LevelInfo, Type: "_", Message: "m", Actor: syslog.ActorSystem, CreatedAt: time.Now().UTC()})
		}
		s.write(many...)
		tab.Wait(shown(25))
		still("refresh of many")
		choose(tab, "0")
		press(tab, "4") // CRITICAL
		at(t, tab, "limit=25&level=CRITICAL&type=_")
		tab.Wait(shown(1))
		if look.Width == 0 { // where chips need more lines than one, they have them
			still("filter")
		}
		var to, export string
		tab.Eval(`held[0].search`, &to)
		tab.Eval(`document.querySelector("[data-menu=export] a").search`, &export)
		require.Contains(t, to, "level=CRITICAL")
		require.Contains(t, export, "level=CRITICAL")
		press(tab, "4")
		at(t, tab, "limit=25&type=_")
		tab.Wait(shown(25))
		press(tab, "4")
		press(tab, "2") // and WARNING
		tab.Eval(`{ const f = document.getElementById("search"); f.value = "no such thing"; f.dispatchEvent(new Event("input", {bubbles: true})); }`, nil)
		tab.Wait(shown(0))
		if look.Width == 0 {
			still("nothing")
		}
		tab.Eval(`{ const f = document.getElementById("search"); f.value = ""; f.dispatchEvent(new Event("input", {bubbles: true})); }`, nil)
		press(tab, "4")
		press(tab, "2")
		at(t, tab, "limit=25&type=_")
		choose(tab, "live")
		tab.Wait(`document.documentElement.dataset.live === "on"`)
		s.more(3)
		tab.Wait(news(3))
		still("live rows")
	}
}
