package requestctx_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/requestctx"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// logged is the metadata of an event that a handler logs for a request.
func logged(t *testing.T, opts *requestctx.Options, change func(r *http.Request)) (fields map[string]any, answer http.Header) {
	t.Helper()
	l, rec := syslogtest.New(t, nil)
	wrap, err := requestctx.New(opts)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /bookings/{id}", func(_ http.ResponseWriter, r *http.Request) {
		l.Info(r.Context(), "T", syslog.System(), requestctx.ID(r.Context()))
	})
	r := httptest.NewRequest("POST", "/bookings/7", nil)
	r.RemoteAddr = "192.0.2.1:1234"
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	wrap(mux).ServeHTTP(w, r)
	e := rec.RequireLogged(t, "T")
	require.NoError(t, json.Unmarshal(e.Metadata, &fields))
	if id, found := fields["requestId"]; found {
		require.Equal(t, e.Message, id)
	}
	return fields, w.Header()
}

func TestFieldsOfARequest(t *testing.T) {
	got, answer := logged(t, nil, func(r *http.Request) {
		r.Header.Set("User-Agent", "curl/8")
		r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
		r.Header.Set("X-Request-Id", "chosen-by-a-client")
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
	})
	id := got["requestId"]
	require.Len(t, id, 26)
	require.Equal(t, id, answer.Get("X-Request-Id"))
	require.Equal(t, map[string]any{
		"requestId": id, "ip": "192.0.2.1", "userAgent": "curl/8", "method": "POST", "route": "POST /bookings/{id}",
		"traceId": "0af7651916cd43dd8448eb211c80319c",
	}, got)

	got, _ = logged(t, &requestctx.Options{Leave: []string{requestctx.IP, requestctx.UserAgent, requestctx.Route, requestctx.RequestID}}, nil)
	require.Equal(t, map[string]any{"method": "POST"}, got)
	got, _ = logged(t, nil, func(r *http.Request) {
		r.RemoteAddr = "@" // a socket of Unix
		r.Header.Set("User-Agent", strings.Repeat("é", 200))
	})
	require.NotContains(t, got, "ip")
	require.Equal(t, strings.Repeat("é", 128), got["userAgent"])
}

// TestWhoTheClientIs goes from the right to the left, and no further than to the first
// that is no proxy of ours.
func TestWhoTheClientIs(t *testing.T) {
	trusted := []string{"10.0.0.0/8", "2001:db8:1::/48", "192.0.2.1"}
	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      any
	}{
		"nobody's word":        {"198.51.100.7:1", []string{"203.0.113.9"}, "198.51.100.7"},
		"one proxy":            {"192.0.2.1:1", []string{"203.0.113.9"}, "203.0.113.9"},
		"a lie in front":       {"192.0.2.1:1", []string{"10.0.0.1, 1.1.1.1, 203.0.113.9"}, "203.0.113.9"},
		"several proxies":      {"192.0.2.1:1", []string{"6.6.6.6, 203.0.113.9, 10.1.2.3", "10.9.9.9"}, "203.0.113.9"},
		"proxies alone":        {"192.0.2.1:1", []string{"10.1.2.3"}, "10.1.2.3"},
		"no header":            {"192.0.2.1:1", nil, "192.0.2.1"},
		"an empty one":         {"192.0.2.1:1", []string{""}, "192.0.2.1"},
		"rubbish":              {"192.0.2.1:1", []string{"203.0.113.9, unknown"}, "192.0.2.1"},
		"rubbish behind":       {"192.0.2.1:1", []string{"rubbish, 203.0.113.9"}, "203.0.113.9"},
		"IPv4 as IPv6":         {"[::ffff:192.0.2.1]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		"IPv6":                 {"[2001:db8:1::5]:1", []string{"2001:db8:2::9"}, "2001:db8:2::9"},
		"with a port":          {"192.0.2.1:1", []string{"203.0.113.9:4711"}, "203.0.113.9"},
		"IPv6 with a port":     {"192.0.2.1:1", []string{"[2001:db8:2::9]:4711"}, "2001:db8:2::9"},
		"IPv6 with a zone":     {"[fe80::1%eth0]:1", nil, "fe80::1"},
		"a name of a proxy":    {"192.0.2.1:1", []string{"proxy.example"}, "192.0.2.1"},
		"no word of strangers": {"[2001:db8:3::1]:1", []string{"10.0.0.1"}, "2001:db8:3::1"},
	} {
		got, _ := logged(t, &requestctx.Options{TrustedProxies: trusted}, func(r *http.Request) {
			r.RemoteAddr = c.peer
			for _, f := range c.forwarded {
				r.Header.Add("X-Forwarded-For", f)
			}
		})
		require.Equal(t, c.want, got["ip"], name)
	}
}

func TestRequestIDsOfProxies(t *testing.T) {
	opts := &requestctx.Options{TrustedProxies: []string{"::ffff:192.0.2.0/120"}}
	for given, taken := range map[string]bool{
		"abc-123_X.y:z/+=": true, "": false, strings.Repeat("a", 128): true, strings.Repeat("a", 129): false, "a b": false, "a\x01b": false, "é": false, "<script>": false,
	} {
		got, _ := logged(t, opts, func(r *http.Request) { r.Header["X-Request-Id"] = []string{given} })
		require.Equal(t, taken, got["requestId"] == given, "%q", given)
	}
}

func TestTraceparent(t *testing.T) {
	const id, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for header, want := range map[string]any{
		"00-" + id + "-" + parent + "-00": id, "cc-" + id + "-" + parent + "-01-and-more": id,
		"": nil, "00-" + id + "-" + parent: nil, "00-" + id + "-" + parent + "-01-more": nil, "ff-" + id + "-" + parent + "-01": nil,
		"00-" + strings.ToUpper(id) + "-" + parent + "-01": nil, "00-" + strings.Repeat("0", 32) + "-" + parent + "-01": nil,
		"00-" + id + "-" + strings.Repeat("0", 16) + "-01": nil, "00-" + id + "x-" + parent + "-01": nil, "0-" + id + "-" + parent + "-01": nil,
	} {
		got, _ := logged(t, nil, func(r *http.Request) { r.Header.Set("Traceparent", header) })
		require.Equal(t, want, got["traceId"], header)
	}
	got, _ := logged(t, nil, func(r *http.Request) {
		r.Header["Traceparent"] = []string{"00-" + id + "-" + parent + "-00", "00-" + id + "-" + parent + "-00"}
	})
	require.NotContains(t, got, "traceId", "two of them")
}

func TestWrongOptions(t *testing.T) {
	_, err := requestctx.New(&requestctx.Options{TrustedProxies: []string{"10.0.0.0/8", "everybody", "10.0.0.0/33"}, Leave: []string{"cookie"}})
	require.ErrorContains(t, err, "TrustedProxies[1]")
	require.ErrorContains(t, err, "TrustedProxies[2]")
	require.ErrorContains(t, err, "Leave[0]")
	require.Empty(t, requestctx.ID(context.Background()))
}

func FuzzForwardedFor(f *testing.F) {
	f.Add("10.0.0.1, 203.0.113.9", "192.0.2.1:1")
	f.Add("[::1]:80,,%", "[fe80::1%eth0]:1")
	wrap, err := requestctx.New(&requestctx.Options{TrustedProxies: []string{"0.0.0.0/0", "::/0"}})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, forwarded, peer string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["X-Forwarded-For"], r.RemoteAddr = []string{forwarded}, peer
		wrap(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
	})
}

// TestWorkInTheBackground may log while the request is handed on to another mux.
func TestWorkInTheBackground(t *testing.T) {
	l, rec := syslogtest.New(t, nil)
	var wg sync.WaitGroup
	inner, outer := http.NewServeMux(), http.NewServeMux()
	inner.HandleFunc("/api/x", func(http.ResponseWriter, *http.Request) {})
	outer.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithoutCancel(r.Context())
		wg.Go(func() { l.Info(ctx, "BACKGROUND", syslog.System(), "x") })
		inner.ServeHTTP(w, r)
	})
	wrap, err := requestctx.New(nil)
	require.NoError(t, err)
	for range 100 {
		wrap(outer).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/x", nil))
	}
	wg.Wait()
	require.Contains(t, string(rec.RequireLogged(t, "BACKGROUND").Metadata), `"route":"/api/"`)

	wrap, err = requestctx.New(&requestctx.Options{Route: func(r *http.Request) string { return "mine" }})
	require.NoError(t, err)
	wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { l.Info(r.Context(), "OWN", syslog.System(), "x") })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	require.Contains(t, string(rec.RequireLogged(t, "OWN").Metadata), `"route":"mine"`)
}
