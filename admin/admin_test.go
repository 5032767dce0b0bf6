package admin_test

import (
	"context"
	"encoding/json"
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
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// site is a handler over a real store, as an administrator sees it.
type site struct {
	t      *testing.T
	logger *syslog.Logger
	store  *store.Store
	mux    *http.ServeMux
	path   string // of the database

	handler *admin.Handler
}

// boss may do everything.
func boss(*http.Request) (admin.Principal, error) {
	return admin.Principal{ID: "adm_1", Name: "Ada", Perms: admin.PermAll}, nil
}

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func open(t *testing.T, opts admin.Options) *site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	if opts.Authorize == nil {
		opts.Authorize = boss
	}
	if opts.Logger == nil {
		opts.Logger = quiet
	}
	h, err := admin.New(l, &opts)
	require.NoError(t, err)
	s := &site{t, l, st, http.NewServeMux(), path, h}
	h.Register(s.mux)
	s.mux.Handle("/anywhere/", http.StripPrefix("/anywhere", h))
	return s
}

const logs, cron = "/api/admin/system-logs", "/api/cron/cleanup-logs"

// write stores events as they are.
func (s *site) write(events ...syslog.Log) {
	s.t.Helper()
	require.NoError(s.t, s.store.Write(context.Background(), events))
}

// do sends a request; headers are names and values in turn.
func (s *site) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.mux.ServeHTTP(w, r)
	return w
}

func object(t *testing.T, w *httptest.ResponseRecorder) (o map[string]any) {
	t.Helper()
	require.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &o), w.Body.String())
	return o
}

// total is how many events there are, but those that tell of what was done with them.
func (s *site) total() (n int) {
	s.t.Helper()
	require.NoError(s.t, s.logger.Flush(context.Background()))
	for l, err := range s.store.All(context.Background(), syslog.Filter{}) {
		require.NoError(s.t, err)
		if !strings.HasPrefix(l.Type, "ADMIN_LOGS_") && l.Type != "SYSTEM_LOG_CLEANUP" {
			n++
		}
	}
	return n
}

var at = time.Date(2024, 1, 15, 10, 30, 0, 0, time.UTC)

func some(n int) (events []syslog.Log) {
	for i := range n {
		events = append(events, syslog.Log{
			ID: string(rune('a'+i/26)) + string(rune('a'+i%26)), Level: syslog.Levels()[i%4], Type: "API_ERROR", Actor: syslog.ActorUser, ActorID: "user_1",
			Message: "Failed to create booking", Metadata: []byte(`{"price":50}`), CreatedAt: at.Add(time.Duration(i) * time.Minute),
		})
	}
	return events
}

// TestListIsAsItWas: the names and shapes of the service that the library replaces.
func TestListIsAsItWas(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(3)...)
	for _, prefix := range []string{"", "/anywhere"} {
		w := s.do("GET", prefix+logs+"?level=ERROR&actor=USER&page=1&limit=100", "")
		require.Equal(t, 200, w.Code)
		asOf := object(t, w)["pagination"].(map[string]any)["asOf"].(string)
		require.JSONEq(t, `{"success":true,
			"logs":[{"id":"ac","level":"ERROR","type":"API_ERROR","actor":"USER","actorId":"user_1","message":"Failed to create booking","metadata":{"price":50},"createdAt":"2024-01-15T10:32:00Z"}],
			"pagination":{"totalCount":1,"totalPages":1,"currentPage":1,"limit":100,"offset":0,"hasMore":false,"nextCursor":"","prevCursor":"","countKind":"exact","asOf":"`+asOf+`"}}`, w.Body.String())
	}
	w := s.do("GET", logs+"?type=nothing", "")
	require.Contains(t, w.Body.String(), `"logs":[]`)
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	require.Contains(t, w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'")

	first := object(t, s.do("GET", logs+"?limit=2&orderBy=asc&count=none", ""))["pagination"].(map[string]any)
	require.Equal(t, true, first["hasMore"])
	second := object(t, s.do("GET", logs+"?limit=2&orderBy=asc&cursor="+first["nextCursor"].(string), ""))
	require.Equal(t, "ac", second["logs"].([]any)[0].(map[string]any)["id"])
	require.EqualValues(t, 500, object(t, s.do("GET", logs+"?limit=99999999999999999999", ""))["pagination"].(map[string]any)["limit"])
}

// TestDeleteIsAsItWas: also that every filter given holds, whatever the kind of deletion.
func TestDeleteIsAsItWas(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	body := `{"deleteType":"dateRange","startDate":"2024-01-01T00:00:00Z","endDate":"2024-01-31T23:59:59Z","level":"INFO"}`
	w := s.do("DELETE", logs, body, "Accept-Language", "de, fr-FR;q=0.9, en;q=0.5")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.JSONEq(t, `{"success":true,"deletedCount":2,"message":"2 log(s) supprimé(s) avec succès"}`, w.Body.String())
	require.Equal(t, 6, s.total())
	w = s.do("DELETE", logs+"?lang=en", `{"deleteType":"filters","level":["ERROR","WARNING"],"endDate":"2024-01-15T10:32"}`, "Accept-Language", "fr")
	require.JSONEq(t, `{"success":true,"deletedCount":2,"message":"2 log(s) deleted successfully"}`, w.Body.String())
	require.Equal(t, 4, s.total())

	require.NoError(t, s.logger.Flush(context.Background()))
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_DELETED"}, Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, page.Logs, 2)
	require.Equal(t, syslog.ActorAdmin, page.Logs[0].Actor)
	require.Equal(t, "adm_1", page.Logs[0].ActorID)
	require.JSONEq(t, `{"adminName":"Ada","deleteType":"dateRange","deletedCount":2,
		"filter":{"level":["INFO"],"startDate":"2024-01-01T00:00:00Z","endDate":"2024-01-31T23:59:59.999Z"}}`, string(page.Logs[0].Metadata))
}

// TestWhatIsWrongIsSaid and nothing is changed.
func TestWhatIsWrongIsSaid(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(4)...)
	long := strings.Repeat("x", 10<<10)
	for query, field := range map[string]string{
		"level=FATAL": "level", "level=ERROR,,INFO": "level", "actor=!!": "actor", "startDate=yesterday": "startDate", "endDate=2024-02-30": "endDate",
		"endDate=2024-01-01T25:00": "endDate", "startDate=2024-02-01&endDate=2024-01-01": "startDate", "page=-1": "page", "page=0": "page",
		"page=1.5": "page", "page=99999999999999999999": "page", "offset=-1": "offset", "limit=0": "limit", "limit=-5": "limit", "limit=many": "limit",
		"page=2&offset=10": "page", "cursor=x&page=2": "cursor", "cursor=rubbish": "cursor", "orderBy=up": "orderBy", "count=most": "count",
		"search=" + long: "search", "type=" + long: "type", "levl=ERROR": "levl", "notLevel=NOTE": "notLevel", "notActor=!": "notActor", "minLevel=ERROR,INFO": "minLevel", "range=2d": "range", "range=1h&range=6h": "range",
		"asOf=now": "asOf", "startDate=2024-02-01&asOf=2024-01-01": "asOf", "meta.=x": "meta.", `meta.a\=x`: `meta.a\\`, "meta.a.b.c.d.e.f.g.h.i=x": "meta.a.b.c.d.e.f.g.h.i", "meta.a=x&meta.a=y": "meta.a",
		"notMeta.=x": "notMeta.", "meta=x": "meta", "notType=" + long: "notType", "cursor=prev.x": "cursor", "page=18014398509482": "page", "level=INFO&level=ERROR": "level",
		"tz=Mars/Base": "tz", "tz=Local": "tz", "startDate=2024-01-01%2B02:00": "startDate", "search=%zz": "query",
	} {
		w := s.do("GET", logs+"?"+query, "")
		require.Equal(t, 400, w.Code, query[:min(len(query), 40)])
		o := object(t, w)
		require.Equal(t, false, o["success"])
		require.Equal(t, "Invalid parameters", o["error"])
		require.Contains(t, w.Body.String(), `{"field":"`+field+`","message":"`+field+`: `, query[:min(len(query), 40)])
		require.NotContains(t, w.Body.String(), "%!")
	}
	w := s.do("GET", logs+"?level=FATAL&limit=-1&lang=fr", "")
	require.Len(t, object(t, w)["details"], 2)
	require.Contains(t, w.Body.String(), "nombre entier attendu, à partir de 1")
	require.Equal(t, "fr", w.Header().Get("Content-Language"))

	for body, want := range map[string]struct {
		status int
		say    string
	}{
		`{"deleteType":"filters"}`:                                                      {400, `"empty_filter"`},
		`{"deleteType":"filters","level":"","actorId":""}`:                              {400, `"empty_filter"`},
		`{"deleteType":"dateRange","startDate":"2024-01-01"}`:                           {400, `"field":"endDate"`},
		`{"deleteType":"dateRange","endDate":"2024-01-01"}`:                             {400, `"field":"startDate"`},
		`{"deleteType":"everything","level":"INFO"}`:                                    {400, `"field":"deleteType"`},
		`{"level":"INFO"}`:                                                              {400, `"field":"deleteType"`},
		`{"deleteType":"filters","level":"NONE"}`:                                       {400, `"field":"level"`},
		`{"deleteType":"filters","level":7}`:                                            {400, `"field":"level"`},
		`{"deleteType":"filters","search":["a"]}`:                                       {400, `"field":"search"`},
		`{"deleteType":"filters","level":"INFO","notActors":"USER"}`:                    {400, `"field":"notActors"`},
		`{"deleteType":"filters","level":"INFO"} {}`:                                    {400, `"field":"body"`},
		`{"deleteType":"filters","level":"INFO"`:                                        {400, `"field":"body"`},
		`["deleteType"]`:                                                                {400, `"field":"body"`},
		`{"deleteType":"filters","search":"` + strings.Repeat("x", 64<<10) + `"}`:       {413, `"too_large"`},
		`{"deleteType":"filters","search":"` + strings.Repeat("x", 2<<10) + `"}`:        {400, `"field":"search"`},
		`{"deleteType":"dateRange","startDate":"2024-02-01","endDate":"2024-01-01"}`:    {400, `"field":"startDate"`},
		`{"deleteType":"dateRange","startDate":"2024-01-01","endDate":"2024-01-01 99"}`: {400, `"field":"endDate"`},
	} {
		w := s.do("DELETE", logs, body)
		require.Equal(t, want.status, w.Code, body[:min(len(body), 80)])
		require.Contains(t, w.Body.String(), want.say)
	}
	const fine = `{"deleteType":"filters","level":"INFO"}`
	require.Equal(t, 415, s.do("DELETE", logs, fine, "Content-Type", "text/plain").Code)
	require.Equal(t, 400, s.do("DELETE", logs+"?level=ERROR", fine).Code, "a filter that would not count")
	require.Equal(t, 403, s.do("DELETE", logs, fine, "Sec-Fetch-Site", "cross-site").Code)
	require.Equal(t, 403, s.do("DELETE", logs, fine, "Origin", "https://evil.example").Code)
	require.Equal(t, 4, s.total())
}

// TestNobodyGetsInByMistake: there is no handler without an Authorize, or with wrong options.
func TestNobodyGetsInByMistake(t *testing.T) {
	l, err := syslog.New(nil, &syslog.Config{Logger: quiet, Sinks: []syslog.SinkConfig{{Name: "x", Sink: nowhere{}}}})
	require.NoError(t, err)
	defer l.Close()
	for _, opts := range []*admin.Options{nil, {}, {Authorize: boss, DefaultLang: "de"}, {Authorize: boss, TrustedOrigins: []string{"example.com"}}, {Authorize: boss, QueryTimeout: -1}} {
		_, err := admin.New(l, opts)
		require.ErrorContains(t, err, "admin: invalid Options: ")
	}
	_, err = admin.New(nil, &admin.Options{Authorize: boss})
	require.Error(t, err)

	const fine = `{"deleteType":"filters","level":"INFO"}`
	s := open(t, admin.Options{ReadOnly: true})
	require.Equal(t, 403, s.do("DELETE", logs, fine).Code)
	require.Equal(t, 200, s.do("GET", logs, "").Code)
	for _, method := range []string{"PUT", "POST", "PATCH", "OPTIONS"} {
		w := s.do(method, logs, "")
		require.Equal(t, 405, w.Code)
		require.Equal(t, "GET, HEAD, DELETE", w.Header().Get("Allow"))
	}
	require.Equal(t, 404, s.do("GET", "/anywhere/api/admin", "").Code)
	trusting := open(t, admin.Options{TrustedOrigins: []string{"https://admin.example.com"}})
	require.Equal(t, 200, trusting.do("DELETE", logs, fine, "Origin", "https://admin.example.com", "Sec-Fetch-Site", "cross-site").Code)
}

type nowhere struct{}

func (nowhere) Write(context.Context, []syslog.Log) error { return nil }
func (nowhere) Close(context.Context) error               { return nil }
