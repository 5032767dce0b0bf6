package admin

import (
	"errors"
	"net/http"
)

// Perm is what somebody may do; several are added up by |.
type Perm uint32

// The permissions.
const (
	PermView    Perm = 1 << iota // list and read events
	PermExport                   // take all matches away as a file
	PermDelete                   // delete events
	PermCleanup                  // clean up by the retention policy
	PermReveal                   // see values that are masked
	PermErase                    // erase what is known of an actor

	PermAll = PermView | PermExport | PermDelete | PermCleanup | PermReveal | PermErase
)

// Has reports whether p has all of these permissions.
func (p Perm) Has(all Perm) bool { return p&all == all }

// Principal is who asks. The zero Principal may do nothing.
type Principal struct {
	ID    string // stands as the actor of what is done
	Name  string // is shown to people
	Perms Perm

	everybody bool // nobody was asked
}

// AllowUnauthenticated is an Options.Authorize that lets whoever reaches the handler do
// what perms say, without a name: for a handler that only listens where nobody else can
// get. Behind a proxy every request looks local. The handler warns of it, once.
func AllowUnauthenticated(perms Perm) func(*http.Request) (Principal, error) {
	return func(*http.Request) (Principal, error) { return Principal{Perms: perms, everybody: true}, nil }
}

// ErrUnauthenticated is what Options.Authorize returns, or wraps, for somebody who has
// not logged in: the answer is 401. Every other error is 403.
var ErrUnauthenticated = errors.New("admin: not authenticated")

// authorized is who asks, or an answer that says why not. An Authorize that panics
// has not said yes.
func (h *Handler) authorized(r *http.Request) (p Principal, refused *problem) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler { //nolint:errorlint // it is compared so by net/http
				panic(v)
			}
			h.opts.Logger.ErrorContext(r.Context(), "syslog/admin: Options.Authorize panicked", "panic", v)
			refused = failed(http.StatusForbidden, "forbidden")
		}
	}()
	p, err := h.opts.Authorize(r)
	switch {
	case errors.Is(err, ErrUnauthenticated):
		return p, failed(http.StatusUnauthorized, "unauthenticated")
	case err != nil:
		return p, failed(http.StatusForbidden, "forbidden")
	}
	if p.everybody {
		h.open.Do(func() {
			h.opts.Logger.WarnContext(r.Context(), "syslog/admin: AllowUnauthenticated: whoever reaches this handler may use it", "permissions", p.Perms.names())
		})
	}
	return p, nil
}
