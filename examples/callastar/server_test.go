package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

func TestSelfCheck(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := options{db: filepath.Join(t.TempDir(), "app.db"), stripeSecret: demoStripeSecret, cronSecret: demoCronSecret, iterations: 1000}
	require.NoError(t, selfCheck(t.Context(), &out, o))
	require.Contains(t, out.String(), "20 events")
	require.ErrorContains(t, selfCheck(t.Context(), &out, o), "book a call: status 409", "the offer is taken already")
}

// What was logged right before the end is stored.
func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	db := filepath.Join(t.TempDir(), "app.db")
	a, err := newApp(options{db: db, stripeSecret: "x", iterations: 1000})
	require.NoError(t, err)
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.serveOn(ctx, l) }()

	transport := &http.Transport{}
	c := client{"http://" + l.Addr().String(), "x", &http.Client{Transport: transport}}
	_, _, err = c.login(t.Context(), "ada@example.com", "wrong")
	require.NoError(t, err)
	transport.CloseIdleConnections()
	stop()
	require.NoError(t, <-ended)

	st, err := sqlite.Open(db)
	require.NoError(t, err)
	defer func() { require.NoError(t, st.Close(t.Context())) }()
	page, err := st.Query(t.Context(), syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1)
	require.Equal(t, "AUTH_LOGIN", page.Logs[0].Type)
}

func TestServe(t *testing.T) {
	t.Parallel()
	o := options{db: filepath.Join(t.TempDir(), "app.db"), stripeSecret: "x", iterations: 1000}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &stopAfterGuide{stop: stop}
	require.NoError(t, serve(ctx, out, "127.0.0.1:0", o))
	require.Regexp(t, `curl -s http://127\.0\.0\.1:\d+/api/bookings`, out.text.String())
	require.Contains(t, out.text.String(), "every event is stored")
	require.NotContains(t, out.text.String(), "URL")

	require.Error(t, serve(t.Context(), out, "no address", o))
}

// stopAfterGuide ends the service as soon as it has said where it is.
type stopAfterGuide struct {
	text bytes.Buffer
	stop func()
}

func (w *stopAfterGuide) Write(p []byte) (int, error) {
	defer w.stop()
	return w.text.Write(p)
}

func TestPanicIsLogged(t *testing.T) {
	t.Parallel()
	s := newService(t)
	w := httptest.NewRecorder()
	s.recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") })).
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", nil))
	require.Equal(t, http.StatusInternalServerError, w.Code)
	l, metadata := s.one("API_ERROR")
	requireLog(t, l, syslog.LevelCritical, syslog.System())
	require.Equal(t, "panic: oops", metadata["errorMessage"])
}

func TestHealthAndBodies(t *testing.T) {
	t.Parallel()
	s := newService(t)
	res, err := s.c.http.Get(s.c.base + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	for _, body := range []string{"", "{", `{"surprise":1}`, `"` + string(make([]byte, maxBody)) + `"`} {
		s.status(http.StatusBadRequest)(s.c.post(t.Context(), "/api/auth/login", nil, []byte(body)))
	}
	s.none("API_ERROR")
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	now := time.Now()
	s := newSessions(func() time.Time { return now })
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Authorization", "Bearer "+s.start(User{ID: "u", Role: roleUser}))
	got, ok := s.of(r)
	require.True(t, ok)
	require.Equal(t, "u", got.userID)
	now = now.Add(sessionAge)
	_, ok = s.of(r)
	require.False(t, ok)
	now = now.Add(time.Second)
	s.start(User{})
	require.Len(t, s.m, 1, "ended sessions stay in memory")
}
