package admin_test

import (
	"html"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestWiderPeriods are three times as long, around the same middle, and no later than now. Three
// of any of them lead to all of the time in the end.
func TestWiderPeriods(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(3)...)
	wider := regexp.MustCompile(`id="wider" href="\./([^"]*)"`)
	out := func(query string) (q url.Values, there bool) {
		w := s.view("/anywhere/histogram" + query)
		require.Equal(t, 200, w.Code)
		m := wider.FindStringSubmatch(w.Body.String())
		if m == nil {
			return nil, false
		}
		to, err := url.Parse(html.UnescapeString(m[1]))
		require.NoError(t, err)
		return to.Query(), true
	}
	when := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, text)
		require.NoError(t, err, text)
		return at
	}
	q, _ := out("?level=ERROR&startDate=2024-01-10&endDate=2024-01-11&page=2")
	require.Equal(t, "2024-01-08T00:00:00.001Z", q.Get("startDate"))
	require.Equal(t, "2024-01-13T23:59:59.998Z", q.Get("endDate"))
	require.Equal(t, "ERROR", q.Get("level"))
	require.False(t, q.Has("page"))

	q, _ = out("?range=1h")
	require.False(t, q.Has("range") || q.Has("endDate"), "it ends now")
	require.WithinDuration(t, time.Now().Add(-3*time.Hour), when(q.Get("startDate")), 3*time.Minute)
	q, _ = out("?startDate=2024-01-10")
	require.False(t, q.Has("endDate"))
	q, _ = out("?endDate=2024-02-01")
	require.False(t, q.Has("startDate"))
	require.True(t, when(q.Get("endDate")).After(when("2024-02-02T00:00:00Z")))
	for _, future := range []string{"?startDate=9999-01-01", "?startDate=9999-01-01&endDate=9999-01-02"} {
		q, there := out(future)
		require.True(t, there)
		require.False(t, q.Has("startDate") || q.Has("endDate"), "all of the time")
	}
	for _, query := range []string{"", "?level=ERROR", "?range=all"} {
		_, there := out(query)
		require.False(t, there, query)
	}
	at := "?startDate=2024-01-10T10:00:00Z&endDate=2024-01-10T10:00:00Z"
	for range 40 {
		q, there := out(at)
		if !there {
			return
		}
		at = "?" + q.Encode()
	}
	require.Fail(t, "it has no end")
}
