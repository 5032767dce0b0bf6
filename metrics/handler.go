package metrics

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/callastar/syslog"
)

// Handler serves the logger's counters at whatever path it is mounted: in
// Prometheus' text format 0.0.4, or as OpenMetrics 1.0 to who accepts that. It
// answers GET and HEAD, anything else with 405, and may be used concurrently,
// also after the logger was closed.
//
// It asks nobody who they are. A nil logger, and the one that prints to stderr
// while no default is set, have no samples.
func Handler(logger *syslog.Logger) http.Handler {
	return HandlerFor(map[string]*syslog.Logger{"": logger})
}

// HandlerFor is [Handler] for several loggers of one program. Each sample has the
// name of its logger in the label logger; that of the name "" has no such label.
// The map is copied.
func HandlerFor(loggers map[string]*syslog.Logger) http.Handler {
	var h handler
	names := labelValues{}
	for _, name := range slices.Sorted(maps.Keys(loggers)) {
		h = append(h, source{names.add(name), loggers[name]})
	}
	return h
}

// source is a logger, by the value of its label.
type source struct {
	name   string
	logger *syslog.Logger
}

type handler []source

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	snapshots := make([]snapshot, len(h))
	for i, s := range h {
		snapshots[i] = take(s.name, s.logger.Stats())
	}
	form := formatFor(r.Header)
	body := page(form, snapshots)
	w.Header().Set("Content-Type", form.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Header().Set("Vary", "Accept")
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // an error is the reader's, who is gone
	}
}
