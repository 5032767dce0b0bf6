package admin

// Route is a route as tests see it.
type Route struct {
	Method, Path string
	Perm         Perm
	Changes      bool
}

// Routes are all but the scheduler's.
func Routes(h *Handler) (out []Route) {
	for _, e := range h.routes {
		for _, rt := range e.methods {
			out = append(out, Route{rt.method, e.path, rt.perm, rt.changes})
		}
	}
	return out
}
