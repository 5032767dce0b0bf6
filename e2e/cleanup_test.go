package e2e_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// TestCleanupIsPressedTwice: one is asked for, and the button says that it runs.
func TestCleanupIsPressedTwice(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	s.write(syslog.Log{ID: "old", Type: "T", Actor: syslog.ActorSystem, CreatedAt: time.Now().AddDate(-1, 0, 0)})
	var asked atomic.Int64
	let := make(chan struct{})
	done := sync.OnceFunc(func() { close(let) })
	t.Cleanup(done)
	s.gate = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/cleanup") {
			asked.Add(1)
			<-let
		}
		return false
	}
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/maintenance?tz=UTC")
	var said []string
	tab.Eval(`(() => {
		const b = document.querySelector("[data-runs] button");
		b.click();
		b.click();
		return [b.textContent, document.getElementById("announce").textContent, String(b.disabled)];
	})()`, &said)
	require.Equal(t, []string{"The cleanup is running…", "The cleanup is running…", "true"}, said)
	done()
	tab.Wait(`document.querySelector(".banner.ok")?.textContent.includes("Cleanup done: 1 log deleted")`)
	require.EqualValues(t, 1, asked.Load())
	tab.Go("/tools/logs/maintenance?tz=UTC&running=1")
	tab.Wait(`document.querySelector(".banner[role=alert]").textContent.startsWith("A cleanup was already running")`)
	require.Empty(t, tab.Axe())
}
