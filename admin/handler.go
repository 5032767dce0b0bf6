package admin

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// The paths below the prefix at which a Handler is mounted.
const (
	pathLogs = "/api/admin/system-logs"
	pathCron = "/api/cron/cleanup-logs"
)

// Handler serves the log. It may be used concurrently, and mounted several times.
type Handler struct {
	logger     *syslog.Logger
	opts       Options
	protection *http.CrossOriginProtection
	routes     map[string][]route // by path
}

// route is what one method of a path does.
type route struct {
	method  string
	perm    Perm
	changes bool // the log
	serve   func(w http.ResponseWriter, r *http.Request, who Principal) error
}

// New makes a handler for a logger, which stays the caller's. The error says what is
// wrong with the options: without Authorize there is no handler.
func New(logger *syslog.Logger, opts *Options) (*Handler, error) {
	if logger == nil {
		return nil, errors.New("admin: nil *syslog.Logger; make one with syslog.New")
	}
	o, protection, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	h := &Handler{logger: logger, opts: o, protection: protection}
	h.routes = map[string][]route{
		pathLogs: {
			{http.MethodGet, PermView, false, h.list},
			{http.MethodDelete, PermDelete, true, h.remove},
		},
	}
	return h, nil
}

// Register mounts the endpoints at their usual paths.
func (h *Handler) Register(mux *http.ServeMux) {
	for _, path := range []string{pathLogs, pathCron} {
		mux.Handle(path, h)
	}
	mux.Handle(pathLogs+"/", h)
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
	path := r.URL.Path
	if path == pathCron {
		return h.cron(w, r)
	}
	who, refused := h.authorized(r)
	if refused != nil {
		return refused
	}
	routes := h.routes[path]
	if len(routes) == 0 {
		return failed(http.StatusNotFound, "not_found")
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	i := slices.IndexFunc(routes, func(rt route) bool { return rt.method == method })
	if i < 0 {
		return &problem{status: http.StatusMethodNotAllowed, key: "method", allow: allowed(routes)}
	}
	rt := routes[i]
	if err := h.protection.Check(r); err != nil {
		return failed(http.StatusForbidden, "cross_origin")
	}
	switch {
	case rt.changes && h.opts.ReadOnly:
		return failed(http.StatusForbidden, "read_only")
	case !who.Perms.Has(rt.perm):
		return failed(http.StatusForbidden, "permission")
	}
	return rt.serve(w, r, who)
}

// allowed is the header Allow.
func allowed(routes []route) string {
	var methods []string
	for _, rt := range routes {
		if methods = append(methods, rt.method); rt.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return strings.Join(methods, ", ")
}
