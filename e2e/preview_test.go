package e2e_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// held makes the first preview wait until it is let go.
func (s *site) held() (began <-chan struct{}, letGo func()) {
	first, release := make(chan struct{}), make(chan struct{})
	var n atomic.Int64
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/delete-preview") && n.Add(1) == 1 {
			close(first)
			<-release
		}
		return false
	}
	return first, func() { close(release) }
}

// answered remembers how many previews the page has read to their end.
const answered = `(() => {
	const real = Response.prototype.text;
	window.answered = 0;
	Response.prototype.text = async function () { const text = await real.call(this); if (this.url.includes("delete-preview")) setTimeout(() => { answered++; }); return text; };
})()`

// TestPreviewThatComesLate is not shown, and what is deleted is what is shown: also where
// somebody has closed the dialog meanwhile and chosen something else.
func TestPreviewThatComesLate(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(old(40)...)
	began, letGo := s.held()
	tab := s.removing("&type=OLD&startDate=2024-01-01T00:01&endDate=2024-01-01T00:05")
	tab.Eval(answered, nil)
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
	<-began
	tab.Wait(`document.querySelector('#removal [data-step="2"]').disabled`)
	press(tab, kb.Escape)
	tab.Wait(`!document.querySelector("dialog[open]")`)
	tab.Do(chromedp.Click(chromedp.CSS("#listtools a[href*=delete]")))
	tab.Wait(step(1) + ` && !document.querySelector('#removal [data-step="2"]').disabled`)
	tab.Eval(`{ const set = (name, value) => { document.querySelector("#removal [name=" + name + "]").value = value; };
		document.querySelector("#removal [value=dateRange]").checked = true; set("from", "2024-01-01T00:31"); set("to", "2024-01-01T00:37"); }`, nil)
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
	tab.Wait(step(2) + " && answered === 1")
	letGo()
	tab.Wait("answered === 2")
	require.Equal(t, "You are about to delete 7 logs", tab.Text("#removal [data-out=count]"))
	require.Contains(t, tab.Text("#removal [data-out=period]"), "00:31:00")
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
	tab.Wait(step(3))
	tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
	tab.Wait(`document.getElementById("toast").textContent === "7 logs deleted"`)
	require.Equal(t, 33, s.left())
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 5`)
}

// TestPreviewIsOfItsOwnRequest: a choice that changes while it is on its way changes nothing.
func TestPreviewIsOfItsOwnRequest(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(old(40)...)
	began, letGo := s.held()
	tab := s.removing("&type=OLD&startDate=2024-01-01T00:01&endDate=2024-01-01T00:05")
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="2"]`)))
	<-began
	tab.Eval(`document.querySelector("#removal [name=spare]").checked = false; document.querySelector("#removal [value=dateRange]").checked = true;
		document.querySelector('#removal [data-step="2"]').click()`, nil)
	letGo()
	tab.Wait(step(2))
	require.Equal(t, "You are about to delete 5 logs", tab.Text("#removal [data-out=count]"))
	tab.Do(chromedp.Click(chromedp.CSS(`#removal [data-step="3"]`)))
	tab.Wait(step(3))
	tab.Do(chromedp.Click(chromedp.CSS("#removal [data-do]")))
	tab.Wait(`document.getElementById("toast").textContent === "5 logs deleted"`)
	require.Equal(t, 35, s.left())
}
