package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// The paths below the prefix at which a Handler is mounted.
const (
	pathLogs = "/api/admin/system-logs"
	pathCron = "/api/cron/cleanup-logs"
)

// endpoint is a path and what its methods do. {id} stands for one segment.
type endpoint struct {
	path    string
	methods []route
}

// route is what one method of a path does.
type route struct {
	method  string
	perm    Perm
	changes bool // the log
	serve   func(w http.ResponseWriter, r *http.Request, who Principal) error
}

// endpoints are all but the scheduler's. A path that is spelled out wins over {id}.
func (h *Handler) endpoints() []endpoint {
	get := func(path string, perm Perm, serve func(http.ResponseWriter, *http.Request, Principal) error) endpoint {
		return endpoint{pathLogs + path, []route{{http.MethodGet, perm, false, serve}}}
	}
	return append(h.pages(), []endpoint{
		{pathLogs, []route{
			{http.MethodGet, PermView, false, h.list},
			{http.MethodDelete, PermDelete, true, h.remove},
		}},
		get("/count", PermView, h.count),
		get("/stats", PermView, h.stats),
		get("/histogram", PermView, h.histogram),
		get("/facets", PermView, h.facets),
		get("/suggest", PermView, h.suggest),
		get("/health", PermView, h.health),
		get("/tail", PermView, h.tail),
		get("/openapi.json", PermView, h.openapi),
		get("/export", PermExport, h.export),
		{pathLogs + "/delete-preview", []route{{http.MethodPost, PermDelete, false, h.preview}}},
		{pathLogs + "/cleanup", []route{{http.MethodPost, PermCleanup, true, h.cleanup}}},
		get("/{id}", PermView, h.entry),
		get("/{id}/context", PermView, h.context),
		{pathLogs + "/{id}/reveal", []route{{http.MethodPost, PermReveal, false, h.reveal}}},
		{pathLogs + "/actors/{actorId}/erase-preview", []route{{http.MethodPost, PermErase, false, h.erasePreview}}},
		{pathLogs + "/actors/{actorId}/erase", []route{{http.MethodPost, PermErase, true, h.erase}}},
	}...)
}

// find is the endpoint of a path, whose variable segments it leaves as path values.
func (h *Handler) find(r *http.Request) *endpoint {
	segments := strings.Split(r.URL.EscapedPath(), "/") // an id may have a slash
	for i := range segments {
		plain, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil
		}
		segments[i] = plain
	}
	for i := range h.routes {
		e := &h.routes[i]
		pattern := strings.Split(e.path, "/")
		if len(pattern) != len(segments) {
			continue
		}
		differs := false
		for j, want := range pattern {
			variable := strings.HasPrefix(want, "{")
			differs = differs || !variable && want != segments[j] || variable && segments[j] == ""
		}
		if differs {
			continue
		}
		for j, want := range pattern {
			if strings.HasPrefix(want, "{") {
				r.SetPathValue(strings.Trim(want, "{}"), segments[j])
			}
		}
		return e
	}
	return nil
}

// withinSite refuses what another site has a browser ask for: an export is recorded, and
// costs something, although it changes nothing.
func withinSite(r *http.Request) *problem {
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" {
		return failed(http.StatusForbidden, "cross_origin")
	}
	return nil
}

// pattern is the path of a request for the host's log, which has no id of an actor in it.
func (h *Handler) pattern(r *http.Request) string {
	if e := h.find(r); e != nil {
		return e.path
	}
	return r.URL.Path
}

// method is what a request of an endpoint asks for, or nil.
func (e *endpoint) method(name string) *route {
	if name == http.MethodHead {
		name = http.MethodGet // net/http leaves the body out
	}
	i := slices.IndexFunc(e.methods, func(rt route) bool { return rt.method == name })
	if i < 0 {
		return nil
	}
	return &e.methods[i]
}

// allowed is the header Allow.
func (e *endpoint) allowed() string {
	var methods []string
	for _, rt := range e.methods {
		if methods = append(methods, rt.method); rt.method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	return strings.Join(methods, ", ")
}
