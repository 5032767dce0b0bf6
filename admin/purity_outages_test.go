package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// problems are those of a log that is well.
func (g tour) problems() {
	g.get(404, "/nothing")
	g.page(405, "PUT", "/", "")
	g.page(405, "GET", "/maintenance/cleanup", "")
	for _, path := range []string{"/delete", "/maintenance/actor", "/maintenance/cleanup", "/maintenance/alert"} {
		g.page(403, "POST", path, "x=1", "Origin", "https://evil.example")
		g.page(413, "POST", path, strings.Repeat("x", 65<<10))
	}
	for _, path := range []string{"/delete", "/maintenance/actor", "/logs/ac"} {
		g.page(415, "POST", path, "x", "Content-Type", "text/plain")
	}
	g.get(414, "/?search="+strings.Repeat("x", 17<<10))
	for name, authorize := range map[int]func(*http.Request) (admin.Principal, error){
		401: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, admin.ErrUnauthenticated },
		403: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, errors.New("x") },
	} {
		g.of(g.logger, admin.Options{Authorize: authorize}).get(name, "/")
	}
	g.of(g.logger, admin.Options{Authorize: may(0)}).get(403, "/")
	viewer := g.of(g.logger, admin.Options{Authorize: may(admin.PermView)})
	for path, status := range map[string]int{"/": 200, "/logs/ac": 200, "/maintenance": 200, "/delete": 403, "/?meta.password=x": 403, "/maintenance/actor?actorId=user_1": 200} {
		viewer.get(status, path)
	}
	still := g.of(g.logger, admin.Options{ReadOnly: true, DefaultRange: "24h", Alerts: []admin.Alert{{Name: "A"}}})
	for _, path := range []string{"/?level=INFO&range=all", "/?range=24h", "/logs/ac", "/maintenance", "/delete", "/maintenance/actor?actorId=user_1", "/trends"} {
		still.get(200, path)
	}
	still.send(403, "/delete", "_step=preview")
}

// held is a store that counts once it may.
type held struct {
	*syslogtest.Store
	begun, end chan struct{}
}

func (s held) Histogram(context.Context, syslog.Filter, []time.Time) ([]syslog.LevelCounts, error) {
	s.begun <- struct{}{}
	<-s.end
	return []syslog.LevelCounts{{}}, nil
}

// outages are answers of a log that cannot answer.
func (g tour) outages() {
	logger := func(st syslog.Store, sinks ...syslog.SinkConfig) *syslog.Logger {
		l, err := syslog.New(st, &syslog.Config{Logger: quiet, Sinks: sinks})
		require.NoError(g.t, err)
		g.t.Cleanup(func() { _ = l.Close() })
		return l
	}
	paths := []string{"/", "/facets", "/facets/actors", "/histogram", "/logs/ac", "/trends", "/maintenance/actor?actorId=x"}
	slow, broken := g.of(g.logger, admin.Options{QueryTimeout: 1}), g.of(logger(failing{syslogtest.NewStore(), errors.New("x")}), admin.Options{})
	none := g.of(logger(nil, syslog.SinkConfig{Name: "x", Sink: nowhere{}}), admin.Options{})
	for _, path := range paths {
		slow.get(failed, path)
		none.get(failed, path)
		if path != "/logs/ac" { // which is there
			broken.get(failed, path)
		}
	}
	for _, h := range []tour{slow, broken, none} {
		h.get(200, "/maintenance")
		h.page(h.do("GET", "/anywhere/rows", "", "X-Fragment", "1").Code, "GET", "/rows", "", "X-Fragment", "1")
	}
	least := g.of(logger(plain{syslogtest.NewStore()}), admin.Options{})
	least.get(200, "/")
	for _, path := range []string{"/facets", "/histogram", "/logs/x"} {
		least.get(501, path)
	}
	st := syslogtest.NewStore()
	require.NoError(g.t, st.Write(context.Background(), entries(3)))
	least = g.of(logger(struct{ syslog.Store }{st}), admin.Options{})
	least.send(501, "/maintenance/actor", "_step=preview&mode=anonymize&actorId=user_1")
	least.get(200, "/maintenance/actor?actorId=user_1")

	release := st.Block()
	l := logger(st)
	l.UserAction(context.Background(), "X", "user_1", "zz")
	late := url.Values{"_step": {"confirm"}, "mode": {"delete"}, "actorId": {"user_1"}, "expectedCount": {"3"}, "_typed": {"3"}, "asOf": {"2024-02-01"}}.Encode()
	g.of(l, admin.Options{QueryTimeout: 50 * time.Millisecond}).send(503, "/maintenance/actor", late)
	release()

	busy := held{syslogtest.NewStore(), make(chan struct{}, 9), make(chan struct{})}
	full := g.of(logger(busy), admin.Options{HeavyQueries: 1, QueryTimeout: 50 * time.Millisecond})
	first := make(chan int)
	go func() { first <- full.do("GET", "/anywhere/histogram?range=1h", "").Code }()
	<-busy.begun
	full.get(429, "/facets")
	close(busy.end)
	<-first
}

// deaf is a destination that takes nothing, for a reason of no language.
type deaf struct{ nowhere }

func (deaf) Write(context.Context, []syslog.Log) error { return syslog.Permanent(errors.New("zz")) }

// troubles are what the maintenance page says of a pipeline that is not well.
func (g tour) troubles() {
	for _, events := range []int{1, 3} {
		l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet, Sinks: []syslog.SinkConfig{{Name: "zz", Sink: deaf{}}}})
		require.NoError(g.t, err)
		h := g.of(l, admin.Options{})
		for range events {
			l.Error(context.Background(), "X", syslog.System(), "zz")
		}
		_ = l.Flush(context.Background())
		require.Contains(g.t, h.get(200, "/maintenance"), "zz")
		_ = l.Close()
		l.Info(context.Background(), "LATE", syslog.System(), "zz")
		require.Contains(g.t, h.get(200, "/maintenance"), `class="state bad"`)
		h.get(503, "/")
	}
}
