package admin

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

// The kinds of deletion.
const (
	byDates   = "dateRange"
	byFilters = "filters"
)

// removal is the body of a deletion, and of its preview.
type removal struct {
	DeleteType string  `json:"deleteType"`
	StartDate  string  `json:"startDate"`
	EndDate    string  `json:"endDate"`
	Level      list    `json:"level"`
	MinLevel   string  `json:"minLevel"`
	Type       string  `json:"type"`
	Actor      list    `json:"actor"`
	ActorID    string  `json:"actorId"`
	Search     string  `json:"search"`
	TZ         string  `json:"tz"`
	NotLevel   texts   `json:"notLevel"`
	NotActor   texts   `json:"notActor"`
	NotType    texts   `json:"notType"`
	NotActorID texts   `json:"notActorId"`
	NotSearch  texts   `json:"notSearch"`
	Meta       scalars `json:"meta"`
	NotMeta    scalars `json:"notMeta"`
	// AsOf spares what came after a preview, and ExpectedCount is what it counted: another
	// number deletes nothing.
	AsOf          string `json:"asOf"`
	ExpectedCount *int64 `json:"expectedCount"`
}

// filter reads it: all that is given holds, whatever the kind of deletion.
func (b *removal) filter(now time.Time) (f syslog.Filter, p *problem) {
	v := &invalid{}
	if b.ExpectedCount != nil && *b.ExpectedCount < 0 {
		v.add("expectedCount", "want_number", 0)
	}
	s := selection{
		Level: string(b.Level), MinLevel: b.MinLevel, Actor: string(b.Actor), Type: b.Type, ActorID: b.ActorID, Search: b.Search,
		StartDate: b.StartDate, EndDate: b.EndDate, TZ: b.TZ, AsOf: b.AsOf,
		NotLevel: b.NotLevel, NotActor: b.NotActor, NotType: b.NotType, NotActorID: b.NotActorID, NotSearch: b.NotSearch,
		Meta: b.Meta.conditions("meta", v), NotMeta: b.NotMeta.conditions("notMeta", v),
	}
	return s.removal(b.DeleteType, v, now)
}

// removal is what a deletion of a kind chooses.
func (s selection) removal(kind string, v *invalid, now time.Time) (f syslog.Filter, p *problem) {
	switch kind {
	case byFilters:
	case byDates:
		if s.StartDate == "" {
			v.add("startDate", "want_both_dates")
		}
		if s.EndDate == "" {
			v.add("endDate", "want_both_dates")
		}
	default:
		v.add("deleteType", "want_delete_type")
	}
	asOf := s.AsOf
	s.AsOf = "" // is no filter: alone it would choose everything
	f = s.filter(v, now)
	if p := v.problem(); p != nil {
		return f, p
	}
	if f.IsZero() {
		return f, failed(http.StatusBadRequest, "empty_filter")
	}
	s.AsOf = asOf
	f = s.filter(v, now)
	return f, v.problem()
}

// readRemoval reads the request of a deletion. A filter in its query would not be one of
// the deletion.
func (h *Handler) readRemoval(w http.ResponseWriter, r *http.Request, who Principal) (body removal, f syslog.Filter, err error) {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return body, f, p
	}
	if p := readBody(w, r, &body); p != nil {
		return body, f, p
	}
	f, p := body.filter(h.now())
	if p != nil {
		return body, f, p
	}
	if p := h.guesses(who, body.guessed()...); p != nil {
		return body, f, p
	}
	return body, f, nil
}

// unchanged refuses what was meant for another number of events; nil is any.
func (h *Handler) unchanged(ctx context.Context, f syslog.Filter, expected *int64) error {
	if expected == nil {
		return nil
	}
	n, err := h.total(ctx, f, syslog.CountExact)
	if err == nil && n.TotalCount != *expected {
		return &problem{status: http.StatusConflict, key: "changed", currentCount: &n.TotalCount}
	}
	return err
}

type removed struct {
	Success      bool   `json:"success"`
	DeletedCount int64  `json:"deletedCount"`
	Message      string `json:"message"`
}

// remove serves DELETE /api/admin/system-logs. The deletion itself is an event, also one
// that was cut short.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request, who Principal) error {
	body, f, err := h.readRemoval(w, r, who)
	if err != nil {
		return err
	}
	if err := h.unchanged(r.Context(), f, body.ExpectedCount); err != nil {
		return err
	}
	n, _, err := h.removeAll(r, who, f, body.DeleteType)
	if err != nil {
		return err
	}
	lang, c := h.lang(r)
	w.Header().Set("Content-Language", lang)
	answer(w, http.StatusOK, removed{true, n, c.say("deleted", n)})
	return nil
}

// removeAll deletes what f chooses, and returns the id of the record as well.
func (h *Handler) removeAll(r *http.Request, who Principal, f syslog.Filter, kind string) (n int64, id string, err error) {
	n, err = h.logger.Delete(r.Context(), f)
	if err == nil || n > 0 {
		details := syslog.Metadata{"deleteType": kind, "deletedCount": n}
		id = h.audit(r, who, "LOGS_DELETED", fmt.Sprintf("%d log(s) deleted", n), f, details, err)
	}
	if err != nil {
		err = asProblem(r.Context(), err)
	}
	return n, id, err
}
