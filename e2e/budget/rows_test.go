package budget_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func click(selector string) browser.Step { return chromedp.Click(chromedp.CSS(selector)) }

// measureRows takes how long it is until somebody sees events.
func measureRows(t *testing.T, r *report, s *site) {
	for name, query := range map[string]string{"firstrow1M": "", "level1M": "?level=ERROR", "range1M": "?range=24h"} {
		var all []time.Duration
		tab := browser.Open(t, s.url, browser.Look{})
		for range 20 { // of fewer the 95th percentile is the first visit, to a browser that has just begun
			tab.Go(mount + query)
			ready(t, tab) // so that what the last visit asked for is over
			require.Equal(t, 100, tab.Count("tr[data-id]"), name)
			v := tab.Vitals()
			require.Positive(t, v.FCP, name)
			all = append(all, time.Duration(v.FCP*float64(time.Millisecond)))
		}
		r.times(name, all)
		t.Log(name, all)
	}
}

// measureServer takes how long the server takes.
func measureServer(t *testing.T, r *report, s *site) {
	deep := syslog.Position{CreatedAt: time.UnixMilli(at(s.newest, rows-500_000)), ID: fmt.Sprintf(id, rows-500_000), Rows: 500_000}
	for name, path := range map[string]string{
		"list1M":      logs + "?limit=100&count=capped", // as the page counts
		"facets1M":    mount + "facets",
		"histogram1M": mount + "histogram",
		"count1M":     logs + "/count",
		"deep1M":      mount + "rows?cursor=" + deep.Cursor(syslog.Desc),
	} {
		all := repeat(t, s, path)
		r.times(name, all)
		t.Log(name, all)
	}
	begun, path := time.Now(), mount+"rows?search=bk_77777777"
	if status := fetch(t, s, path); status == http.StatusGatewayTimeout {
		r.instead("search1M", fmt.Sprintf("504@%.1fs", time.Since(begun).Seconds()))
		require.Less(t, time.Since(begun), 2*5*time.Second, "who waits is told in time")
		return
	}
	all := repeat(t, s, path)
	r.times("search1M", all)
	t.Log("search1M", all)
}

// repeat asks ten times, or less if that takes long. Who gets no answer has waited, too.
func repeat(t *testing.T, s *site, path string) (all []time.Duration) {
	t.Helper()
	for begun := time.Now(); len(all) < 10 && (len(all) < 3 || time.Since(begun) < 4*time.Second); {
		asked := time.Now()
		require.Contains(t, []int{http.StatusOK, http.StatusGatewayTimeout}, fetch(t, s, path), path)
		all = append(all, time.Since(asked))
	}
	return all
}

var client = &http.Client{Transport: &http.Transport{DisableCompression: true}}

func fetch(t *testing.T, s *site, path string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	require.NoError(t, err)
	r.Header.Set("X-Fragment", "1")
	answer, err := client.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(t, err)
	return answer.StatusCode
}
