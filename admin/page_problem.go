package admin

import (
	"net/http"
	"strconv"
)

// problemView is a page that says what is wrong.
type problemView struct {
	frame
	Status  string
	Message string
	Hint    string
	Details []string
	Retry   string // where to try again
}

// hints say what to do, by the key of a problem.
var hints = map[string]string{
	"unauthenticated": "problem.login",
	"forbidden":       "problem.forbidden",
	"permission":      "problem.permission",
	"not_found":       "problem.address",
	"no_event":        "problem.gone",
	"timeout":         "problem.narrow",
	"busy":            "problem.later",
	"unavailable":     "problem.later",
	"internal":        "problem.later",
}

// problemPage answers people with what is wrong. Who was not let in gets no assets, either:
// that page is plain text.
func (h *Handler) problemPage(w http.ResponseWriter, r *http.Request, p *problem) {
	v := problemView{frame: h.frame(r, Principal{}, "problem", "problem.title")}
	v.Bare = p.key == "unauthenticated" || p.key == "forbidden"
	v.fill(p)
	if !v.Bare && p.status >= http.StatusTooManyRequests {
		v.Retry = "?" + encode(r.URL.Query())
	}
	if p.key == "permission" {
		v.Home = ""
	}
	if err := h.show(w, r, p.status, "problem", "problem", v); err != nil {
		http.Error(w, v.Message, http.StatusInternalServerError)
	}
}

func (v *problemView) fill(p *problem) {
	c := v.voice
	v.Status, v.Message = strconv.Itoa(p.status), c.say(p.key)
	if hint := hints[p.key]; hint != "" {
		v.Hint = c.say(hint)
	}
	for _, d := range p.details {
		v.Details = append(v.Details, c.fault(d))
	}
	if p.status == http.StatusBadRequest && p.cause != nil {
		v.Details = append(v.Details, plainly(p.cause.Error()))
	}
}
