package budget_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// What half an hour of so many events a second comes to.
const (
	perSecond = 50
	watched   = 30 * 60 * perSecond
)

// measureTail takes how long a live view is held up at a time by events at their rate, and
// what it keeps of half an hour of them, which come as fast as they can.
func measureTail(t *testing.T, r *report) {
	s := serve(t)
	write(t, s, "before", 200)
	tab := s.open(t, "")
	tab.Eval(`(() => { const s = document.getElementById("refresh"); s.value = "live"; s.dispatchEvent(new Event("change")); })()`, nil)
	tab.Wait(`document.documentElement.dataset.live === "on"`)
	write(t, s, "first", 1500) // the list is as long as it gets
	seen(t, tab, "first 1500")
	longest := tab.Tasks()
	tick := time.NewTicker(time.Second / perSecond)
	defer tick.Stop()
	const some = 15 * perSecond
	for i := range some {
		<-tick.C
		event(t, s, "ticking", i+1)
	}
	seen(t, tab, fmt.Sprint("ticking ", some))
	r.set("tailtask", longest())

	before := tab.Heap()
	longest = tab.Tasks()
	write(t, s, "then", watched)
	seen(t, tab, fmt.Sprint("then ", watched))
	r.set("floodtask", longest())
	r.set("tailheap", float64(tab.Heap()-before)/(1<<20))
	r.set("tailrows", float64(tab.Count("tr[data-id]")))
}

// write logs events with numbers, and waits until they are stored.
func write(t *testing.T, s *site, word string, n int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		event(t, s, word, i)
		if i%10_000 == 0 { // what is refused is not the page's to show
			require.NoError(t, s.logger.Flush(t.Context()))
		}
	}
	require.NoError(t, s.logger.Flush(t.Context()))
}

func event(t *testing.T, s *site, word string, i int) {
	t.Helper()
	require.NoError(t, s.logger.Log(t.Context(), syslog.Log{
		Type: "PAYMENT_SUCCEEDED", Actor: syslog.ActorUser, ActorID: "usr_1", Message: fmt.Sprint(word, " ", i), Metadata: []byte(`{"amount":49.9,"currency":"EUR"}`),
	}))
}

// seen waits until an event is the first of the list.
func seen(t *testing.T, tab *browser.Tab, message string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var first string
		tab.Eval(`document.querySelector("tr[data-id] .msg")?.textContent ?? ""`, &first)
		return first == message
	}, patience, poll)
}
