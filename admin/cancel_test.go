package admin_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

// TestClientThatLeavesEndsItsStatement: on a server whose table is locked every statement
// waits; once the client has gone away there must be none.
func TestClientThatLeavesEndsItsStatement(t *testing.T) {
	dsn := pgtest.New(t)
	st, err := postgres.Open(context.Background(), dsn)
	require.NoError(t, err)
	require.NoError(t, st.Write(context.Background(), some(4)))
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet, QueryTimeout: time.Hour, CronSecret: "x"})
	require.NoError(t, err)
	db, err := sql.Open("pgx", dsn)
	require.NoError(t, err)
	defer db.Close()
	waiting := func() (n int) {
		require.NoError(t, db.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&n))
		return n
	}
	becomes := func(n int, path string) {
		require.Eventually(t, func() bool { return waiting() == n }, 20*time.Second, 5*time.Millisecond, path)
	}
	for _, c := range [][3]string{
		{"GET", logs, ""}, {"GET", logs + "?search=booking&count=none", ""}, {"GET", logs + "/count", ""}, {"GET", logs + "/stats", ""},
		{"GET", logs + "/histogram", ""}, {"GET", logs + "/facets", ""}, {"GET", logs + "/suggest?field=type&q=A", ""}, {"GET", logs + "/export", ""}, {"GET", logs + "/aa", ""}, {"GET", logs + "/aa/context", ""},
		{"POST", logs + "/delete-preview", `{"deleteType":"filters","level":"INFO"}`}, {"DELETE", logs, `{"deleteType":"filters","level":"INFO","expectedCount":1}`},
		{"DELETE", logs, `{"deleteType":"filters","level":"INFO"}`}, {"POST", logs + "/cleanup", ""}, {"POST", cron, ""},
	} {
		tx, err := db.Begin()
		require.NoError(t, err)
		_, err = tx.Exec("LOCK TABLE system_logs IN ACCESS EXCLUSIVE MODE")
		require.NoError(t, err)
		ctx, leave := context.WithCancel(context.Background())
		r := httptest.NewRequestWithContext(ctx, c[0], c[1], strings.NewReader(c[2]))
		r.Header.Set("Authorization", "Bearer x")
		w := httptest.NewRecorder()
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			h.ServeHTTP(w, r)
		}()
		statements := 1
		if c[1] == logs+"/facets" {
			statements = 2 // as many as there are places
		}
		becomes(statements, c[1])
		leave()
		<-answered
		becomes(0, c[1])
		require.Equal(t, http.StatusServiceUnavailable, w.Code, "if somebody is there to hear")
		require.NoError(t, tx.Rollback())
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, logs+"/count?type=API", nil))
	require.Contains(t, w.Body.String(), `"count":4`, "nothing was deleted")
}
