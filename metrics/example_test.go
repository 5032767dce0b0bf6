package metrics_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/metrics"
	"github.com/callastar/syslog/syslogtest"
)

// Mount the page beside the program's own, and let Prometheus read it.
func ExampleHandler() {
	ctx := context.Background()
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logger.Close()

	mux := http.NewServeMux()
	mux.Handle("GET /metrics", metrics.Handler(logger))

	logger.Auth(ctx, syslog.AuthLogin, "usr_1", true)
	if err := logger.Flush(ctx); err != nil {
		fmt.Println(err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(rec.Body.String()) {
		if strings.Contains(line, "_written_") || strings.Contains(line, "_lost_") {
			fmt.Print(line)
		}
	}
	// Output:
	// # HELP syslog_events_written_total Events that were stored.
	// # TYPE syslog_events_written_total counter
	// syslog_events_written_total{destination="store"} 1
	// # HELP syslog_events_lost_total Events that were lost, refused or dropped, by level.
	// # TYPE syslog_events_lost_total counter
	// syslog_events_lost_total{destination="store",level="info"} 0
	// syslog_events_lost_total{destination="store",level="warning"} 0
	// syslog_events_lost_total{destination="store",level="error"} 0
	// syslog_events_lost_total{destination="store",level="critical"} 0
}

// Several loggers of one program share a page.
func ExampleHandlerFor() {
	var audit, activity *syslog.Logger // from syslog.New

	http.Handle("GET /metrics", metrics.HandlerFor(map[string]*syslog.Logger{
		"audit":    audit,
		"activity": activity,
	}))
}
