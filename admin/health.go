package admin

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// health is the answer about the log itself, and about who asks.
type health struct {
	Success  bool         `json:"success"`
	Healthy  bool         `json:"healthy"`
	Problems []trouble    `json:"problems"`
	Pipeline syslog.Stats `json:"pipeline"`
	// LastCleanup is the newest record of a cleanup, null if there is none.
	LastCleanup *syslog.Log `json:"lastCleanup"`
	// StorageBytes is what the events take with their indexes, null where nobody can tell.
	StorageBytes *int64 `json:"storageBytes"`
	// Indexes are those of the events, null where nobody can tell.
	Indexes []syslog.Index `json:"indexes"`
	// Retention is how many seconds events are kept by level, null for ever.
	Retention    map[string]*int64 `json:"retention"`
	Capabilities map[string]bool   `json:"capabilities"`
	ReadOnly     bool              `json:"readOnly"`
	Principal    caller            `json:"principal"`
}

type trouble struct {
	Destination string `json:"destination"`
	Text        string `json:"text"`
	ForMs       int64  `json:"forMs"`
}

type caller struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Permissions []string `json:"permissions"`
}

// pingTime is how long the store may take to say that it is there.
const pingTime = 2 * time.Second

// health serves GET …/health. It is 200 also where the log is not well: the page that
// shows it is.
func (h *Handler) health(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return p
	}
	out := health{
		Success: true, Pipeline: h.logger.Stats(), Retention: map[string]*int64{}, ReadOnly: h.opts.ReadOnly,
		Principal: caller{who.ID, who.Name, who.Perms.names()},
	}
	ctx, cancel := context.WithTimeout(r.Context(), pingTime)
	defer cancel()
	out.Problems = h.troubles(ctx)
	out.Healthy = len(out.Problems) == 0
	for _, level := range syslog.Levels() {
		out.Retention[level.String()] = nil
		if age, finite := h.logger.Retention().Age(level); finite {
			seconds := int64(age / time.Second)
			out.Retention[level.String()] = &seconds
		}
	}
	if last := h.cleaned.get(ctx, h); last != nil {
		l := h.shown(*last)
		out.LastCleanup = &l
	}
	if size, err := h.logger.Size(ctx); err == nil {
		out.StorageBytes = &size
	}
	if all, err := h.logger.Indexes(ctx); err == nil {
		out.Indexes = all
	}
	out.Capabilities = h.capabilities()
	answer(w, http.StatusOK, out)
	return nil
}

// troubles are the reasons for which the log is not well: none if it is.
func (h *Handler) troubles(ctx context.Context) []trouble {
	out := []trouble{}
	for _, p := range h.problems(ctx) {
		out = append(out, trouble{p.Destination, p.Text, p.For.Milliseconds()})
	}
	return out
}

// problemClosed is about a logger that takes nothing any more.
const problemClosed syslog.ProblemKind = "closed"

func (h *Handler) problems(ctx context.Context) []syslog.Problem {
	err := h.logger.Healthy(ctx)
	var unwell *syslog.HealthError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unwell):
		return unwell.Problems
	case errors.Is(err, syslog.ErrClosed):
		return []syslog.Problem{{Destination: "store", Text: err.Error(), Kind: problemClosed}}
	}
	return []syslog.Problem{{Destination: "store", Text: err.Error(), Kind: syslog.ProblemUnreachable, Cause: err.Error()}}
}

// capabilities are what the store can do beside lists.
func (h *Handler) capabilities() map[string]bool {
	ended, cancel := context.WithCancel(context.Background())
	cancel() // it is asked what it can, not to do it
	_, noGet := h.logger.Get(ended, "-")
	_, noFacets := h.logger.Facets(ended, syslog.Filter{}, syslog.FacetQuery{Field: syslog.FieldLevel})
	_, noAnonymize := h.logger.Anonymize(ended, syslog.Filter{}, nil) // of nobody
	has := func(err error) bool {
		return !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syslog.ErrNoStore)
	}
	return map[string]bool{"get": has(noGet), "histogram": has(noFacets), "facets": has(noFacets), "anonymize": has(noAnonymize)}
}

// lastCleanup remembers the newest cleanup for a while: finding that there is none means
// to look through the whole log.
type lastCleanup struct {
	mu    sync.Mutex
	at    time.Time // of the look
	done  time.Time // of the last cleanup here
	found *syslog.Log
}

// cleanupNews is how old that memory may be.
const cleanupNews = 30 * time.Second

func (c *lastCleanup) get(ctx context.Context, h *Handler) *syslog.Log {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.at) < cleanupNews && c.at.Sub(c.done) > cleanupNews {
		return c.found
	}
	page, err := h.logger.Query(ctx, syslog.Query{
		Filter: syslog.Filter{Type: cleanupType, Actors: []syslog.LogActor{syslog.ActorSystem}}, Limit: 1, Count: syslog.CountNone,
	})
	c.at = time.Now() // also where it failed: it is not tried with every request
	if err != nil {
		return c.found
	}
	if c.found = nil; len(page.Logs) > 0 {
		c.found = &page.Logs[0]
	}
	return c.found
}

// forget has the next ones look again: the record of a cleanup is on its way.
func (c *lastCleanup) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = time.Now()
}

// permNames are the names of permissions in answers.
var permNames = []struct {
	perm Perm
	name string
}{
	{PermView, "view"}, {PermExport, "export"}, {PermDelete, "delete"},
	{PermCleanup, "cleanup"}, {PermReveal, "reveal"}, {PermErase, "erase"},
}

func (p Perm) names() []string {
	out := []string{}
	for _, n := range permNames {
		if p.Has(n.perm) {
			out = append(out, n.name)
		}
	}
	return out
}
