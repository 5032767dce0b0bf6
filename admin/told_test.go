package admin_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
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

// forgetful is a sink that loses what it gets, and stuck one that takes nothing.
type (
	forgetful struct{ nowhere }
	stuck     struct {
		nowhere
		hang chan struct{}
	}
)

func (forgetful) Write(context.Context, []syslog.Log) error {
	return syslog.Permanent(errors.New("gone for good"))
}

func (s stuck) Write(ctx context.Context, _ []syslog.Log) error {
	select {
	case <-s.hang:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// TestLossesAreToldWhoeverWaits: what a preview waits for reports its losses once, also where
// something else takes too long.
func TestLossesAreToldWhoeverWaits(t *testing.T) {
	hang := make(chan struct{})
	var said bytes.Buffer
	l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet, Sinks: []syslog.SinkConfig{{Name: "gone", Sink: forgetful{}}, {Name: "slow", Sink: stuck{hang: hang}}}})
	require.NoError(t, err)
	defer l.Close()
	defer close(hang)
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: slog.New(slog.NewTextHandler(&said, nil))})
	require.NoError(t, err)
	l.Info(t.Context(), "T", syslog.System(), "m")
	require.Eventually(t, func() bool { return l.Stats().Sinks["gone"].Dropped == 1 }, 20*time.Second, time.Millisecond)
	r := httptest.NewRequest("POST", logs+"/delete-preview", strings.NewReader(`{"deleteType":"filters","type":"T"}`))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	require.Equal(t, 200, w.Code)
	require.Contains(t, said.String(), "events were lost")
	require.Contains(t, said.String(), "gone for good")
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
