package metrics_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/metrics"
	"github.com/callastar/syslog/sink"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// quiet hides the diagnostics of loggers that are to fail.
var quiet = slog.New(slog.DiscardHandler)

func request(t *testing.T, h http.Handler, method string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), method, "/metrics", nil))
	return rec
}

var line = regexp.MustCompile(`(?m)^syslog_([a-z_]+)(\{.*\}) ([0-9]+)$`)

// read returns the samples by labels and name, which is without what all share.
func read(t *testing.T, h http.Handler) map[string]map[string]uint64 {
	t.Helper()
	rec := request(t, h, http.MethodGet)
	require.Equal(t, http.StatusOK, rec.Code)
	samples := map[string]map[string]uint64{}
	for _, m := range line.FindAllStringSubmatch(rec.Body.String(), -1) {
		n, err := strconv.ParseUint(m[3], 10, 64)
		require.NoError(t, err)
		if samples[m[2]] == nil {
			samples[m[2]] = map[string]uint64{}
		}
		name := strings.TrimSuffix(strings.TrimPrefix(m[1], "events_"), "_total")
		require.NotContains(t, samples[m[2]], name, "a sample is there once")
		samples[m[2]][name] = n
	}
	return samples
}

// addUp holds the samples of a destination to the equations of Stats.
func addUp(t *testing.T, samples map[string]map[string]uint64, name string) {
	t.Helper()
	label := `{destination="` + name + `"}`
	require.Contains(t, samples, label)
	s := samples[label]
	require.Equal(t, s["produced"], s["accepted"]+s["refused"])
	require.Equal(t, s["accepted"], s["written"]+s["duplicate"]+s["dead_letter"]+s["dropped"]+s["queued"]+s["spilled"])
	var lost uint64
	for _, l := range syslog.Levels() {
		byLevel := `{destination="` + name + `",level="` + strings.ToLower(l.String()) + `"}`
		require.Contains(t, samples, byLevel, "with zero too")
		lost += samples[byLevel]["lost"]
	}
	require.Equal(t, s["refused"]+s["dropped"], lost)
}

func TestWhatIsLostIsThere(t *testing.T) {
	t.Parallel()
	logger, rec := syslogtest.New(t, &syslog.Config{QueueSize: 20, Logger: quiet})
	h := metrics.Handler(logger)
	addUp(t, read(t, h), "store")

	rec.Store.FailWrites(syslog.Permanent(errors.New("no")), 1)
	require.ErrorIs(t, logger.Commit(t.Context(), syslog.Log{Level: syslog.LevelError}), syslog.ErrLost)
	release := rec.Store.Block()
	for range 100 {
		logger.Info(t.Context(), "T", syslog.System(), "m")
	}
	samples := read(t, h)
	addUp(t, samples, "store")
	require.Positive(t, samples[`{destination="store"}`]["queued"])
	require.Positive(t, samples[`{destination="store",level="info"}`]["lost"])
	require.EqualValues(t, 1, samples[`{destination="store",level="error"}`]["lost"])
	require.Zero(t, samples[`{destination="store",level="critical"}`]["lost"])

	release()
	var told *syslog.LostError
	require.ErrorAs(t, logger.Flush(t.Context()), &told)
	samples = read(t, h)
	addUp(t, samples, "store")
	require.Zero(t, samples[`{destination="store"}`]["queued"])
}

func TestReadingWhileOthersLog(t *testing.T) {
	t.Parallel()
	none := sink.Func(func(context.Context, []syslog.Log) error { return nil })
	logger, _ := syslogtest.New(t, &syslog.Config{
		QueueSize: 50, Logger: quiet, Sinks: []syslog.SinkConfig{{Name: "archive", Sink: none}},
	})
	h := metrics.Handler(logger)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2000 {
				logger.Info(t.Context(), "T", syslog.System(), "m")
			}
		})
	}
	for range 50 {
		samples := read(t, h)
		addUp(t, samples, "store")
		addUp(t, samples, "archive")
	}
	wg.Wait()
	require.NoError(t, logger.Flush(t.Context()))
	for _, name := range []string{"store", "archive"} {
		s := read(t, h)[`{destination="`+name+`"}`]
		require.GreaterOrEqual(t, s["produced"], uint64(8000)) // and what tells of losses
		require.Zero(t, s["queued"])
	}
}

func TestABlockedStoreDoesNotBlockReading(t *testing.T) {
	t.Parallel()
	logger, rec := syslogtest.New(t, &syslog.Config{Logger: quiet})
	defer rec.Store.Block()()
	logger.Info(t.Context(), "T", syslog.System(), "m")
	require.EqualValues(t, 1, read(t, metrics.Handler(logger))[`{destination="store"}`]["queued"])
}

func TestWithoutAStore(t *testing.T) {
	t.Parallel()
	none := sink.Func(func(context.Context, []syslog.Log) error { return nil })
	logger, err := syslog.New(nil, &syslog.Config{Sinks: []syslog.SinkConfig{{Name: "b", Sink: none}, {Name: "a", Sink: none}}})
	require.NoError(t, err)
	defer logger.Close()
	logger.Info(t.Context(), "T", syslog.System(), "m")
	require.NoError(t, logger.Flush(t.Context()))
	require.Equal(t, "b", logger.Stats().FirstSink)

	samples := read(t, metrics.Handler(logger))
	addUp(t, samples, "a")
	addUp(t, samples, "b")
	require.Len(t, samples, 2*(1+len(syslog.Levels())), "and nothing else")
}

func TestASinkNamedStore(t *testing.T) {
	t.Parallel()
	none := sink.Func(func(context.Context, []syslog.Log) error { return nil })
	logger, _ := syslogtest.New(t, &syslog.Config{Sinks: []syslog.SinkConfig{{Name: "store", Sink: none, MinLevel: syslog.LevelError}}})
	logger.Info(t.Context(), "T", syslog.System(), "m")
	samples := read(t, metrics.Handler(logger))
	require.EqualValues(t, 1, samples[`{destination="store"}`]["produced"])
	require.EqualValues(t, 0, samples[`{destination="store_"}`]["produced"])
}

func TestSeveralLoggers(t *testing.T) {
	t.Parallel()
	audit, _ := syslogtest.New(t, nil)
	app, _ := syslogtest.New(t, nil)
	loggers := map[string]*syslog.Logger{"audit": audit, "": app, "gone": nil}
	h := metrics.HandlerFor(loggers)
	clear(loggers)
	audit.Info(t.Context(), "T", syslog.System(), "m")
	samples := read(t, h)
	require.EqualValues(t, 1, samples[`{destination="store",logger="audit"}`]["produced"])
	require.EqualValues(t, 0, samples[`{destination="store"}`]["produced"])
	require.Len(t, samples, 2*(1+len(syslog.Levels())))
}

func TestNoLogger(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"nil": metrics.Handler(nil), "none": metrics.HandlerFor(nil), "printing": metrics.Handler(syslog.Default()),
	} {
		rec := request(t, h, http.MethodGet)
		require.Equal(t, http.StatusOK, rec.Code, name)
		require.Empty(t, line.FindString(rec.Body.String()), name)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	logger, _ := syslogtest.New(t, nil)
	h := metrics.Handler(logger)
	get := request(t, h, http.MethodGet)
	require.Equal(t, "text/plain; version=0.0.4; charset=utf-8", get.Header().Get("Content-Type"))
	require.Equal(t, strconv.Itoa(get.Body.Len()), get.Header().Get("Content-Length"))

	head := request(t, h, http.MethodHead)
	require.Equal(t, http.StatusOK, head.Code)
	require.Equal(t, get.Header(), head.Header())
	require.Zero(t, head.Body.Len())

	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
		rec := request(t, h, method)
		require.Equal(t, http.StatusMethodNotAllowed, rec.Code, method)
		require.Equal(t, "GET, HEAD", rec.Header().Get("Allow"))
		body, err := io.ReadAll(rec.Body)
		require.NoError(t, err)
		require.NotContains(t, string(body), "syslog_")
	}
}

func TestOpenMetricsIsAskedFor(t *testing.T) {
	t.Parallel()
	const open = "application/openmetrics-text; version=1.0.0; charset=utf-8"
	const plain = "text/plain; version=0.0.4; charset=utf-8"
	logger, _ := syslogtest.New(t, nil)
	for accept, want := range map[string]string{
		"":                             plain,
		"*/*":                          plain,
		"application/openmetrics-text": open,
		"application/openmetrics-text;version=0.0.1":                                 plain,
		"application/openmetrics-text;version=1.0.0;q=0.5, text/plain;q=0.4":         open,
		"application/openmetrics-text;version=1.0.0;q=0.5, text/plain;q=0.6":         plain,
		"application/openmetrics-text;version=1.0.0;q=0":                             plain,
		"application/openmetrics-text;version=1.0.0;q=x;;, text/html":                plain,
		"text/html, application/OpenMetrics-Text; q=0.9; version=\"1.0.0\", */*;q=1": open,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.Header.Set("Accept", accept)
		rec := httptest.NewRecorder()
		metrics.Handler(logger).ServeHTTP(rec, r)
		require.Equal(t, want, rec.Header().Get("Content-Type"), accept)
		require.Equal(t, want == open, strings.HasSuffix(rec.Body.String(), "\n# EOF\n"), accept)
	}
}
