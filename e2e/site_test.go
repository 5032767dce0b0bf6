package e2e_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// mounts are the ways to the page: Register's, and a prefix of somebody's own.
var mounts = []string{"/dashboard/admin/system-logs/", "/dashboard/admin/system-logs", "/tools/logs/"}

// site is a server with the page over a real store.
type site struct {
	t      *testing.T
	url    string
	store  *store.Store
	logger *syslog.Logger
	gate   func(http.ResponseWriter, *http.Request) bool // answers in place of the handler
	handle http.Handler                                  // that handler, for a gate
	cut    func()                                        // breaks all connections
}

func serve(t *testing.T, opts admin.Options) *site {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "logs.db"))
	require.NoError(t, err)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	if opts.Authorize == nil {
		opts.Authorize = func(*http.Request) (admin.Principal, error) {
			return admin.Principal{ID: "adm_1", Name: "Ada", Perms: admin.PermAll}, nil
		}
	}
	opts.Logger = quiet
	h, err := admin.New(l, &opts)
	require.NoError(t, err)
	mux := http.NewServeMux()
	h.Register(mux)
	mux.Handle("/tools/logs/", http.StripPrefix("/tools/logs", h))
	s := &site{t: t, store: st, logger: l, handle: mux}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.gate == nil || !s.gate(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
	s.url, s.cut = srv.URL, srv.CloseClientConnections
	return s
}

func (s *site) open(look browser.Look) *browser.Tab { return browser.Open(s.t, s.url, look) }

func (s *site) write(events ...syslog.Log) {
	s.t.Helper()
	require.NoError(s.t, s.store.Write(context.Background(), events))
}

// ready waits until all that is loaded behind the rows is there.
func ready(t *testing.T, tab *browser.Tab) {
	t.Helper()
	tab.Wait(`document.readyState === "complete" && !document.querySelector("[data-load]:not([data-lazy]:not([open]) *) .pending, [aria-busy=true]")`)
}

// day is a day of a small service, told by n events that end at a moment.
func day(n int, end time.Time) (events []syslog.Log) {
	kinds := []struct {
		level   syslog.LogLevel
		typ     string
		actor   syslog.LogActor
		message string
		meta    string
	}{
		{syslog.LevelInfo, "AUTH_LOGIN", syslog.ActorUser, "Login of user %s succeeded", `{"success":true,"ip":"203.0.113.7"}`},
		{syslog.LevelInfo, "BOOKING_CREATED", syslog.ActorUser, "Booking bk_7%s created", `{"bookingId":"bk_7","creatorId":"cr_77","price":50.00}`},
		{syslog.LevelInfo, "PAYMENT_SUCCEEDED", syslog.ActorUser, "Payment pi_3Nk%s of 50.00 EUR succeeded", `{"paymentId":"pi_3Nk","amount":50.00,"currency":"EUR"}`},
		{syslog.LevelInfo, "WEBHOOK_STRIPE", syslog.ActorSystem, "Webhook payment_intent.succeeded of Stripe handled%.0s", `{"eventType":"payment_intent.succeeded","success":true}`},
		{syslog.LevelWarning, "AUTH_LOGIN", syslog.ActorGuest, "Login failed: wrong password%.0s", `{"success":false,"reason":"Invalid password"}`},
		{syslog.LevelError, "PAYMENT_FAILED", syslog.ActorUser, "Payment of %s failed: the card was declined by its bank (insufficient_funds)", `{"paymentId":"pi_9","amount":129.90,"currency":"EUR","error":{"code":"card_declined","stack":"Error: card_declined\n    at charge (/app/pay.js:41:9)\n    at async POST (/app/route.js:12:3)"}}`},
		{syslog.LevelInfo, "PAYOUT_APPROVED", syslog.ActorAdmin, "Payout of %s approved", `{"payoutId":"po_1","amount":500}`},
		{syslog.LevelCritical, "DATA_CORRUPTION", syslog.ActorSystem, "Critical data integrity issue: 10 payments without a PaymentIntent%.0s", `{"affectedTable":"payments","count":10,"rows":[1,2,3],"nested":{"deep":{"er":12345678901234567890}}}`},
	}
	for i := range n {
		k := kinds[(i*7+i/5)%7]
		if i%37 == 8 {
			k = kinds[7]
		}
		l := syslog.Log{
			ID: fmt.Sprintf("log_%06d", n-i), Level: k.level, Type: k.typ, Actor: k.actor, Metadata: []byte(k.meta),
			CreatedAt: end.Add(-time.Duration(i*i%1700+i*90) * time.Second).Truncate(time.Millisecond),
		}
		id := fmt.Sprintf("usr_%05d", 31+i%9)
		if l.Message = fmt.Sprintf(k.message, id); k.actor == syslog.ActorUser || k.actor == syslog.ActorAdmin {
			l.ActorID = strings.Replace(id, "usr", map[bool]string{true: "usr", false: "adm"}[k.actor == syslog.ActorUser], 1)
		}
		events = append(events, l)
	}
	return events
}
