// Package conformance holds the pages of package metrics to the parsers and the
// linter of Prometheus, in a module of its own so that no user downloads them.
package conformance

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/metrics"
	"github.com/callastar/syslog/sink"
	"github.com/callastar/syslog/syslogtest"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/stretchr/testify/require"
)

// scraper is what Prometheus 3 sends.
const scraper = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
	"application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3," +
	"text/plain;version=0.0.4;q=0.2,*/*;q=0.1"

var formats = map[string]struct {
	accept string
	want   expfmt.Format
}{
	"text":        {"text/plain", expfmt.NewFormat(expfmt.TypeTextPlain)},
	"OpenMetrics": {scraper, expfmt.NewFormat(expfmt.TypeOpenMetrics)},
}

// hostile are names that sinks can have.
func hostile() []string {
	return []string{
		"store", "store_", `\`, `"`, "\n", `\n`, `a"} 1`, "a\nb 2", "é", "日本", "\xff", "\xfe", "\x00", "\r", "# HELP", "# EOF", " ", "{}", ",",
	}
}

// more are hostile names, a long one and random bytes.
func more() []string {
	names := append(hostile(), strings.Repeat("x", 10_000))
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		b := make([]byte, 1+r.IntN(12))
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		names = append(names, string(b))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func sinks(names []string) (out []syslog.SinkConfig) {
	for i, n := range names {
		out = append(out, syslog.SinkConfig{Name: n, Sink: sink.Func(func(context.Context, []syslog.Log) error {
			if i%2 == 0 {
				return syslog.Permanent(errors.New("no\n\xff"))
			}
			return nil
		})})
	}
	return out
}

func TestText(t *testing.T) { pages(t, "text", more()) }

// TestOpenMetrics has fewer names, since its parser takes milliseconds a line.
func TestOpenMetrics(t *testing.T) { pages(t, "OpenMetrics", hostile()) }

func pages(t *testing.T, format string, names []string) {
	quiet := slog.New(slog.DiscardHandler)
	stored, _ := syslogtest.New(t, &syslog.Config{Logger: quiet})
	hung, rec := syslogtest.New(t, &syslog.Config{Logger: quiet, QueueSize: 10})
	defer rec.Store.Block()()
	odd, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet, Sinks: sinks(names)})
	require.NoError(t, err)
	storeless, err := syslog.New(nil, &syslog.Config{Logger: quiet, Sinks: sinks(names)})
	require.NoError(t, err)
	for _, l := range []*syslog.Logger{stored, hung, odd, storeless} {
		for i := range 20 {
			l.Info(t.Context(), "T", syslog.System(), "m", syslog.AtLevel(syslog.Levels()[i%3])) // no CRITICAL: those are printed, which takes a moment
		}
		if l != hung {
			_ = l.Close() // tells of what was lost, as it should be; the numbers stand still now
		}
	}
	many := map[string]*syslog.Logger{"": stored, "nobody": nil}
	for i, n := range names {
		many[n] = []*syslog.Logger{stored, hung}[i%2]
	}
	for name, c := range map[string]struct {
		h       http.Handler
		samples int // of a metric without levels
	}{
		"a store":   {metrics.Handler(stored), 1},
		"hung":      {metrics.Handler(hung), 1},
		"odd sinks": {metrics.Handler(odd), 1 + len(names)},
		"no store":  {metrics.Handler(storeless), len(names)},
		"many":      {metrics.HandlerFor(many), 1 + len(names)},
		"none":      {metrics.Handler(nil), 0},
	} {
		t.Run(name, func(t *testing.T) { check(t, c.h, format, c.samples) })
	}
}

func check(t *testing.T, h http.Handler, format string, samples int) {
	f := formats[format]
	srv := httptest.NewServer(h)
	defer srv.Close()
	body, header := do(t, http.MethodGet, srv.URL, f.accept)
	nothing, same := do(t, http.MethodHead, srv.URL, f.accept)
	require.Empty(t, nothing)
	header.Del("Date")
	same.Del("Date")
	require.Equal(t, header, same)
	require.Equal(t, f.want.FormatType(), expfmt.ResponseFormat(header).FormatType())
	grouped(t, body)

	families := parse(t, body, f.want)
	if samples == 0 {
		for _, m := range families {
			require.Empty(t, m.GetMetric())
		}
		return
	}
	require.Len(t, families, strings.Count(body, "# TYPE "))
	for name, m := range families {
		require.True(t, strings.HasPrefix(name, "syslog_"), name)
		require.NotEmpty(t, m.GetHelp(), name)
		want := samples
		if strings.HasPrefix(name, "syslog_events_lost") {
			want *= len(syslog.Levels())
		}
		require.Len(t, m.GetMetric(), want, name)
		seen := map[string]bool{}
		for _, s := range m.GetMetric() {
			key := labels(s)
			require.False(t, seen[key], "%s%s is there twice", name, key)
			seen[key] = true
			require.Equal(t, m.GetType() == dto.MetricType_COUNTER, s.GetCounter() != nil)
		}
	}
	if format == "text" {
		problems, err := promlint.New(strings.NewReader(body)).Lint()
		require.NoError(t, err)
		require.Empty(t, problems)
	}
}

// TestNamesComeBack says that a name is read as what it was, with its own numbers.
func TestNamesComeBack(t *testing.T) {
	names := []string{`\`, `"`, "\n", `\n`, `\\n`, `a"} 1`, "a\nb 2", "é", "日本", "\r", "# HELP", " ", "{}", ","}
	var configs []syslog.SinkConfig
	for i, c := range sinks(names) {
		c.MinLevel = syslog.Levels()[i%4]
		configs = append(configs, c)
	}
	logger, err := syslog.New(nil, &syslog.Config{Logger: slog.New(slog.DiscardHandler), Sinks: configs})
	require.NoError(t, err)
	for _, l := range syslog.Levels() {
		logger.Log(t.Context(), syslog.Log{Level: l})
	}
	_ = logger.Close() // tells of what was lost, as it should be
	for _, f := range formats {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept", f.accept)
		rec := httptest.NewRecorder()
		metrics.Handler(logger).ServeHTTP(rec, r)
		families := parse(t, rec.Body.String(), f.want)
		m := families["syslog_events_written_total"]
		if m == nil {
			m = families["syslog_events_written"]
		}
		got, want := map[string]uint64{}, map[string]uint64{}
		for _, s := range m.GetMetric() {
			got[s.GetLabel()[0].GetValue()] = uint64(s.GetCounter().GetValue())
		}
		for name, s := range logger.Stats().Sinks {
			want[name] = s.Written
		}
		require.Len(t, want, len(names))
		require.Equal(t, want, got)
	}
}

func parse(t *testing.T, body string, format expfmt.Format) map[string]*dto.MetricFamily {
	t.Helper()
	families := map[string]*dto.MetricFamily{}
	for d := expfmt.NewDecoder(strings.NewReader(body), format); ; {
		m := new(dto.MetricFamily)
		if err := d.Decode(m); errors.Is(err, io.EOF) {
			return families
		} else {
			require.NoError(t, err)
		}
		require.NotContains(t, families, m.GetName())
		families[m.GetName()] = m
	}
}

func do(t *testing.T, method, url, accept string) (string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	r.Header.Set("Accept", accept)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body), resp.Header
}

func labels(m *dto.Metric) string {
	pairs := map[string]string{}
	for _, l := range m.GetLabel() {
		pairs[l.GetName()] = l.GetValue()
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		b.WriteString(name + "=" + pairs[name] + "\x00") // which no value has
	}
	return b.String()
}

// grouped checks what the parsers let pass: HELP, TYPE and all samples of a metric
// stand together, in this order.
func grouped(t *testing.T, body string) {
	t.Helper()
	var name string
	done := map[string]bool{}
	for line := range strings.Lines(body) {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "# HELP "):
			name = words[2]
			require.False(t, done[name], name)
			done[name] = true
		case strings.HasPrefix(line, "# TYPE "):
			require.Equal(t, name, words[2])
		case line != "# EOF\n":
			sample, _, _ := strings.Cut(line, "{")
			require.Equal(t, strings.TrimSuffix(name, "_total"), strings.TrimSuffix(sample, "_total"))
		}
	}
}
