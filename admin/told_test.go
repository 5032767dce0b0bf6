package admin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestPagesOfARelativePeriod begin where the first one did, however late the next is asked for.
func TestPagesOfARelativePeriod(t *testing.T) {
	s := open(t, admin.Options{})
	asOf := time.Now().Add(-20 * time.Minute).UTC().Truncate(time.Millisecond)
	for i := range 10 { // the last quarter of an hour before asOf, and more before
		s.write(syslog.Log{ID: fmt.Sprint("e", i), Type: "T", Actor: syslog.ActorSystem, CreatedAt: asOf.Add(-time.Duration(i) * 2 * time.Minute)})
	}
	got := object(t, s.do("GET", logs+"?range=15m&orderBy=asc&asOf="+asOf.Format("2006-01-02T15:04:05.000Z"), ""))
	require.Equal(t, []string{"e7", "e6", "e5", "e4", "e3", "e2", "e1", "e0"}, ids(got["logs"]))
}

// TestWhatIsSaidOfRefusals: what each field takes, which permission is needed, and that a body is not read.
func TestWhatIsSaidOfRefusals(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "s"})
	s.write(some(4)...)
	for body, say := range map[string]string{
		`"type":["x"]`: "type: want a text", `"level":5`: "level: want text, or a list of texts", `"level":"INFO","expectedCount":"3"`: "expectedCount: want a whole number", `"meta":"x"`: "meta: want an object",
	} {
		w := s.do("DELETE", logs, `{"deleteType":"filters",`+body+`}`)
		require.Equal(t, 400, w.Code)
		require.Contains(t, w.Body.String(), say)
	}
	for _, path := range []string{logs + "/cleanup", logs + "/ad/reveal", cron} {
		w := s.do("POST", path, `{"dryRun":true}`, "Authorization", "Bearer s")
		require.Equal(t, 400, w.Code, path)
		require.Contains(t, w.Body.String(), `"field":"body"`)
		require.Equal(t, 200, s.do("POST", path, `{}`, "Authorization", "Bearer s").Code, path)
	}
	require.Contains(t, s.do("GET", logs+"/tail", "", "Last-Event-ID", "x").Body.String(), `"field":"Last-Event-ID"`)
	viewer := open(t, admin.Options{Authorize: may(admin.PermView)})
	require.Contains(t, viewer.do("GET", logs+"/export", "").Body.String(), "export is needed")
	require.Equal(t, 414, s.do("GET", "/dashboard/admin/system-logs/?"+strings.Repeat("notType=xxxxxxxx&", 1200), "").Code)
	require.Equal(t, 403, s.do("GET", "/dashboard/admin/system-logs/trends?format=csv", "", "Sec-Fetch-Site", "cross-site").Code)
}
