package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// headers are those of every answer. What is in a log is nobody's to cache, frame or sniff.
func headers(w http.ResponseWriter) {
	set := w.Header().Set
	set("Cache-Control", "no-store")
	set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	set("Cross-Origin-Resource-Policy", "same-origin")
	set("Referrer-Policy", "same-origin")
	set("X-Content-Type-Options", "nosniff")
	set("X-Robots-Tag", "noindex")
	w.Header().Add("Vary", "Accept-Language")
}

// answer writes a JSON object.
func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil { // metadata that somebody else has put into the table
		status, text = http.StatusInternalServerError, []byte(`{"success":false,"error":"Internal error","details":[]}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // who has gone away does not hear it
}

type failure struct {
	Success bool   `json:"success"`
	Error   string `json:"error"`
	Code    string `json:"code"`
	// CurrentCount is how many events there are in place of those expected.
	CurrentCount *int64          `json:"currentCount,omitempty"`
	Details      []failureDetail `json:"details"`
}

type failureDetail struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// refuse writes what is wrong, to people as a page. The host's log gets what it is not for
// a client to know.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, p *problem) {
	h.note(w, r, p)
	if forPeople(r) {
		h.problemPage(w, r, p)
		return
	}
	lang, c := h.lang(r)
	w.Header().Set("Content-Language", lang)
	body := failure{Error: c.say(p.key), Code: p.key, Details: []failureDetail{}, CurrentCount: p.currentCount}
	for _, d := range p.details {
		body.Details = append(body.Details, failureDetail{d.field, d.message(c)})
	}
	if p.status == http.StatusBadRequest && p.cause != nil { // what the library says of a query
		body.Details = append(body.Details, failureDetail{Message: p.cause.Error()})
	}
	answer(w, p.status, body)
}

// note sets the headers of a problem, and tells the host's log.
func (h *Handler) note(w http.ResponseWriter, r *http.Request, p *problem) {
	gone := errors.Is(r.Context().Err(), context.Canceled) // or a host ends what it began
	if p.status >= http.StatusInternalServerError && p.cause != nil && !gone {
		h.opts.Logger.ErrorContext(r.Context(), "syslog/admin: request failed", "method", r.Method, "path", h.pattern(r), "status", p.status, "error", p.cause)
	}
	if p.allow != "" {
		w.Header().Set("Allow", p.allow)
	}
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
}
