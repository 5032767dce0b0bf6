package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
)

func ExampleNew() {
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logger.Close()
	h, err := admin.New(logger, &admin.Options{
		Authorize: func(r *http.Request) (admin.Principal, error) {
			if r.Header.Get("Authorization") != "Bearer of-an-administrator" { // your sessions
				return admin.Principal{}, admin.ErrUnauthenticated
			}
			return admin.Principal{ID: "adm_1", Perms: admin.PermAll}, nil
		},
		CronSecret: os.Getenv("CRON_SECRET"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	h.Register(mux)

	logger.Info(context.Background(), "AUTH_LOGIN", syslog.User("usr_1"), "Login of user usr_1 succeeded")
	if err := logger.Flush(context.Background()); err != nil {
		fmt.Println(err)
		return
	}
	for _, who := range []string{"", "Bearer of-an-administrator"} {
		r := httptest.NewRequest("GET", "/api/admin/system-logs?actorId=usr_1&startDate="+time.Now().UTC().Add(-time.Hour).Format(time.RFC3339), nil)
		r.Header.Set("Authorization", who)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 401
	// 200
}

// An access log that keeps nobody's name, and nothing that somebody searched for.
func ExampleAccessLogPath() {
	handler := http.NotFoundHandler() // in place of a Handler
	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
		fmt.Println(r.Method, admin.AccessLogPath(r))
	})
	for _, target := range []string{"/dashboard/admin/system-logs?search=jane@example.com", "/api/admin/system-logs/actors/jane@example.com/erase"} {
		logged.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", target, nil))
	}
	// Output:
	// POST /dashboard/admin/system-logs
	// POST /api/admin/system-logs/actors/*/erase
}
