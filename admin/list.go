package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// listing is the answer to a list.
type listing struct {
	Success    bool         `json:"success"`
	Logs       []syslog.Log `json:"logs"`
	Pagination pagination   `json:"pagination"`
}

// pagination is where a page lies. PrevCursor leads to the one before.
type pagination struct {
	syslog.Pagination
	PrevCursor string `json:"prevCursor"`
	// AsOf is the moment of the first list: given with the next pages, it keeps out what
	// came since.
	AsOf string `json:"asOf"`
}

// list serves GET /api/admin/system-logs.
func (h *Handler) list(w http.ResponseWriter, r *http.Request, _ Principal) error {
	now := h.now()
	q, asOf, p := listQuery(r.URL.RawQuery, now)
	if p != nil {
		return p
	}
	page, err := h.page(r.Context(), q)
	if err != nil {
		return err
	}
	page.Pagination.AsOf = asOf
	answer(w, http.StatusOK, page)
	return nil
}

// paging are the parameters of a list beside what chooses events.
var paging = []string{"limit", "page", "offset", "cursor", "orderBy", "count"}

// listQuery reads the parameters of a list.
func listQuery(raw string, now time.Time) (q syslog.Query, asOf string, p *problem) {
	g := read(raw, with(paging...)...)
	s := g.selection()
	q.Filter = s.filter(g.v, now)
	if digits := g.get("limit"); digits != "" && strings.Trim(digits, "0123456789") == "" && strings.Trim(digits, "0") != "" {
		g.values.Set("limit", min500(digits))
	}
	q.Limit, q.Page, q.Offset = g.number("limit", 1, syslog.MaxLimit, 0), g.number("page", 1, maxPage, 0), g.number("offset", 0, maxOffset, 0)
	q.Cursor, q.Order, q.Count = g.get("cursor"), g.order(), g.count()
	switch {
	case q.Cursor != "" && (q.Page > 0 || q.Offset > 0):
		g.v.add("cursor", "alone", "page, offset")
	case q.Page > 0 && q.Offset > 0:
		g.v.add("page", "alone", "offset")
	}
	if asOf = s.AsOf; asOf == "" {
		asOf = now.UTC().Format(milliseconds)
	}
	return q, asOf, g.v.problem()
}

// milliseconds is the form of an asOf: one that does not show them would be the whole second.
const milliseconds = "2006-01-02T15:04:05.000Z07:00"

// precise is the form of times in answers, as those of events.
const precise = "2006-01-02T15:04:05.999Z07:00"

// How far a page may lie behind the first one.
const (
	maxOffset = 1 << 53
	maxPage   = maxOffset / syslog.MaxLimit
)

// min500 is a limit above the largest one as that: the only number that is corrected.
func min500(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); len(digits) > 3 || len(digits) == 3 && digits > "500" {
		return "500"
	}
	return digits
}

// back marks a cursor that leads to the page before.
const back = "prev."

// page reads a page, also the one before a cursor: then it reads in the other order, and
// turns what it has read around.
func (h *Handler) page(parent context.Context, q syslog.Query) (out listing, err error) {
	ctx, cancel := h.limited(parent)
	defer cancel()
	cursor, before := strings.CutPrefix(q.Cursor, back)
	asked := q
	if before {
		asked.Cursor, asked.Order = cursor, other(q.Order)
	}
	page, err := h.logger.Query(ctx, asked)
	if err != nil {
		return out, asProblem(ctx, err)
	}
	out = listing{true, h.shownAll(page.Logs), pagination{Pagination: page.Pagination}}
	p := &out.Pagination
	if before {
		slices.Reverse(out.Logs)
		earlier := p.HasMore
		p.Offset = max(0, p.Offset-len(out.Logs))
		if !earlier {
			p.Offset = 0
		}
		p.CurrentPage = p.Offset/p.Limit + 1
		p.HasMore, p.NextCursor = len(out.Logs) > 0, ""
		if p.HasMore {
			p.NextCursor = position(out.Logs[len(out.Logs)-1], p.Offset+len(out.Logs)).Cursor(q.Order)
		}
		if !earlier {
			return out, nil
		}
	}
	if p.Offset > 0 && len(out.Logs) > 0 {
		p.PrevCursor = back + position(out.Logs[0], p.Offset).Cursor(other(q.Order))
	}
	return out, nil
}

func position(l syslog.Log, rows int) syslog.Position {
	return syslog.Position{CreatedAt: l.CreatedAt, ID: l.ID, Rows: rows}
}

func other(o syslog.Order) syslog.Order {
	if o == syslog.Asc {
		return syslog.Desc
	}
	return syslog.Asc
}
