package e2e_test

import (
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// TestNothingComesUnderAFinger: neither rows nor the strip of unseen events, until what it
// meant is done. In the live view that strip is kept up to date, too.
func TestNothingComesUnderAFinger(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{Phone: true, Width: 360, Height: 740})
	tab.Before(hurry)
	tab.Before(`{ const real = setInterval; window.setInterval = (f, ms, ...rest) => real(f, ms >= 30_000 ? ms / 50 : ms, ...rest); }`)
	tab.Go("/tools/logs/?tz=UTC")
	ready(t, tab)
	choose(tab, "live")
	tab.Wait(`document.documentElement.dataset.live === "on"`)
	heading := boxOf(tab, ".day th") // where a finger opens nothing
	lift := tab.Touch(heading.Left+60, heading.Top+10)
	s.more(3)
	s.alarms(0, 1)
	tab.Wait(`!document.getElementById("fresh").hidden`)
	tab.Wait(`document.querySelector("#unseen p").textContent.startsWith("1 CRITICAL log")`)
	tab.Wait(untold)
	require.Equal(t, 60, tab.Count("tr[data-id]"))
	lift()
	tab.Wait(told("1"))
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 63`)
	tab.Wait(`scrollY === 0`)
}
