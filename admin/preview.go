package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

// previewed is what a deletion would delete.
type previewed struct {
	Success bool               `json:"success"`
	Count   int64              `json:"count"`
	ByLevel syslog.LevelCounts `json:"byLevel"`
	// Oldest and Newest are when the first and the last of them happened, null if there
	// are none; From and To is the period that was asked for, both inclusive.
	Oldest *time.Time   `json:"oldest"`
	Newest *time.Time   `json:"newest"`
	From   *time.Time   `json:"from"`
	To     *time.Time   `json:"to"`
	Sample []syslog.Log `json:"sample"`
	AsOf   string       `json:"asOf"`
}

// samples is how many events a preview shows.
const samples = 5

// preview serves POST …/delete-preview, with the body of a deletion. Its asOf and count,
// given with the deletion, have that delete just these.
func (h *Handler) preview(w http.ResponseWriter, r *http.Request, who Principal) error {
	body, f, err := h.readRemoval(w, r, who)
	if err != nil {
		return err
	}
	return h.answerPreview(w, r, f, body.AsOf)
}

func (h *Handler) answerPreview(w http.ResponseWriter, r *http.Request, f syslog.Filter, asOf string) error {
	out, err := h.foresee(r.Context(), f, asOf)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, out)
	return nil
}

// foresee is what f chooses up to asOf, which is in it already; "" is now.
func (h *Handler) foresee(parent context.Context, f syslog.Filter, asOf string) (out previewed, err error) {
	if asOf == "" {
		now := time.UnixMilli(h.now().UnixMilli()).UTC()
		if asOf = now.Format(milliseconds); f.To.IsZero() || f.To.After(now) {
			f.To = now
		}
	}
	h.settleSoon(parent)
	ctx, done, err := h.heavily(parent)
	if err != nil {
		return out, err
	}
	defer done()
	out = previewed{Success: true, AsOf: asOf, From: moment(f.From), To: moment(f.To), Sample: []syslog.Log{}}
	if !f.From.IsZero() && f.From.After(f.To) { // all of it lies in the future
		return out, nil
	}
	page, err := h.logger.Query(ctx, syslog.Query{Filter: f, Limit: samples})
	if err != nil {
		return out, asProblem(ctx, err)
	}
	out.Count, out.Sample = page.Pagination.TotalCount, h.shownAll(page.Logs)
	if out.ByLevel, err = h.levels(ctx, f); err != nil {
		return out, asProblem(ctx, err)
	}
	if out.Oldest, out.Newest, err = h.bounds(ctx, f); err != nil {
		return out, asProblem(ctx, err)
	}
	return out, nil
}

// settleSoon gives events that are on their way a moment to be stored: the count of a preview
// without them would be another one when its deletion comes, which would then be refused. What
// takes longer is left to that refusal.
func (h *Handler) settleSoon(parent context.Context) {
	ctx, cancel := context.WithTimeout(parent, settling)
	defer cancel()
	_ = h.flush(ctx)
}

// settling is long for a store that is well, and short for somebody who waits.
const settling = 500 * time.Millisecond

// moment is a time, or null.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
