package e2e_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

const live = `document.documentElement.dataset.live === "on"`

// TestLiveAcrossADroppedConnection: each event once, in its order, as the same row that the
// list has.
func TestLiveAcrossADroppedConnection(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(60, end)...)
	for _, mount := range mounts {
		var down atomic.Bool
		s.gate = func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, "/tail") && down.Load() {
				http.Error(w, "no", http.StatusServiceUnavailable)
				return true
			}
			return false
		}
		tab := s.quickly("")
		tab.Allow("503|ERR_|Failed to load")
		tab.Go(mount + "?limit=25&tz=Asia/Tokyo&lang=fr&level=ERROR")
		ready(t, tab)
		aside(tab)
		tab.Eval(`window.before = document.querySelector("tr[data-id]").dataset.id; window.said = []; new MutationObserver(() => said.push(document.getElementById("announce").textContent)).observe(document.getElementById("announce"), {childList: true})`, nil)
		choose(tab, "live")
		tab.Wait(live)
		upTo := `[...document.querySelectorAll("tr[data-id]")].findIndex(r => r.dataset.id === before) === %d`
		s.more(5)
		tab.Wait(fmt.Sprintf(upTo, 5))
		down.Store(true)
		s.cut()
		tab.Wait(`/^Reconnexion… \([1-9]\d*\)$/.test(document.getElementById("livestate").textContent)`)
		s.more(20)
		down.Store(false)
		tab.Wait(fmt.Sprintf(upTo, 25))
		tab.Wait(live)
		s.cut()
		s.more(5)
		tab.Wait(fmt.Sprintf(upTo, 30))
		tab.Wait(`document.getElementById("livestate").textContent === ""`)
		var ids []string
		tab.Eval(`[...document.querySelectorAll("tr[data-id^=new_]")].map(r => r.dataset.id).slice(0, 30)`, &ids)
		for i := 1; i < len(ids); i++ {
			require.Less(t, ids[i], ids[i-1])
		}
		var said []string
		tab.Eval(`said`, &said)
		require.LessOrEqual(t, len(said), 4, "a summary every 10 s at most: %v", said)
		var before, after []string
		rows := `[...document.querySelectorAll("tr[data-id^=new_]")].slice(0, 20).map(r => r.closest("tbody").rows[0].innerText + r.classList[0] + r.dataset.id + r.innerHTML)`
		tab.Eval(rows, &before)
		choose(tab, "0")
		tab.Go(mount + "?limit=25&tz=Asia/Tokyo&lang=fr&level=ERROR")
		ready(t, tab)
		tab.Eval(rows, &after)
		require.Equal(t, after, before, mount)
	}
}

// TestLiveHolds: paused it counts, and when there is too much the oldest go.
func TestLiveHolds(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(300, end)...)
	tab := s.quickly("")
	choose(tab, "live")
	tab.Wait(live)
	tab.Do(chromedp.Click(chromedp.CSS("#pause")))
	s.more(3)
	tab.Wait(pill(3))
	require.Equal(t, 25, tab.Count("tr[data-id]"))
	require.Equal(t, "Paused", tab.Text("#livestate"))
	tab.Do(chromedp.Click(chromedp.CSS("#pause")))
	tab.Wait(news(3))
	s.more(1100)
	tab.Wait(`document.querySelectorAll("tr[data-id]").length === 1000 && !document.getElementById("older").hidden`)
	tab.Wait(news(1000))
	require.Contains(t, tab.Text("#older"), "1,000")
}

// TestLiveSaysWhatItCannotHave: losses of the pipeline, and the end of a session.
func TestLiveSaysWhatItCannotHave(t *testing.T) {
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(60, end)...)
	denied := make(chan struct{})
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/tail") {
			return false
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "event: dropped\ndata: {\"dropped\":100}\n\nevent: dropped\ndata: {\"dropped\":28}\n\n")
		_ = http.NewResponseController(w).Flush()
		select {
		case <-denied:
			_, _ = io.WriteString(w, "event: end\ndata: {\"reason\":\"denied\"}\n\n")
		case <-r.Context().Done():
		}
		return true
	}
	tab := s.quickly("")
	choose(tab, "live")
	tab.Wait(`/^128 logs were lost/.test(document.getElementById("lost").textContent) && !document.getElementById("lost").hidden`)
	close(denied)
	tab.Wait(has(`[data-notice="session"]:not([hidden])`))
	tab.Wait(`document.getElementById("refresh").value === "0"`)
}

// TestLiveOfMany: who paused has all that came, from the newest on and without a gap, and
// hears of each once; by keyboard the newest has the focus.
func TestLiveOfMany(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{TailInterval: -1})
	s.write(day(300, end)...)
	tab := s.quickly("")
	tab.Eval(`window.said = []; new MutationObserver(() => said.push(document.getElementById("announce").textContent)).observe(document.getElementById("announce"), {childList: true})`, nil)
	choose(tab, "live")
	tab.Wait(live)
	tab.Do(chromedp.Click(chromedp.CSS("#pause")))
	s.more(120)
	tab.Wait(pill(120))
	tab.Eval(`document.querySelector("#fresh").focus({focusVisible: true})`, nil)
	press(tab, "\r")
	tab.Wait(news(120))
	tab.Wait(`document.activeElement === document.querySelector("tr[data-id] .msg") && document.activeElement.closest("tr").dataset.id.startsWith("new_")`)
	inOrder(t, tab, 120)
	tab.Eval(`document.activeElement.blur()`, nil)

	s.more(1200) // more than a list can have
	tab.Wait(`document.getElementById("fresh").textContent.startsWith("More than 1,000")`)
	require.Equal(t, 145, tab.Count("tr[data-id]"))
	aside(tab)
	read, let := make(chan struct{}), make(chan struct{})
	var reads atomic.Int64
	s.gate = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/rows") {
			return false
		}
		switch reads.Add(1) {
		case 1:
			http.Error(w, "no", http.StatusServiceUnavailable) // it is tried again
		case 2:
			answer := httptest.NewRecorder()
			s.handle.ServeHTTP(answer, r)
			close(read)
			<-let
			maps.Copy(w.Header(), answer.Header())
			_, _ = w.Write(answer.Body.Bytes())
		default:
			return false
		}
		return true
	}
	tab.Allow("503|Failed to load")
	tab.Do(chromedp.Click(chromedp.CSS("#pause")))
	select {
	case <-read:
	case <-time.After(20 * time.Second):
		require.Fail(t, "the list is not read anew")
	}
	s.more(10) // while the list is on its way
	tab.Eval(`new Promise((done) => setTimeout(done, 900))`, nil)
	require.Equal(t, 145, tab.Count("tr[data-id]"))
	close(let)
	tab.Wait(news(35)) // the list as it is, from the server, and those
	inOrder(t, tab, 35)
	s.more(2)
	tab.Wait(news(37))
	inOrder(t, tab, 37)
	tab.Wait(`said.length > 0 && said.reduce((n, text) => n + Number(text.replace(",", "").match(/^\d+(?= new log)/)?.[0] ?? 0), 0) >= 120`)
	var total int
	tab.Eval(`said.reduce((n, text) => n + Number(text.replace(",", "").match(/^\d+(?= new log)/)?.[0] ?? 0), 0)`, &total)
	require.LessOrEqual(t, total, 1332)
}

// inOrder asserts that the first n rows are those logged last by more, without a gap.
func inOrder(t *testing.T, tab *browser.Tab, n int) {
	t.Helper()
	var ids []string
	tab.Eval(`[...document.querySelectorAll("tr[data-id]")].map(r => r.dataset.id)`, &ids)
	for i, id := range ids[:n-1] {
		var this, next int
		_, err := fmt.Sscanf(id+" "+ids[i+1], "new_%d new_%d", &this, &next)
		require.NoError(t, err)
		require.Equal(t, this-1, next)
	}
}
