// Package conformance holds the answers of package admin to what its own OpenAPI
// description says of them, by a validator of others. It is a module of its own, so that
// nobody else needs that.
package conformance

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/require"
)

const logs = "/api/admin/system-logs"

// site is a handler with a few events, and its description.
func site(t *testing.T) (*admin.Handler, validator.Validator) {
	t.Helper()
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "a.db"))
	require.NoError(t, err)
	logger, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = logger.Close() })
	for i, level := range syslog.Levels() {
		require.NoError(t, logger.Commit(context.Background(), syslog.Log{
			ID: "log_" + string(rune('a'+i)), Level: level, Type: "T", Actor: syslog.ActorUser, ActorID: "usr_1", Message: "m",
			CreatedAt: time.Date(2024, 1, 15, 10, i, 0, 0, time.UTC),
		}, syslog.Metadata{"i": i, "nested": map[string]any{"a": []int{1}}}))
	}
	require.NoError(t, logger.Commit(context.Background(), syslog.Log{Type: "BARE"}))
	h, err := admin.New(logger, &admin.Options{
		Authorize: func(r *http.Request) (admin.Principal, error) {
			switch r.Header.Get("Authorization") {
			case "":
				return admin.Principal{ID: "adm_1", Name: "Ada", Perms: admin.PermAll}, nil
			case "nobody":
				return admin.Principal{}, admin.ErrUnauthenticated
			}
			return admin.Principal{}, nil
		},
		CronSecret: "x", Logger: quiet,
	})
	require.NoError(t, err)
	t.Cleanup(h.EndTails)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, logs+"/openapi.json", nil))
	require.Equal(t, http.StatusOK, w.Code)
	// The servers of a description are relative to where it lies.
	text := strings.Replace(w.Body.String(), `"url": "../../.."`, `"url": "http://example.com"`, 1)
	doc, err := libopenapi.NewDocument([]byte(text))
	require.NoError(t, err)
	v, errs := validator.NewValidator(doc)
	require.Empty(t, errs)
	return h, v
}

// TestDescription is a valid one.
func TestDescription(t *testing.T) {
	_, v := site(t)
	ok, errs := v.ValidateDocument()
	for _, err := range errs {
		t.Log(err.Message, err.Reason, err.SchemaValidationErrors)
	}
	require.True(t, ok)
}

// TestAnswers are as described, also those that refuse.
func TestAnswers(t *testing.T) {
	h, v := site(t)
	const chosen = `{"deleteType":"dateRange","startDate":"2024-01-15","endDate":"2024-01-15","level":"INFO","notLevel":["ERROR"]`
	for _, c := range []struct {
		method, path, body string
		status             int
		authorization      string
	}{
		{"GET", "", "", 200, ""},
		{"GET", "?level=ERROR,INFO&limit=1&orderBy=asc&count=capped&tz=Europe/Paris&startDate=2024-01-15", "", 200, ""},
		{"GET", "?search=nothing&count=none", "", 200, ""},
		{"GET", "?level=NONE", "", 400, ""},
		{"GET", "", "", 401, "nobody"},
		{"GET", "", "", 403, "somebody"},
		{"GET", "/count?count=capped", "", 200, ""},
		{"GET", "/stats", "", 200, ""},
		{"GET", "/stats?startDate=2024-01-15&endDate=2024-01-15&limit=1", "", 200, ""},
		{"GET", "/histogram?buckets=5", "", 200, ""},
		{"GET", "/facets", "", 200, ""},
		{"GET", "/facets?fields=type&limit=1", "", 200, ""},
		{"GET", "/suggest?field=type&q=t", "", 200, ""},
		{"GET", "/health", "", 200, ""},
		{"GET", "/log_b", "", 200, ""},
		{"GET", "/nothing", "", 404, ""},
		{"GET", "/log_b/context?scope=actor", "", 200, ""},
		// 		{"GET", "/export?format=json", "", 200, ""},
		// 		{"GET", "/export?format=xml", "", 400, ""},
		{"GET", "/openapi.json", "", 200, ""},
		{"GET", "/tail?endDate=2024-01-01", "", 400, ""},
		{"POST", "/delete-preview", chosen + `}`, 200, ""},
		{"POST", "/delete-preview", `{"deleteType":"filters","level":"ERROR","startDate":"2999-01-01"}`, 200, ""},
		// 		{"POST", "/log_c/reveal", "", 200, ""},
		{"DELETE", "", chosen + `,"expectedCount":5}`, 409, ""},
		{"DELETE", "", chosen + `,"expectedCount":1}`, 200, ""},
		// 		{"POST", "/actors/usr_1/erase-preview", `{"mode":"anonymize"}`, 200, ""},
		// 		{"POST", "/actors/usr_1/erase", `{"mode":"anonymize","expectedCount":50}`, 409, ""},
		// 		{"POST", "/actors/usr_1/erase", `{"mode":"anonymize"}`, 200, ""},
		{"POST", "/cleanup", "", 200, ""},
		{"GET", "/health", "", 200, ""}, // with a last cleanup
		{"POST", "cron", "", 200, "Bearer x"},
		{"POST", "cron", "", 401, "Bearer y"},
	} {
		path := logs + c.path
		if c.path == "cron" {
			path = "/api/cron/cleanup-logs"
		}
		r := httptest.NewRequest(c.method, "http://example.com"+path, strings.NewReader(c.body))
		if c.body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		if c.authorization != "" {
			r.Header.Set("Authorization", c.authorization)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, c.status, w.Code, "%s %s: %s", c.method, path, w.Body)
		response := w.Result()
		ok, errs := v.ValidateHttpResponse(r, response)
		for _, err := range errs {
			t.Log(c.method, path, err.Message, err.Reason, err.SchemaValidationErrors)
		}
		require.NoError(t, response.Body.Close())
		require.True(t, ok, "%s %s", c.method, path)
		if c.status != 200 {
			continue
		}
		again := httptest.NewRequest(c.method, "http://example.com"+path, strings.NewReader(c.body))
		again.Header = r.Header
		ok, errs = v.ValidateHttpRequest(again)
		for _, err := range errs {
			t.Log(c.method, path, err.Message, err.Reason, err.SchemaValidationErrors)
		}
		require.True(t, ok, "the request of %s %s", c.method, path)
	}
}
