package admin_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

func (s *site) get(path string) map[string]any {
	s.t.Helper()
	w := s.do("GET", logs+path, "")
	require.Equal(s.t, 200, w.Code, w.Body.String())
	return object(s.t, w)
}

// TestStats: a period, and the one before it.
func TestStats(t *testing.T) {
	s := open(t, admin.Options{})
	for i := range 40 { // every hour, the last four a FAILURE
		l := event(string(rune('a'+i/26))+string(rune('a'+i%26)), "OK", 60*i)
		if i >= 36 {
			l.Level, l.Type = syslog.LevelError, "FAILURE"
		}
		s.write(l)
	}
	got := s.get("/stats?startDate=2024-01-16T10:30:00Z&endDate=2024-01-17T10:29:59Z&limit=1") // from the 24th on
	require.EqualValues(t, 16, got["total"])
	require.Equal(t, map[string]any{"INFO": 12.0, "WARNING": 0.0, "ERROR": 4.0, "CRITICAL": 0.0}, got["byLevel"])
	require.InDelta(t, 0.25, got["errorRate"], 1e-9)
	require.Equal(t, "2024-01-16T10:30:00Z", got["oldest"])
	require.Equal(t, "2024-01-17T01:30:00Z", got["newest"])
	types := got["types"].(map[string]any)
	require.Len(t, types["values"], 1)
	require.EqualValues(t, 4, types["other"])
	require.EqualValues(t, 2, types["distinct"])
	before := got["previous"].(map[string]any)
	require.EqualValues(t, 24, before["total"])
	require.EqualValues(t, -8, before["delta"])
	require.Equal(t, "2024-01-15T10:30:00Z", before["from"])
	require.Equal(t, "2024-01-16T10:29:59.999Z", before["to"])
	require.Nil(t, s.get("/stats")["previous"], "of all time there is none before")
	empty := s.get("/stats?search=nothing")
	require.EqualValues(t, 0, empty["errorRate"])
	require.Nil(t, empty["oldest"])
	require.Equal(t, []any{}, empty["types"].(map[string]any)["values"])
}

// TestHistogram: days of 23 and 25 hours, gaps, and a period that is open.
func TestHistogram(t *testing.T) {
	s := open(t, admin.Options{})
	moments := map[string]string{"a": "2024-03-30T22:59:59.999Z", "b": "2024-03-30T23:00:00Z", "c": "2024-03-31T21:59:59.999Z", "d": "2024-04-02T10:00:00Z"}
	for id, moment := range moments {
		l := event(id, "T", 0)
		l.CreatedAt, _ = time.Parse(time.RFC3339Nano, moment)
		s.write(l)
	}
	got := s.get("/histogram?tz=Europe/Paris&buckets=5&startDate=2024-03-30&endDate=2024-04-02")
	require.Equal(t, "1d", got["interval"])
	require.Equal(t, "2024-03-29T23:00:00Z", got["start"])
	require.Equal(t, "2024-04-02T22:00:00Z", got["end"])
	var counts []any
	for _, b := range got["buckets"].([]any) {
		counts = append(counts, b.(map[string]any)["INFO"])
	}
	require.Equal(t, []any{1.0, 2.0, 0.0, 1.0}, counts)
	require.Equal(t, map[string]any{"t": "2024-03-30T23:00:00Z", "INFO": 2.0, "WARNING": 0.0, "ERROR": 0.0, "CRITICAL": 0.0}, got["buckets"].([]any)[1])
	require.Equal(t, "15m", s.get("/histogram?range=24h")["interval"])
	for _, query := range []string{"", "?startDate=2024-03-31", "?endDate=2024-03-31", "?search=nothing", "?startDate=2990-01-01", "?buckets=1", "?startDate=0001-01-01&endDate=9999-12-31&buckets=120"} {
		got := s.get("/histogram" + query)
		require.NotEmpty(t, got["buckets"], query)
		require.LessOrEqual(t, len(got["buckets"].([]any)), 120, query)
	}
	empty := open(t, admin.Options{})
	require.Equal(t, "15m", empty.get("/histogram")["interval"], "of nothing: the last day")
	for _, wrong := range []string{"buckets=0", "buckets=121", "buckets=x", "limit=5"} {
		require.Equal(t, 400, s.do("GET", logs+"/histogram?"+wrong, "").Code, wrong)
	}
}

// TestSuggest: what begins with the text first, of these what came last.
func TestSuggest(t *testing.T) {
	s := open(t, admin.Options{})
	for i, typ := range []string{"PAYMENT_OK", "PAYOUT_OK", "REPAYMENT", "PAYMENT_FAILED", "AUTH_LOGIN", "50%_OFF"} {
		s.write(event(typ, typ, i))
	}
	require.Equal(t, []any{"PAYMENT_FAILED", "PAYOUT_OK", "PAYMENT_OK", "REPAYMENT"}, s.get("/suggest?field=type&q=pay")["values"])
	require.Equal(t, []any{"PAYMENT_FAILED"}, s.get("/suggest?field=type&q=pay&limit=1")["values"])
	require.Equal(t, []any{"50%_OFF"}, s.get("/suggest?field=type&q=%25")["values"], "no wildcard")
	require.Equal(t, []any{"usr_AUTH_LOGIN"}, s.get("/suggest?field=actorId&q=usr_AU")["values"])
	require.Len(t, s.get("/suggest?field=type&q=")["values"], 6)
	require.Equal(t, []any{}, s.get("/suggest?field=type&q=nothing")["values"])
	for _, wrong := range []string{"", "field=message", "field=type&q=" + string(make([]byte, 2000)), "field=type&limit=101"} {
		require.NotEqual(t, 200, s.do("GET", logs+"/suggest?"+clean(wrong), "").Code, wrong)
	}
}

func clean(s string) string {
	out := []byte(s)
	for i := range out {
		if out[i] == 0 {
			out[i] = 'x'
		}
	}
	return string(out)
}

// TestPreview says what a deletion will do, and the deletion does just that.
func TestPreview(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	body := `{"deleteType":"dateRange","startDate":"2024-01-15T11:31","endDate":"2024-01-15","tz":"Europe/Paris"}`
	w := s.do("POST", logs+"/delete-preview", body)
	require.Equal(t, 200, w.Code, w.Body.String())
	got := object(t, w)
	require.EqualValues(t, 7, got["count"])
	require.Equal(t, map[string]any{"INFO": 1.0, "WARNING": 2.0, "ERROR": 2.0, "CRITICAL": 2.0}, got["byLevel"])
	require.Equal(t, "2024-01-15T10:31:00Z", got["from"], "in UTC")
	require.Equal(t, "2024-01-15T22:59:59.999Z", got["to"])
	require.Equal(t, "2024-01-15T10:31:00Z", got["oldest"])
	require.Equal(t, "2024-01-15T10:37:00Z", got["newest"])
	require.Len(t, got["sample"], 5)
	require.Equal(t, 8, s.total(), "it was a look")

	s.write(event("late", "T", 5))
	commit := body[:len(body)-1] + `,"asOf":"` + got["asOf"].(string) + `","expectedCount":7}`
	w = s.do("DELETE", logs, commit)
	require.Equal(t, 409, w.Code)
	require.Equal(t, map[string]any{"success": false, "error": "The logs have changed since the preview: look again", "code": "changed", "details": []any{}, "currentCount": 8.0}, object(t, w))
	require.Equal(t, 9, s.total())
	soon := event("soon", "T", 0)
	soon.CreatedAt = time.Now().Add(time.Hour)
	s.write(soon)
	w = s.do("DELETE", logs, `{"deleteType":"filters","type":"T","asOf":"`+got["asOf"].(string)+`","expectedCount":1}`)
	require.EqualValues(t, 1, object(t, w)["deletedCount"], "what came since is spared: %s", w.Body)
	require.Equal(t, 9, s.total())

	none := object(t, s.do("POST", logs+"/delete-preview", `{"deleteType":"filters","startDate":"2990-01-01"}`))
	require.EqualValues(t, 0, none["count"])
	require.Equal(t, []any{}, none["sample"])
}

// TestHealth tells of a store that is gone, of cleanups, and of who asks.
func TestHealth(t *testing.T) {
	s := open(t, admin.Options{ReadOnly: false, CronSecret: "x"})
	got := s.get("/health")
	require.Equal(t, true, got["healthy"])
	require.Nil(t, got["lastCleanup"])
	require.Equal(t, map[string]any{"INFO": 2592000.0, "WARNING": 5184000.0, "ERROR": 7776000.0, "CRITICAL": nil}, got["retention"])
	require.Equal(t, map[string]any{"id": "adm_1", "name": "Ada", "permissions": []any{"view", "export", "delete", "cleanup", "reveal", "erase"}}, got["principal"])
	for _, can := range []string{"get", "histogram", "facets"} {
		require.Equal(t, true, got["capabilities"].(map[string]any)[can], can)
	}
	require.Greater(t, got["storageBytes"], 4096.0)
	require.Contains(t, got["indexes"], map[string]any{
		"name": "system_logs_actor_id", "columns": []any{"actor_id", "created_at", "id"}, "text": false, "tables": 1.0, "bytes": 0.0, "state": "ready",
	})
	require.Contains(t, got["pipeline"], "droppedByLevel")

	s.write(some(8)...)
	w := s.do("POST", logs+"/cleanup", "")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.EqualValues(t, 6, object(t, w)["stats"].(map[string]any)["totalDeleted"])
	require.NoError(t, s.logger.Flush(context.Background()))
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "SYSTEM_LOG_CLEANUP"}})
	require.NoError(t, err)
	require.Equal(t, page.Logs[0].ID, s.get("/health")["lastCleanup"].(map[string]any)["id"])
	require.Contains(t, string(page.Logs[0].Metadata), `"adminId":"adm_1"`)
	require.Contains(t, string(page.Logs[0].Metadata), `"trigger":"manual"`)

	require.NoError(t, s.logger.Close())
	got = s.get("/health")
	require.Equal(t, false, got["healthy"])
	require.NotEmpty(t, got["problems"])
}

// TestStoreThatCannot: without the optional interfaces these answers are 501, and the rest works.
func TestStoreThatCannot(t *testing.T) {
	l, err := syslog.New(plain{}, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	_, err = l.Get(context.Background(), "x")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	s := open(t, admin.Options{})
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s.mux.Handle("/plain/", stripped("/plain", h))
	for _, path := range []string{"/x", "/x/context", "/stats", "/histogram", "/facets", "/suggest?field=type"} {
		w := s.do("GET", "/plain"+logs+path, "")
		require.Equal(t, 501, w.Code, path)
		require.Equal(t, "unsupported", object(t, w)["code"])
	}
	require.Equal(t, 200, s.do("GET", "/plain"+logs, "").Code)
	require.Equal(t, 200, s.do("GET", "/plain"+logs+"/count", "").Code)
	require.Equal(t, 200, s.do("POST", "/plain"+logs+"/delete-preview", `{"deleteType":"filters","level":"INFO"}`).Code)
	can := object(t, s.do("GET", "/plain"+logs+"/health", ""))["capabilities"].(map[string]any)
	require.Equal(t, false, can["histogram"])
	require.Nil(t, object(t, s.do("GET", "/plain"+logs+"/health", ""))["storageBytes"])
	require.Nil(t, object(t, s.do("GET", "/plain"+logs+"/health", ""))["indexes"])
}

// TestPreviewCountsWhatIsOnItsWay to the store, which its deletion would find there.
func TestPreviewCountsWhatIsOnItsWay(t *testing.T) {
	s := open(t, admin.Options{})
	s.logger.UserAction(t.Context(), "FRESH", "user_1", "still queued")
	preview := object(t, s.do("POST", logs+"/delete-preview", `{"deleteType":"filters","type":"FRESH"}`))
	require.EqualValues(t, 1, preview["count"])
	w := s.do("DELETE", logs, fmt.Sprintf(`{"deleteType":"filters","type":"FRESH","asOf":%q,"expectedCount":1}`, preview["asOf"]))
	require.Equal(t, 200, w.Code, w.Body)
}
