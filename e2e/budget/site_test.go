package budget_test

import (
	"compress/gzip"
	"database/sql"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// mount is where the page is, logs where its API is, and rows how many events there are.
const (
	mount = "/dashboard/admin/system-logs/"
	logs  = "/api/admin/system-logs"
	rows  = 1_000_000
)

// How long a page may take to get where a measurement waits for it.
const patience, poll = time.Minute, 20 * time.Millisecond

// site is a server with the page, that compresses what it sends as most do.
type site struct {
	url    string
	path   string // of the database
	logger *syslog.Logger
	newest time.Time
}

func serve(t *testing.T) *site {
	t.Helper()
	path := filepath.Join(t.TempDir(), "logs.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	h, err := admin.New(l, &admin.Options{Logger: quiet, Authorize: func(*http.Request) (admin.Principal, error) {
		return admin.Principal{ID: "adm_1", Name: "Ada", Perms: admin.PermAll}, nil
	}})
	require.NoError(t, err)
	mux := http.NewServeMux()
	h.Register(mux)
	srv := httptest.NewServer(compressed(mux))
	t.Cleanup(srv.Close)
	t.Cleanup(h.EndTails)
	return &site{url: srv.URL, path: path, logger: l}
}

// compressed is a handler behind what most hosts have in front of it.
func compressed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || strings.HasSuffix(r.URL.Path, "/tail") {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w, z: gzip.NewWriter(w)}
		next.ServeHTTP(z, r)
		if z.begun {
			_ = z.z.Close() // who has gone away gets no end
		}
	})
}

type zipped struct {
	http.ResponseWriter
	z     *gzip.Writer
	begun bool
}

func (w *zipped) WriteHeader(status int) {
	if status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified {
		w.Header().Del("Content-Length")
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *zipped) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		if w.Header().Get("Content-Encoding") == "" {
			w.WriteHeader(http.StatusOK)
		}
	}
	return w.z.Write(b)
}

// open opens the page in a new window.
func (s *site) open(t *testing.T, query string) *browser.Tab {
	t.Helper()
	tab := browser.Open(t, s.url, browser.Look{})
	tab.Go(mount + query)
	ready(t, tab)
	return tab
}

// ready waits until all that is loaded behind the rows is there, or takes too long.
func ready(t *testing.T, tab *browser.Tab) {
	t.Helper()
	require.Eventually(t, func() bool {
		return tab.Count("[data-load]:not([data-gave-up], [data-lazy]:not([open]) *) .pending, [aria-busy=true]") == 0
	}, patience, poll)
}

// million is a site with so many events, of the last 90 days.
func million(t *testing.T) *site {
	t.Helper()
	s := serve(t)
	begun := time.Now()
	drivers := sql.Drivers()
	db, err := sql.Open(drivers[slices.IndexFunc(drivers, func(d string) bool { return strings.HasPrefix(d, "sqlite") })], s.path)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	s.newest = time.Now().UTC().Add(-time.Second).Truncate(time.Millisecond)
	_, err = db.Exec("PRAGMA synchronous = OFF") // it is lost with the test anyway
	require.NoError(t, err)
	_, err = db.Exec(fill, rows, at(s.newest, 0), apart)
	require.NoError(t, err)
	_, err = db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	require.NoError(t, err)
	t.Logf("%d events written in %v", rows, time.Since(begun))
	return s
}

// apart is how many milliseconds lie between two events.
const apart = 90 * 24 * 3600 * 1000 / rows

// at is when an event was, by its number, and id its key.
func at(newest time.Time, i int64) int64 { return newest.UnixMilli() - (rows-1-i)*apart }

const id = "01JD%07dKX8Q2M4T9VWZ3RS"

// fill writes events as a service does, most of them INFO.
const fill = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 - 1)
	INSERT INTO system_logs (id, level, type, actor, actor_id, message, metadata, created_at)
	SELECT printf('01JD%07dKX8Q2M4T9VWZ3RS', i),
		CASE WHEN i % 1000 < 5 THEN 'CRITICAL' WHEN i % 1000 < 35 THEN 'ERROR' WHEN i % 1000 < 95 THEN 'WARNING' ELSE 'INFO' END,
		CASE WHEN i % 1000 < 5 THEN 'DATA_CORRUPTION' WHEN i % 1000 < 35 THEN 'PAYMENT_FAILED' ELSE CASE i % 7 WHEN 0 THEN 'AUTH_LOGIN' WHEN 1 THEN 'BOOKING_CREATED'
			WHEN 2 THEN 'PAYMENT_SUCCEEDED' WHEN 3 THEN 'WEBHOOK_STRIPE' WHEN 4 THEN 'CREATOR_PROFILE_UPDATED' WHEN 5 THEN 'USER_ACTION_' || i % 40 ELSE 'API_ERROR' END END,
		CASE i % 7 WHEN 3 THEN 'SYSTEM' WHEN 4 THEN 'CREATOR' ELSE 'USER' END,
		CASE i % 7 WHEN 3 THEN NULL WHEN 4 THEN 'cr_' || (i * 31 % 900) ELSE 'usr_' || (i * 7919 % 50021) END,
		CASE i % 7 WHEN 0 THEN 'Login of user usr_' || (i * 7919 % 50021) || ' succeeded' WHEN 1 THEN 'Booking bk_' || (i * 104729 % 1000003) || ' created for 2 persons'
			WHEN 2 THEN 'Payment pi_3Nk' || (i * 15485863 % 1000003) || ' of ' || (i % 300) || '.50 EUR succeeded' WHEN 3 THEN 'Webhook payment_intent.succeeded of Stripe handled in ' || (i * 37 % 977) || ' ms'
			WHEN 4 THEN 'Profile of creator cr_' || (i * 31 % 900) || ' updated: biography, links and cover picture' WHEN 5 THEN 'Réservation bk_' || i || ' confirmée par le client'
			ELSE 'POST /api/bookings/' || (i * 104729 % 1000003) || ' failed: upstream answered 502 after ' || (i * 13 % 4999) || ' ms' END,
		'{"requestId":"req_' || i || '","amount":49.9,"currency":"EUR","ip":"203.0.113.7"}',
		?2 + i * ?3
	FROM n`
