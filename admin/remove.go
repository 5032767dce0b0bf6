package admin

import (
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

// removal is the body of a deletion.
type removal struct {
	DeleteType string `json:"deleteType"`
	StartDate  string `json:"startDate"`
	EndDate    string `json:"endDate"`
	Level      list   `json:"level"`
	Type       string `json:"type"`
	Actor      list   `json:"actor"`
	ActorID    string `json:"actorId"`
	Search     string `json:"search"`
	TZ         string `json:"tz"`
}

// filter reads it: all that is given holds, whatever the kind of deletion.
func (b *removal) filter() (f syslog.Filter, p *problem) {
	v := &invalid{}
	switch b.DeleteType {
	case byFilters:
	case byDates:
		if b.StartDate == "" {
			v.add("startDate", "want_both_dates")
		}
		if b.EndDate == "" {
			v.add("endDate", "want_both_dates")
		}
	default:
		v.add("deleteType", "want_delete_type")
	}
	all := fields{string(b.Level), string(b.Actor), b.Type, b.ActorID, b.Search, b.StartDate, b.EndDate, b.TZ}
	f = all.filter(v)
	if p := v.problem(); p != nil {
		return f, p
	}
	if f.IsZero() {
		return f, failed(http.StatusBadRequest, "empty_filter")
	}
	return f, nil
}

type removed struct {
	Success      bool   `json:"success"`
	DeletedCount int64  `json:"deletedCount"`
	Message      string `json:"message"`
}

// remove serves DELETE /api/admin/system-logs. The deletion itself is an event, also one
// that was cut short.
func (h *Handler) remove(w http.ResponseWriter, r *http.Request, who Principal) error {
	v := &invalid{}
	if parameters(r.URL.RawQuery, v); v.problem() != nil {
		return v.problem() // a filter in the query would not be one of the deletion
	}
	var body removal
	if p := readBody(w, r, &body); p != nil {
		return p
	}
	f, p := body.filter()
	if p != nil {
		return p
	}
	n, err := h.logger.Delete(r.Context(), f)
	if err == nil || n > 0 {
		h.audit(r, who, f, body.DeleteType, n, err)
	}
	if err != nil {
		return asProblem(r.Context(), err)
	}
	lang, c := h.lang(r)
	w.Header().Set("Content-Language", lang)
	answer(w, http.StatusOK, removed{true, n, c.say("deleted", n)})
	return nil
}

// audit records who deleted what.
func (h *Handler) audit(r *http.Request, who Principal, f syslog.Filter, kind string, n int64, err error) {
	filter := syslog.Metadata{}
	add := func(name string, value any, given bool) {
		if given {
			filter[name] = value
		}
	}
	add("level", f.Levels, len(f.Levels) > 0)
	add("actor", f.Actors, len(f.Actors) > 0)
	add("type", f.Type, f.Type != "")
	add("actorId", f.ActorID, f.ActorID != "")
	add("search", f.Search, f.Search != "")
	add("startDate", f.From.Format(time.RFC3339Nano), !f.From.IsZero())
	add("endDate", f.To.Format(time.RFC3339Nano), !f.To.IsZero())
	details := syslog.Metadata{"deleteType": kind, "deletedCount": n, "filter": filter}
	if who.Name != "" {
		details["adminName"] = who.Name
	}
	if err != nil {
		details["error"] = err.Error()
	}
	h.logger.AdminAction(r.Context(), "LOGS_DELETED", who.ID, fmt.Sprintf("%d log(s) deleted", n), details)
}
