package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// box is where something is in the window.
type box struct{ Left, Top, Right, Bottom float64 }

func boxOf(tab *browser.Tab, selector string) (b box) {
	tab.Eval(`(({left, top, right, bottom}) => ({Left: left, Top: top, Right: right, Bottom: bottom}))(document.querySelector(`+strconv.Quote(selector)+`).getBoundingClientRect())`, &b)
	return b
}

func (b box) touches(o box) bool {
	return b.Left < o.Right && o.Left < b.Right && b.Top < o.Bottom && o.Top < b.Bottom
}

// shot takes a picture where SYSLOG_SHOTS asks for them.
func shot(tab *browser.Tab, name string) {
	if dir := os.Getenv("SYSLOG_SHOTS"); dir != "" {
		tab.Shot(filepath.Join(dir, name+".png"))
	}
}

func (s *site) count(f syslog.Filter) int64 {
	s.t.Helper()
	require.NoError(s.t, s.logger.Flush(context.Background()))
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: f, Limit: 1})
	require.NoError(s.t, err)
	return page.Pagination.TotalCount
}

// fine checks a page that somebody is on. What checks needs scripts of its own.
func fine(t *testing.T, tab *browser.Tab, look browser.Look) {
	t.Helper()
	require.Zero(t, tab.Overflow())
	if !look.NoScript {
		require.Empty(t, tab.Axe())
	}
}

// TestDeleteByClicks: from the list to what came of it, on the pages for it, without a script
// and with those of the page.
func TestDeleteByClicks(t *testing.T) {
	for name, look := range map[string]browser.Look{
		"desk": {NoScript: true}, "phone": {NoScript: true, Width: 360, Height: 740, Phone: true, Lang: "fr"}, "script-dark": {Dark: true, Lang: "fr"},
	} {
		s := week(t, admin.Options{})
		infos, all := s.count(syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}, Type: "AUTH"}), s.count(syslog.Filter{})
		require.Greater(t, infos, int64(100))
		tab := s.open(look)
		tab.Go("/tools/logs/?level=INFO&type=AUTH&tz=Europe/Paris")
		shot(tab, "listtools-"+name)
		if look.NoScript {
			tab.Do(chromedp.Click(chromedp.CSS("#listtools [data-delete]")))
		} else { // scripts have a dialog for it
			var href string
			tab.Eval(`document.querySelector("#listtools [data-delete]").href`, &href)
			tab.Go(strings.TrimPrefix(href, s.url))
		}
		tab.Wait(has("form [name=_step]~fieldset"))
		fine(t, tab, look)
		first := boxOf(tab, "form button.primary")
		tab.Do(chromedp.Click(chromedp.CSS("form button.primary")))
		tab.Wait(has("button.grave"))
		require.Equal(t, all, s.count(syslog.Filter{}))
		fine(t, tab, look)
		require.False(t, first.touches(boxOf(tab, "button.grave")), "the last button is not where the one before was")
		shot(tab, "preview-"+name)

		tab.Allow("400")
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), "12"), chromedp.Click(chromedp.CSS("button.grave")))
		tab.Wait(has("#typed"))
		fine(t, tab, look)
		require.Equal(t, all, s.count(syslog.Filter{}))
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), strconv.FormatInt(infos, 10)), chromedp.Click(chromedp.CSS("button.grave")))
		tab.Wait(has(".banner.ok"))
		require.Contains(t, tab.Text(".banner.ok"), strconv.FormatInt(infos, 10))
		fine(t, tab, look)
		shot(tab, "deleted-"+name)
		require.Equal(t, all-infos+1, s.count(syslog.Filter{}), "and a record")
		tab.Do(chromedp.Click(chromedp.CSS(".banner.ok a")))
		tab.Wait(has(".entry"))
		require.Equal(t, "ADMIN_LOGS_DELETED", tab.Text(".entry h1"))
	}
}

// TestEraseByClicks, and the cleanup of the page.
func TestEraseByClicks(t *testing.T) {
	for name, look := range map[string]browser.Look{"desk": {NoScript: true}, "phone": {Width: 360, Height: 740, Phone: true, Lang: "fr"}} {
		s := week(t, admin.Options{})
		tab := s.open(look)
		tab.Go("/tools/logs/maintenance")
		tab.Do(chromedp.Click(chromedp.CSS("form[action*=cleanup] button")))
		tab.Wait(has(".banner.ok"))
		fine(t, tab, look)
		shot(tab, "cleaned-"+name)
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=actorId]"), "usr_00033"), chromedp.Click(chromedp.CSS("form.inline button")))
		tab.Wait(has("[name=mode]"))
		mine := s.count(syslog.Filter{ActorID: "usr_00033"})
		require.Contains(t, tab.Text(".lead"), strconv.FormatInt(mine, 10))
		tab.Do(chromedp.Click(chromedp.CSS("form[method=post] button")))
		tab.Wait(has("button.grave"))
		fine(t, tab, look)
		shot(tab, "erase-"+name)
		tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), strconv.FormatInt(mine, 10)), chromedp.Click(chromedp.CSS("button.grave")))
		tab.Wait(has(".banner.ok"))
		fine(t, tab, look)
		shot(tab, "erased-"+name)
		require.Zero(t, s.count(syslog.Filter{ActorID: "usr_00033"}))
	}
}
