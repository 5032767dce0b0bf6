package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is the whole service behind an HTTP server, with a client.
type service struct {
	t *testing.T
	*app
	c client
}

func newService(t *testing.T) service {
	t.Helper()
	a, err := newApp(options{
		db: filepath.Join(t.TempDir(), "app #1?.db"), stripeSecret: "whsec_test", cronSecret: "cron_test", iterations: 1000,
	})
	require.NoError(t, err)
	server := httptest.NewServer(a.routes())
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, a.shutdown(t.Context()))
	})
	return service{t, a, client{server.URL, "whsec_test", server.Client()}}
}

// status requires that an answer has this status, and returns it.
func (s service) status(want int) func(answer, error) answer {
	return func(a answer, err error) answer {
		s.t.Helper()
		require.NoError(s.t, err)
		require.Equal(s.t, want, a.status, "%v", a.body)
		return a
	}
}

// user and admin are tokens of sessions.
func (s service) user() string  { return s.token("ada@example.com", "correct horse") }
func (s service) admin() string { return s.token("kim@example.com", "kim signs payouts") }

func (s service) token(email, password string) string {
	s.t.Helper()
	a, token, err := s.c.login(s.t.Context(), email, password)
	s.status(http.StatusOK)(a, err)
	require.NotEmpty(s.t, token)
	return token
}

// logged returns the stored events of a type, oldest first.
func (s service) logged(typ string) []syslog.Log {
	s.t.Helper()
	require.NoError(s.t, s.logger.Flush(s.t.Context()))
	page, err := s.logger.Query(s.t.Context(), syslog.Query{Order: syslog.Asc, Filter: syslog.Filter{Type: typ}})
	require.NoError(s.t, err)
	return page.Logs
}

// one requires that there is one event of a type, and returns it with its metadata.
func (s service) one(typ string) (syslog.Log, map[string]any) {
	s.t.Helper()
	logs := s.logged(typ)
	require.Len(s.t, logs, 1, typ)
	var metadata map[string]any
	require.NoError(s.t, json.Unmarshal(logs[0].Metadata, &metadata))
	return logs[0], metadata
}

func (s service) none(typ string) {
	s.t.Helper()
	require.Empty(s.t, s.logged(typ))
}

// requireLog compares what matters of an event.
func requireLog(t *testing.T, l syslog.Log, level syslog.LogLevel, actor syslog.Actor) {
	t.Helper()
	require.Equal(t, level, l.Level)
	require.Equal(t, actor, syslog.Actor{Kind: l.Actor, ID: l.ActorID})
}
