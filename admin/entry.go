package admin

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// entry is the answer about one event.
type entry struct {
	Success bool       `json:"success"`
	Log     syslog.Log `json:"log"`
	// ExpiresAt is when a cleanup may delete it, null for never.
	ExpiresAt *time.Time `json:"expiresAt"`
	// Neighbours are those before and behind it in the list of the same parameters.
	Neighbours neighbours `json:"neighbours"`
}

type neighbours struct {
	Previous *string `json:"previous"`
	Next     *string `json:"next"`
}

// entry serves GET /api/admin/system-logs/{id}.
func (h *Handler) entry(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, with("orderBy")...)
	s := g.selection()
	f, order := s.filter(g.v, h.now()), g.order()
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, cancel := h.limited(r.Context())
	defer cancel()
	l, err := h.logger.Get(ctx, r.PathValue("id"))
	if err != nil {
		return asProblem(ctx, err)
	}
	out := entry{Success: true, Log: h.shown(l), ExpiresAt: h.expiry(l)}
	if out.Neighbours.Previous, err = h.neighbour(ctx, f, l, other(order)); err == nil {
		out.Neighbours.Next, err = h.neighbour(ctx, f, l, order)
	}
	if err != nil {
		return asProblem(ctx, err)
	}
	answer(w, http.StatusOK, out)
	return nil
}

// expiry is when the retention policy gives an event up.
func (h *Handler) expiry(l syslog.Log) *time.Time {
	age, finite := h.logger.Retention().Age(l.Level)
	if !finite {
		return nil
	}
	at := l.CreatedAt.Add(age)
	return &at
}

// neighbour is the id of the event behind another.
func (h *Handler) neighbour(ctx context.Context, f syslog.Filter, l syslog.Log, o syslog.Order) (*string, error) {
	page, err := h.logger.Query(ctx, syslog.Query{Filter: f, Order: o, Limit: 1, Count: syslog.CountNone, Cursor: position(l, 0).Cursor(o)})
	if err != nil || len(page.Logs) == 0 {
		return nil, err
	}
	return &page.Logs[0].ID, nil
}

// surroundings are the events around one, oldest first.
type surroundings struct {
	Success bool         `json:"success"`
	Before  []syslog.Log `json:"before"`
	Log     syslog.Log   `json:"log"`
	After   []syslog.Log `json:"after"`
}

// mostAround is how many events each side of a context may have.
const mostAround = 50

// context serves GET /api/admin/system-logs/{id}/context: what happened before and after,
// to everybody, to the same actor, or of the same type.
func (h *Handler) context(w http.ResponseWriter, r *http.Request, _ Principal) error {
	g := read(r.URL.RawQuery, "before", "after", "scope")
	before, after, scope := g.number("before", 0, mostAround, 5), g.number("after", 0, mostAround, 5), g.get("scope")
	if !slices.Contains([]string{"", "all", "actor", "type"}, scope) {
		g.v.add("scope", "want_scope")
	}
	if p := g.v.problem(); p != nil {
		return p
	}
	ctx, cancel := h.limited(r.Context())
	defer cancel()
	l, err := h.logger.Get(ctx, r.PathValue("id"))
	if err != nil {
		return asProblem(ctx, err)
	}
	out := surroundings{Success: true, Log: h.shown(l)}
	if out.Before, err = h.around(ctx, l, scoped(l, scope), syslog.Desc, before); err == nil {
		out.After, err = h.around(ctx, l, scoped(l, scope), syslog.Asc, after)
	}
	if err != nil {
		return asProblem(ctx, err)
	}
	slices.Reverse(out.Before)
	out.Before, out.After = h.shownAll(out.Before), h.shownAll(out.After)
	answer(w, http.StatusOK, out)
	return nil
}

// scoped are the events that have something in common with one.
func scoped(l syslog.Log, scope string) (f syslog.Filter) {
	switch {
	case scope == "type":
		f.Type = l.Type
	case scope == "actor" && l.ActorID != "":
		f.Actors, f.ActorID = []syslog.LogActor{l.Actor}, l.ActorID
	case scope == "actor":
		f.Actors = []syslog.LogActor{l.Actor}
	}
	return f
}

// around reads up to n events behind one, in an order. A filter's type is a part of the
// text: those that only have it within are passed over.
func (h *Handler) around(ctx context.Context, l syslog.Log, f syslog.Filter, o syslog.Order, n int) ([]syslog.Log, error) {
	found, cursor := []syslog.Log{}, position(l, 0).Cursor(o)
	for len(found) < n {
		page, err := h.logger.Query(ctx, syslog.Query{Filter: f, Order: o, Limit: max(n, samples), Count: syslog.CountNone, Cursor: cursor})
		if err != nil {
			return nil, err
		}
		for _, other := range page.Logs {
			if len(found) < n && (f.Type == "" || other.Type == l.Type) {
				found = append(found, other)
			}
		}
		if cursor = page.Pagination.NextCursor; cursor == "" {
			break
		}
	}
	return found, nil
}
