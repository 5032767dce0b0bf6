package admin

import (
	"context"
	"net/http"

	"github.com/callastar/syslog"
)

// listing is the answer to a list.
type listing struct {
	Success    bool              `json:"success"`
	Logs       []syslog.Log      `json:"logs"`
	Pagination syslog.Pagination `json:"pagination"`
}

// list serves GET /api/admin/system-logs.
func (h *Handler) list(w http.ResponseWriter, r *http.Request, _ Principal) error {
	q, p := query(r.URL.RawQuery)
	if p != nil {
		return p
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.opts.QueryTimeout)
	defer cancel()
	page, err := h.logger.Query(ctx, q)
	if err != nil {
		return asProblem(ctx, err)
	}
	if page.Logs == nil {
		page.Logs = []syslog.Log{}
	}
	answer(w, http.StatusOK, listing{true, page.Logs, page.Pagination})
	return nil
}
