package admin_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestRecordsAreKept where the log keeps nothing of their level, and where its queue is full.
func TestRecordsAreKept(t *testing.T) {
	for _, cfg := range []syslog.Config{{MinLevel: syslog.LevelCritical}, {QueueSize: 10}} {
		cfg.Logger = quiet
		st := syslogtest.NewStore()
		l, err := syslog.New(st, &cfg)
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		h, err := admin.New(l, &admin.Options{Logger: quiet, Authorize: boss, CronSecret: "s"})
		require.NoError(t, err)
		freed := make(chan struct{})
		if cfg.QueueSize == 0 {
			close(freed)
		} else {
			release := st.Block()
			for range 50 {
				l.Warning(context.Background(), "MANY", syslog.System(), "x")
			}
			go func() { // while the first record waits for room
				defer close(freed)
				for l.Stats().Refused == 0 {
				}
				release()
			}()
		}
		for _, c := range [][3]string{
			{"DELETE", logs, `{"deleteType":"filters","type":"API"}`}, {"GET", logs + "/export", ""}, {"POST", cron, ""}, {"POST", logs + "/actors/user_1/erase", `{"mode":"delete"}`},
		} {
			r := httptest.NewRequest(c[0], c[1], strings.NewReader(c[2]))
			r.Header.Set("Authorization", "Bearer s")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, 200, w.Code, w.Body.String())
		}
		<-freed
		var types []string
		for e, err := range st.All(context.Background(), syslog.Filter{Not: syslog.Exclusion{Types: []string{"MANY", syslog.TypeEventsDropped}}}) {
			require.NoError(t, err)
			types = append(types, e.Type)
		}
		require.ElementsMatch(t, []string{"ADMIN_LOGS_DELETED", "ADMIN_LOGS_EXPORTED", "SYSTEM_LOG_CLEANUP", "ADMIN_LOGS_ERASED"}, types)
	}
}

// TestRecordThatCannotBeKept is told of in the host's log, which never has an actor's id.
func TestRecordThatCannotBeKept(t *testing.T) {
	var out bytes.Buffer
	st := syslogtest.NewStore()
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Logger: slog.New(slog.NewTextHandler(&out, nil)), Authorize: boss})
	require.NoError(t, err)
	require.NoError(t, st.Write(context.Background(), some(4)))
	st.FailWrites(syslog.Permanent(context.DeadlineExceeded), -1)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("DELETE", logs, strings.NewReader(`{"deleteType":"filters","type":"API"}`)))
	require.Equal(t, 200, w.Code)
	require.Contains(t, out.String(), "is not recorded")
	over, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	require.NoError(t, over.Close())
	h, err = admin.New(over, &admin.Options{Logger: slog.New(slog.NewTextHandler(&out, nil)), Authorize: boss})
	require.NoError(t, err)
	for _, path := range []string{"/erase", "/erase-preview"} {
		w = httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", logs+"/actors/jane@example.com"+path, strings.NewReader(`{"mode":"delete"}`)))
		require.GreaterOrEqual(t, w.Code, 500)
	}
	require.NotContains(t, out.String(), "jane")
	require.Contains(t, out.String(), "{actorId}")
}

// TestHostThatEndsARequest: a client that is still there hears that nothing was done.
func TestHostThatEndsARequest(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		s.mux.ServeHTTP(w, r.WithContext(ctx))
	}))
	defer srv.Close()
	for _, method := range []string{"GET", "DELETE"} {
		r, err := http.NewRequest(method, srv.URL+logs, strings.NewReader(map[string]string{"DELETE": `{"deleteType":"filters","type":"API"}`}[method]))
		require.NoError(t, err)
		res, err := srv.Client().Do(r)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, 503, res.StatusCode, method)
	}
	require.Equal(t, 8, s.total())
}

// TestNothingOfABodyIsPassedOver: each of these would delete more than somebody meant.
func TestNothingOfABodyIsPassedOver(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	for body, field := range map[string]string{
		`"type":"API","meta":{"price":[]}`: "meta.price", `"type":"API","meta":{"price":[null]}`: "meta.price", `"type":"API","level":[]`: "level",
		`"type":"API","level":[null]`: "level", `"type":"API","level":"CRITICAL","level":""`: "level", `"type":"API","level":"CRITICAL","Level":""`: "Level",
		`"level":"INFO","endDate":"0001-01-01T00:00:00.0Z"`: "endDate", `"type":"API","notType":[null]`: "notType", `"type":"API","notType":[]`: "notType",
	} {
		w := s.do("DELETE", logs, `{"deleteType":"filters",`+body+`}`)
		require.Equal(t, 400, w.Code, body)
		require.Contains(t, w.Body.String(), `"field":"`+field+`"`, body)
	}
	require.Equal(t, 8, s.total())
}

// TestErasingOneOfTwo: the same id may be that of a user and of an administrator.
func TestErasingOneOfTwo(t *testing.T) {
	s := open(t, admin.Options{})
	for _, actor := range []syslog.LogActor{syslog.ActorUser, syslog.ActorAdmin} {
		s.write(syslog.Log{ID: string(actor), Type: "T", Actor: actor, ActorID: "42", CreatedAt: at})
	}
	w := s.do("POST", logs+"/actors/42/erase", `{"mode":"delete","actor":"USER","expectedCount":1}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, 200, s.do("GET", logs+"/ADMIN", "").Code)
	require.Equal(t, 404, s.do("GET", logs+"/USER", "").Code)
	require.Equal(t, 403, s.do("GET", logs+"/export", "", "Sec-Fetch-Site", "cross-site").Code)
	require.Equal(t, 403, s.do("HEAD", logs+"/tail", "", "Sec-Fetch-Site", "cross-site").Code)
	require.Equal(t, 200, s.do("GET", logs+"/histogram?startDate=0002-01-01&endDate=9999-12-31", "").Code)
}

// TestDeletionOutlivesTheServersTime for an answer.
func TestDeletionOutlivesTheServersTime(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "s"})
	s.write(some(8)...)
	srv := httptest.NewUnstartedServer(s.mux)
	srv.Config.WriteTimeout = time.Nanosecond
	srv.Start()
	defer srv.Close()
	for _, c := range [][3]string{
		{"DELETE", logs, `{"deleteType":"filters","type":"API"}`}, {"POST", cron, ""}, {"POST", logs + "/cleanup", ""}, {"POST", logs + "/actors/user_1/erase", `{"mode":"delete"}`},
	} {
		r, err := http.NewRequest(c[0], srv.URL+c[1], strings.NewReader(c[2]))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer s")
		res, err := srv.Client().Do(r)
		require.NoError(t, err, c[1])
		require.NoError(t, res.Body.Close())
		require.Equal(t, 200, res.StatusCode, c[1])
	}
}
