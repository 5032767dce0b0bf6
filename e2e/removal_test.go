package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// left is how many events there are, but those that the page itself records.
func (s *site) left() (n int) {
	s.t.Helper()
	for l, err := range s.store.All(context.Background(), syslog.Filter{}) {
		require.NoError(s.t, err)
		if l.Actor != syslog.ActorAdmin {
			n++
		}
	}
	return n
}

// old are n events of 2024, one of ten CRITICAL.
func old(n int) (events []syslog.Log) {
	for i := range n {
		l := syslog.Log{ID: fmt.Sprintf("old_%04d", i), Level: syslog.LevelInfo, Type: "OLD", Actor: syslog.ActorSystem, Message: "old one", CreatedAt: time.Date(2024, 1, 1, 0, i, 0, 0, time.UTC)}
		if i%10 == 0 {
			l.Level = syslog.LevelCritical
		}
		events = append(events, l)
	}
	return events
}

// hold presses a key that stays down.
func hold(tab *browser.Tab, key, text string, code int64, times int) {
	yes := true
	tab.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		p := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, WindowsVirtualKeyCode: code, Text: text}
		for range times {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, p); err != nil {
				return err
			}
			p.AutoRepeat = &yes
		}
		p.Type, p.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, p)
		return err
	}))
}

// twice clicks as somebody does who double-clicks everything.
func twice(tab *browser.Tab, selector string) {
	var at struct{ X, Y float64 }
	tab.Eval(fmt.Sprintf(`(r => ({x: r.x + r.width / 2, y: r.y + r.height / 2}))(document.querySelector(%q).getBoundingClientRect())`, selector), &at)
	tab.Do(chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y, chromedp.ClickCount(2)))
}

func step(n int) string {
	return has(fmt.Sprintf(`#removal[open] > div[data-at="%d"]:not([hidden])`, n))
}

func (s *site) removing(query string) *browser.Tab {
	s.t.Helper()
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC" + query)
	ready(s.t, tab)
	deletes(tab)
	tab.Do(chromedp.Click(chromedp.CSS("#listtools a[href*=delete]")))
	tab.Wait(step(1))
	return tab
}

// TestDeletionIsNoAccident: neither two clicks, nor a key that is held, nor Enter.
func TestDeletionIsNoAccident(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(old(40)...)
	tab := s.removing("&type=OLD&endDate=2024-06-01")
	require.Equal(t, "Type contains OLD", tab.Text("#removal [data-out=chips] li:nth-child(2)"))
	twice(tab, `#removal [data-step='2']`)
	tab.Wait(step(2))
	require.Equal(t, "You are about to delete 36 logs", tab.Text("#removal [data-out=count]"))
	require.Contains(t, tab.Text("#removal [data-out=period]"), "Jun 1, 2024, 23:59:59")
	twice(tab, `#removal [data-step='3']`)
	tab.Wait(step(3))
	tab.Wait(`!document.querySelector("#removal [data-do]").disabled && !document.activeElement.matches("[data-do]")`)
	require.Equal(t, 40, s.left())
	tab = s.removing("&type=OLD&endDate=2024-06-01")
	tab.Eval(`document.querySelector("#removal [data-step='2']").focus()`, nil)
	hold(tab, "Enter", "\r", 13, 30)
	tab.Wait(step(2))
	tab.Eval(`document.querySelector("#removal [data-step='3']").focus()`, nil)
	hold(tab, "Enter", "\r", 13, 30)
	tab.Wait(step(3))
	require.Equal(t, 40, s.left())
	tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
	tab.Wait(`!document.querySelector("dialog[open]") && document.getElementById("toast").textContent === "36 logs deleted"`)
	require.Equal(t, 4, s.left(), "those that are CRITICAL")
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 4`)
}

// TestDeletionOfMuch, or of what is new, or grave, wants the number to be typed.
func TestDeletionOfMuch(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(old(150)...)
	s.more(2)
	for query, want := range map[string]string{"&type=OLD&endDate=2024-06-01": "135", "&type=PAYMENT": "2", "&level=CRITICAL&endDate=2024-06-01": "15"} {
		tab := s.removing(query)
		if want == "15" {
			tab.Do(chromedp.Click(chromedp.CSS("#removal [name=spare]")))
		}
		tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
		tab.Wait(step(2))
		tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
		tab.Wait(step(3) + ` && document.activeElement.name === "typed" && document.querySelector("#removal [data-do]").disabled`)
		tab.Do(chromedp.SendKeys(chromedp.CSS("#removal [name=typed]"), "1"+kb.Enter))
		tab.Wait(`document.querySelector("#removal [data-do]").disabled`)
		tab.Eval(`{ const f = document.querySelector("#removal [name=typed]"); f.value = ""; f.focus() }`, nil)
		tab.Do(chromedp.SendKeys(chromedp.CSS("#removal [name=typed]"), want+kb.Enter))
		tab.Wait(step(3) + ` && !document.querySelector("#removal [data-do]").disabled`)
		require.Equal(t, 152, s.left())
		press(tab, kb.Escape)
		tab.Wait(`!document.querySelector("dialog[open]") && document.activeElement.matches("#listtools a")`)
	}
}

// TestDeletionIsOfWhatWasSeen: what comes meanwhile stays; where the number is another,
// nothing goes, and it is shown again. While it runs it cannot be closed.
func TestDeletionIsOfWhatWasSeen(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(old(50)...)
	tab := s.removing("&type=OLD&endDate=2024-06-01&lang=fr")
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
	tab.Wait(step(2))
	s.write(syslog.Log{ID: "late", Level: syslog.LevelInfo, Type: "OLD", Actor: syslog.ActorSystem, CreatedAt: time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)})
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
	tab.Wait(step(3))
	tab.Allow("409")
	tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
	tab.Wait(step(2) + ` && document.querySelector("#removal [data-out=error]").textContent.includes("rien n’a été supprimé")`)
	require.Equal(t, "Vous allez supprimer 46 logs", tab.Text("#removal [data-out=count]"))
	require.Equal(t, 51, s.left())

	release := make(chan struct{})
	began := make(chan struct{})
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodDelete {
			close(began)
			<-release
		}
		return false
	}
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
	tab.Wait(step(3))
	tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
	<-began
	press(tab, kb.Escape)
	press(tab, kb.Escape)
	tab.Wait(step(3) + ` && document.querySelector("#removal [data-out=busy]").textContent === "Suppression en cours…"`)
	close(release)
	tab.Wait(`!document.querySelector("dialog[open]") && document.getElementById("toast").textContent === "46 logs supprimés"`)
	require.Equal(t, 5, s.left())

	// A list that is refreshed, or live, behind the dialog changes nothing of it.
	s.gate = nil
	tab = s.quickly("&type=PAYMENT&minLevel=INFO")
	s.more(3)
	tab.Go("/tools/logs/?limit=25&tz=UTC&type=PAYMENT")
	ready(t, tab)
	choose(tab, "live")
	tab.Wait(live)
	deletes(tab)
	tab.Do(chromedp.Click(chromedp.CSS("#listtools a[href*=delete]")), chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
	tab.Wait(step(2))
	s.more(2)
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
	tab.Wait(step(3))
	require.Equal(t, 3, tab.Count("tr[data-id]"))
	tab.Do(chromedp.SendKeys(chromedp.CSS("#removal [name=typed]"), "3"), chromedp.Click(chromedp.CSS("#removal [data-do]")))
	tab.Wait(`!document.querySelector("dialog[open]")`)
	require.Equal(t, 5+2, s.left())
	tab.Wait(news(2))
}
