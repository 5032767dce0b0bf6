package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// request is one that a route answers with success on a log of some(8).
type request struct {
	admin.Route
	path, body string
}

// requests are one for each route that there is below a path.
func requests(t *testing.T, below string) (out []request) {
	t.Helper()
	bodies := map[string]string{
		"DELETE " + logs: `{"deleteType":"filters","level":"INFO"}`,
		"POST " + logs + "/actors/{actorId}/erase-preview": `{"mode":"anonymize"}`,
		"POST " + logs + "/actors/{actorId}/erase":         `{"mode":"anonymize"}`,
		"POST " + logs + "/delete-preview":                 `{"deleteType":"filters","level":"INFO"}`,
		"POST /logs/{id}":                                  "_path=",
		"POST /delete":                                     "_step=preview&deleteType=filters&level=INFO",
		"POST /maintenance/alert":                          "alert=x",
		"POST /maintenance/actor":                          "_step=preview&actorId=user_1&mode=anonymize",
	}
	queries := map[string]string{logs + "/suggest": "?field=type"}
	for _, rt := range admin.Routes(open(t, admin.Options{}).handler) {
		if !strings.HasPrefix(rt.Path, below) || strings.HasPrefix(rt.Path, "/assets/") { // these have nothing of the log
			continue
		}
		path := strings.NewReplacer("{id}", "ab", "{actorId}", "user_1").Replace(rt.Path)
		if !strings.HasPrefix(path, "/api/") {
			path = "/dashboard/admin/system-logs" + path
		}
		out = append(out, request{rt, path + queries[rt.Path], bodies[rt.Method+" "+rt.Path]})
	}
	return out
}

// ask is HEAD for GET: the answer of a tail has no end.
func (s *site) ask(r request, headers ...string) (status int, body string) {
	method := r.Method
	if strings.HasSuffix(r.Path, "/tail") {
		method = "HEAD"
	}
	if r.body != "" && !strings.HasPrefix(r.Path, "/api/") {
		headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	}
	w := s.do(method, r.path, r.body, headers...)
	if (r.Path == "/maintenance/cleanup" || r.Path == "/maintenance/alert") && w.Code == http.StatusSeeOther { // is how it succeeds
		return http.StatusOK, ""
	}
	return w.Code, w.Body.String()
}

// TestEveryRouteAsks who it is, and what they may do, before anything else.
func TestEveryRouteAsks(t *testing.T) {
	all := requests(t, "/")
	require.GreaterOrEqual(t, len(all), 13)
	for name, c := range map[string]struct {
		authorize func(*http.Request) (admin.Principal, error)
		status    int
		say       string
	}{
		"not logged in": {func(*http.Request) (admin.Principal, error) {
			return admin.Principal{Perms: admin.PermAll}, admin.ErrUnauthenticated
		}, 401, "Non authentifié"},
		"another error": {func(*http.Request) (admin.Principal, error) {
			return admin.Principal{Perms: admin.PermAll}, errors.New("db password is x")
		}, 403, "Accès réservé aux administrateurs"},
		"a panic": {func(*http.Request) (admin.Principal, error) { panic("no session") }, 403, "Accès réservé aux administrateurs"},
		"nobody":  {func(*http.Request) (admin.Principal, error) { return admin.Principal{}, nil }, 403, "permission"},
	} {
		s := open(t, admin.Options{Authorize: c.authorize, DefaultLang: "fr"})
		s.write(some(8)...)
		for _, r := range all {
			status, body := s.ask(r)
			require.Equal(t, c.status, status, "%s: %s %s", name, r.Method, r.Path)
			require.Contains(t, body, c.say, r.Path)
			require.NotContains(t, body, "password")
			if name != "nobody" { // who may not ask does not learn what there is
				require.Equal(t, c.status, s.do("PUT", r.path, "").Code)
				require.Equal(t, c.status, s.do("GET", logs+"/x/y/z", "").Code)
			}
		}
		require.Equal(t, 8, s.total())
	}
	alerts := []admin.Alert{{Name: "x", Test: func(context.Context) error { return nil }}}
	for _, r := range all {
		without := open(t, admin.Options{Authorize: func(*http.Request) (admin.Principal, error) {
			return admin.Principal{Perms: admin.PermAll &^ r.Perm}, nil
		}})
		without.write(some(8)...)
		status, _ := without.ask(r)
		require.Equal(t, 403, status, "%s %s", r.Method, r.Path)
		require.Equal(t, 8, without.total())
		with := open(t, admin.Options{Authorize: func(*http.Request) (admin.Principal, error) { return admin.Principal{ID: "adm_1", Perms: r.Perm}, nil }, Alerts: alerts})
		with.write(some(8)...)
		status, body := with.ask(r)
		require.Equal(t, 200, status, "%s %s: %s", r.Method, r.Path, body)
		still := open(t, admin.Options{ReadOnly: true, Alerts: alerts})
		still.write(some(8)...)
		status, body = still.ask(r)
		require.Equal(t, map[bool]int{true: 403, false: 200}[r.Changes], status, "%s %s: %s", r.Method, r.Path, body)
		require.Equal(t, 8, still.total())
	}
}

// TestEveryRouteRefuses what it does not understand, and changes nothing.
func TestEveryRouteRefuses(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	methods := map[string]map[string]bool{}
	for _, r := range requests(t, "/") {
		if methods[r.path] == nil {
			methods[r.path] = map[string]bool{}
		}
		methods[r.path][r.Method] = true
	}
	for path, has := range methods {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"} {
			if has[method] {
				continue
			}
			w := s.do(method, path, "")
			require.Equal(t, 405, w.Code, "%s %s", method, path)
			for known := range has {
				require.Contains(t, w.Header().Get("Allow"), known)
			}
			require.NotContains(t, w.Header().Get("Allow"), method)
		}
	}
	long := strings.Repeat("x", 10<<10)
	for _, r := range requests(t, "/") {
		if !strings.HasPrefix(r.Path, logs) {
			continue // they read nothing of the request
		}
		and := map[bool]string{true: "&", false: "?"}[strings.Contains(r.path, "?")]
		for query, field := range map[string]string{"nothing=1": "nothing", long + "=1": long[:40], "search=" + long: "search"} {
			wrong := r
			wrong.path += and + query
			status, body := s.ask(wrong)
			require.Equal(t, 400, status, "%s %s", r.Method, r.Path)
			require.Contains(t, body, `"field":"`+field, "%s %s", r.Method, r.Path)
			require.Less(t, len(body), 1000, "what is wrong is not said at length")
		}
		if r.Method == "GET" {
			continue
		}
		for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-site"}} {
			status, _ := s.ask(r, headers...)
			require.Equal(t, 403, status, "%s %s", r.Method, r.Path)
		}
		if r.body == "" {
			continue
		}
		for body, want := range map[string]int{
			`{"a":` + strings.Repeat(" ", 64<<10) + `1}`: 413, `{`: 400, `[]`: 400, `null`: 400, `{"nothing":1}`: 400, r.body + r.body: 400, ``: 400,
		} {
			wrong := r
			wrong.body = body
			status, _ := s.ask(wrong)
			require.Equal(t, want, status, "%s %s %.30s", r.Method, r.Path, body)
		}
		status, _ := s.ask(r, "Content-Type", "text/plain")
		require.Equal(t, 415, status)
	}
	require.Equal(t, 8, s.total())
	for _, path := range []string{"/api/admin", "/api/admin/system-logs/", "/api/admin/system-logs/a/b", "/api/admin/system-logs//context", "/api/admin/system-logs/%zz"} {
		r := httptest.NewRequest("GET", "/", nil)
		if r.URL.Path = path; strings.Contains(path, "%") {
			r.URL.RawPath = path
		}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		require.Equal(t, 404, w.Code, path)
	}
}
