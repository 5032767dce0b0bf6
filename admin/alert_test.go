package admin_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestAlerts are listed; a test is sent once, by who may, and recorded, however it ends.
func TestAlerts(t *testing.T) {
	sent := 0
	var said bytes.Buffer
	s := open(t, admin.Options{Logger: slog.New(slog.NewTextHandler(&said, nil)), Alerts: []admin.Alert{
		{Name: "On call <b>", When: "any CRITICAL\u202e", Test: func(context.Context) error { sent++; return nil }},
		{Name: "Mail", Test: func(context.Context) error { return errors.New("password of the relay is s3cret") }},
		{Name: "Pager", Test: func(context.Context) error { panic("s3cret") }},
		{Name: "Silent", When: "nobody is told"},
	}})
	body := s.view("/anywhere/maintenance").Body.String()
	for _, want := range []string{"On call &lt;b&gt;", `any CRITICAL<span class="ctl">\u202e</span>`, "nobody is told"} {
		require.Contains(t, body, want)
	}
	require.Equal(t, 3, strings.Count(body, ">Send test</button>"))
	test := func(name, query string) string {
		w := s.post("/maintenance/alert"+query, url.Values{"alert": {name}}.Encode())
		require.Equal(t, 303, w.Code, w.Body)
		to := w.Header().Get("Location")
		require.True(t, strings.HasPrefix(to, "../maintenance?done="), to)
		return s.view("/anywhere/" + strings.TrimPrefix(to, "../")).Body.String()
	}
	body = test("On call <b>", "?lang=fr")
	for _, want := range []string{"Test de l’alerte envoyé", "Ada (adm_1)", "On call &lt;b&gt;", `class="banner ok" role="status"`} {
		require.Contains(t, body, want)
	}
	require.Equal(t, 1, sent)
	for _, name := range []string{"Mail", "Pager"} {
		said.Reset()
		body = test(name, "")
		require.Contains(t, body, `class="banner error" role="alert"`)
		require.Contains(t, body, "could not be sent")
		require.NotContains(t, body, "s3cret")
		require.Contains(t, said.String(), "s3cret")
		require.Contains(t, said.String(), "alert="+name)
	}
	tested := 0
	for _, l := range s.stored() {
		if l.Type == "ADMIN_LOGS_ALERT_TESTED" {
			require.Equal(t, "adm_1", l.ActorID)
			require.NotContains(t, string(l.Metadata)+l.Message, "s3cret")
			tested++
		}
	}
	require.Equal(t, 3, tested)
	require.Equal(t, 3, strings.Count(s.view("/anywhere/maintenance").Body.String(), "<td>Alert tested"), "they are in the list of what was done")
	for _, body := range []string{"alert=Silent", "alert=none", "", "alert=Mail&alert=Mail", "alert=Mail&x=1"} {
		require.Equal(t, 400, s.post("/maintenance/alert", body).Code, body)
	}
	for _, opts := range []admin.Options{{ReadOnly: true}, {Authorize: may(admin.PermAll &^ admin.PermCleanup)}} {
		opts.Alerts = []admin.Alert{{Name: "A", Test: func(context.Context) error { t.Error("sent"); return nil }}}
		s := open(t, opts)
		require.NotContains(t, s.view("/anywhere/maintenance").Body.String(), "Send test")
		require.Equal(t, 403, s.post("/maintenance/alert", "alert=A").Code)
	}
}

// TestAlertThatDoesNotReturn is given up, and no other one is tried beside it.
func TestAlertThatDoesNotReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := make(chan struct{})
		s := open(t, admin.Options{Alerts: []admin.Alert{
			{Name: "A", Test: func(context.Context) error { <-hang; return nil }},
			{Name: "B", Test: func(context.Context) error { return nil }},
		}})
		begun := time.Now()
		require.Equal(t, 303, s.post("/maintenance/alert", "alert=A").Code)
		require.Equal(t, admin.DefaultQueryTimeout, time.Since(begun))
		require.Equal(t, 429, s.post("/maintenance/alert", "alert=B").Code)
		close(hang)
		synctest.Wait()
		require.Equal(t, 303, s.post("/maintenance/alert", "alert=B").Code)
	})
}

// TestTestOfAnAlertThatNobodyWaitsFor goes on: a second press of the button makes the browser
// leave the first answer.
func TestTestOfAnAlertThatNobodyWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gone, leave := context.WithCancel(context.Background())
		s := open(t, admin.Options{Alerts: []admin.Alert{{Name: "A", Test: func(ctx context.Context) error {
			leave()
			time.Sleep(time.Second) // of the bubble's clock
			return ctx.Err()
		}}}})
		r := httptest.NewRequestWithContext(gone, "POST", "/anywhere/maintenance/alert", strings.NewReader("alert=A"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		s.mux.ServeHTTP(httptest.NewRecorder(), r)
		for _, l := range s.stored() {
			require.JSONEq(t, `{"adminName":"Ada","alert":"A","failed":false}`, string(l.Metadata))
			return
		}
		t.Fatal("no record")
	})
}

func TestAlertsThatAreNone(t *testing.T) {
	s := open(t, admin.Options{})
	require.NotContains(t, s.view("/anywhere/maintenance").Body.String(), "Alerts")
	for name, alerts := range map[string][]admin.Alert{
		"Alerts[0]: Name has 1 bytes": {{Name: " "}}, "Alerts[1]: Name is \"A\", as that of another one": {{Name: "A"}, {Name: "A"}}, "Alerts[0]: Name has 2000 bytes": {{Name: strings.Repeat("x", 2000)}}, `Alerts[0]: Name is "a\nb"`: {{Name: "a\nb"}}, `Alerts[0]: Name is "\xff"`: {{Name: "\xff"}},
	} {
		_, err := admin.New(s.logger, &admin.Options{Authorize: boss, Alerts: alerts})
		require.ErrorContains(t, err, name)
	}
}
