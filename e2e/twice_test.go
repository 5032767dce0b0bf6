package e2e_test

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// TestChipsTwice: a second click while the first is on its way does nothing.
func TestChipsTwice(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&notType=PAY")
	ready(t, tab)
	const twice = `(b => { b.click(); b.click(); })(document.querySelector(".chip[data-name=notType] .turn"))`
	tab.Eval(twice, nil)
	tab.Wait(`!location.search.includes("notType=") && document.querySelectorAll(".chip.off").length === 1`)
	ready(t, tab)
	require.Equal(t, 1, tab.Count(".chip[data-name=notType]"))
	tab.Eval(twice, nil)
	tab.Wait(`new URLSearchParams(location.search).getAll("notType").join() === "PAY" && !document.querySelector(".chip.off")`)
	ready(t, tab)
	require.Equal(t, 1, tab.Count(".chip[data-name=notType]"))
}

// TestRefreshSaysWhatItFound to who hears the page: also that there is nothing new.
func TestRefreshSaysWhatItFound(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, time.Now())...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&limit=25")
	ready(t, tab)
	press(tab, "r")
	tab.Wait(`/^updated /.test(document.getElementById("announce").textContent)`)
	s.write(syslog.Log{ID: "new_1", Type: "NEW", Message: "a", CreatedAt: time.Now()}, syslog.Log{ID: "new_2", Type: "NEW", Message: "b", CreatedAt: time.Now()})
	press(tab, "r")
	tab.Wait(`/^2 new/.test(document.getElementById("announce").textContent)`)
}
