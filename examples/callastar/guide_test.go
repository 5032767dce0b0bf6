package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// serving runs the service on a free port until stop, or the test's end, and returns where.
func serving(t *testing.T, o options) (a *app, url string, stop func()) {
	t.Helper()
	o.db, o.iterations = filepath.Join(t.TempDir(), "app.db"), 1000
	o.stripeSecret, o.cronSecret = demoStripeSecret, demoCronSecret
	a, err := newApp(o)
	require.NoError(t, err)
	require.NoError(t, a.pretend(t.Context(), &bytes.Buffer{}, o.demo.rows))
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.serveOn(ctx, l) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return a, "http://" + l.Addr().String(), stop
}

// answered is what curl says of an answer: where it went, and the status.
var answered = regexp.MustCompile(`(?m)^HTTP (\S+) http://[^/]+(/\S*) (\d+)$`)

// TestTheGuideWorks pastes all of it into a shell.
func TestTheGuideWorks(t *testing.T) {
	t.Parallel()
	o := options{queryTimeout: time.Minute, writeTimeout: time.Minute, demo: demoOptions{rows: 600, rate: 20}}
	_, url, _ := serving(t, o)
	var text bytes.Buffer
	require.NoError(t, guide(&text, url, o.demo))
	require.NotContains(t, text.String(), "URL")
	require.NotContains(t, text.String(), "INVENTED")
	dir := t.TempDir()
	here, err := filepath.Abs(".")
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "examples"), 0o755))
	require.NoError(t, os.Symlink(here, filepath.Join(dir, "examples", "callastar")))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-u")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "STRIPE_WEBHOOK_SECRET="+demoStripeSecret, "CRON_SECRET="+demoCronSecret)
	cmd.Stdin = strings.NewReader(`curl() { command curl -w '%{stderr}HTTP %{method} %{url} %{http_code}\n' "$@"; }` + "\n" + text.String())
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), "%s", errs.String())

	var got []string
	for _, m := range answered.FindAllStringSubmatch(errs.String(), -1) {
		path, _, _ := strings.Cut(m[2], "?")
		got = append(got, m[1]+" "+path+" "+m[3])
	}
	id := regexp.MustCompile(`/system-logs/(\w+)/reveal`).FindStringSubmatch(errs.String())
	require.NotNil(t, id, "%s", errs.String())
	const logs = "/api/admin/system-logs"
	require.Equal(t, []string{
		"POST /api/auth/login 200", "POST /api/auth/login 200",
		"GET " + logs + " 200", "GET " + logs + "/count 200", "GET " + logs + "/stats 200", "GET " + logs + "/histogram 200",
		"GET " + logs + "/facets 200", "GET " + logs + "/suggest 200", "GET " + logs + " 200", "GET " + logs + "/" + id[1] + " 200",
		"GET " + logs + "/tail 200", "GET " + logs + "/export 200",
		"POST /api/bookings 201", "POST /api/bookings 409", "POST /api/auth/login 401",
		"POST /api/admin/payouts/po_1/approve 403", "POST /api/admin/payouts/po_1/approve 200", "POST /api/payments/webhook 200",
		"POST " + logs + "/delete-preview 200", "DELETE " + logs + " 200",
		"POST " + logs + "/" + id[1] + "/reveal 200", "POST " + logs + "/actors/usr_ada/erase-preview 200",
		"GET " + logs + "/health 200", "GET " + logs + "/openapi.json 200", "POST /api/cron/cleanup-logs 200",
	}, got, "%s", errs.String())
	require.NotRegexp(t, `(?m)^bash: `, errs.String())
	require.Contains(t, out.String(), "\nevent: log\n", "the tail has shown nothing")
	require.Contains(t, out.String(), `"deletedCount":1`)
	require.Contains(t, out.String(), `"ip":"••••••"`, "nothing was masked")
	for _, file := range []string{"errors.csv", "openapi.json"} {
		content, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		require.Greater(t, len(content), 500, file)
	}
}

// TestTheReadmesLinesAreTheGuides: what stands there works, too.
func TestTheReadmesLinesAreTheGuides(t *testing.T) {
	t.Parallel()
	const url = "http://127.0.0.1:8080"
	var text bytes.Buffer
	require.NoError(t, guide(&text, url, demoOptions{}))
	require.Contains(t, text.String(), "The log is empty")
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	lines := 0
	for line := range strings.Lines(string(readme)) {
		line = strings.TrimRight(line, "\n")
		if !strings.Contains(line, "curl ") || strings.HasPrefix(line, "- ") {
			continue
		}
		lines++
		require.Contains(t, text.String(), line+"\n", "in README.md, and not in the guide")
	}
	require.GreaterOrEqual(t, lines, 2)
}
