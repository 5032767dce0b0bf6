package admin

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// Handler serves the log. It may be used concurrently, and mounted several times.
type Handler struct {
	settled
	logger   *syslog.Logger
	opts     Options
	routes   []endpoint
	places   chan struct{} // of heavy reads
	exports  chan struct{} // places of exports, each of which takes one of the former now and then
	tails    chan struct{} // places of live tails
	testing  chan struct{} // the place of the test of an alert
	feed     *feed
	ended    context.Context // of live tails
	endTails context.CancelFunc
	now      func() time.Time
	cleaned  lastCleanup
	pace     pace
	open     sync.Once // the warning that everybody may
}

// New makes a handler for a logger, which stays the caller's. The error says what is
// wrong with the options: without Authorize there is no handler.
func New(logger *syslog.Logger, opts *Options) (*Handler, error) {
	if logger == nil {
		return nil, errors.New("admin: nil *syslog.Logger; make one with syslog.New")
	}
	o, settled, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Handler{logger: logger, opts: o, settled: settled, places: make(chan struct{}, o.HeavyQueries), exports: make(chan struct{}, maxExports), tails: make(chan struct{}, o.MaxTails), testing: make(chan struct{}, 1), now: time.Now}
	h.pace.before = newWrittenAt(h.now(), logger.Stats())
	h.pace.since = h.pace.before
	h.ended, h.endTails = context.WithCancel(context.Background())
	h.feed = &feed{logger: logger, every: max(0, o.TailInterval), limit: o.QueryTimeout, now: time.Now, warn: func(msg string, err error) {
		o.Logger.Warn(msg, "error", err)
	}}
	h.routes = h.endpoints()
	return h, nil
}

// maxQuery is the longest query of a page, in bytes: each of its links says it again.
const maxQuery = 16 << 10

// Register mounts the endpoints at their usual paths.
func (h *Handler) Register(mux *http.ServeMux) {
	for _, path := range []string{pathLogs, pathCron} {
		mux.Handle(path, h)
	}
	mux.Handle(pathLogs+"/", h)
	mux.Handle(pathPage, near(h))
	mux.Handle(pathPage+"/", http.StripPrefix(pathPage, h))
}

// ServeHTTP serves the paths below the prefix that http.StripPrefix has taken away.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	headers(w)
	err := h.serve(w, r)
	if err == nil {
		return
	}
	var p *problem
	if !errors.As(err, &p) {
		p = asProblem(r.Context(), err)
	}
	h.refuse(w, r, p)
}

// serve asks who it is before anything else: who may not ask does not learn what there is.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request) error {
	if r.URL.Path == pathCron {
		return h.cron(w, r)
	}
	who, refused := h.authorized(r)
	if refused != nil {
		return refused
	}
	if r.URL.Path == "" {
		return addSlash(w, r)
	}
	e := h.find(r)
	if e == nil {
		return failed(http.StatusNotFound, "not_found")
	}
	rt := e.method(r.Method)
	if rt == nil {
		return &problem{status: http.StatusMethodNotAllowed, key: "method", allow: e.allowed()}
	}
	if forPeople(r) && len(r.URL.RawQuery) > maxQuery {
		return failed(http.StatusRequestURITooLong, "query_long")
	}
	if err := h.protection.Check(r); err != nil {
		return failed(http.StatusForbidden, "cross_origin")
	}
	switch {
	case rt.changes && h.opts.ReadOnly:
		return failed(http.StatusForbidden, "read_only")
	case !who.Perms.Has(rt.perm):
		return &problem{status: http.StatusForbidden, key: "permission", details: []detail{{"permission", "needs", []any{strings.Join(rt.perm.names(), ", ")}}}}
	}
	if p := h.guessed(r, who); p != nil {
		return p
	}
	if rt.changes {
		unhurried(w)
	}
	return rt.serve(w, r, who)
}
