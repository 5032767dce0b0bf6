package admin

import (
	"context"
	"net/http"
	"net/url"

	"github.com/callastar/syslog"
)

// formPath is the path of the masked values that a form wants to see, without it all of them:
// it is sent, and stands in no address.
const formPath = "_path"

// revealPage serves POST logs/{id}: the page of an event, with masked values as they are.
// That somebody saw them is recorded first.
func (h *Handler) revealPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	if !isKind(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return failed(http.StatusUnsupportedMediaType, "form_type")
	}
	body, p := bodyOf(w, r)
	if p != nil {
		return p
	}
	v := &invalid{}
	form, err := url.ParseQuery(string(body))
	for name, values := range form {
		switch {
		case name != formPath:
			v.add(clip(name), "unknown")
		case len(values) > 1:
			v.add(name, "twice")
		}
	}
	if err != nil {
		v.add("body", "want_text")
	}
	if p := v.problem(); p != nil {
		return p
	}
	return h.showEntry(w, r, who, func(ctx context.Context, l syslog.Log) (syslog.Log, error) {
		path := form.Get(formPath)
		metadata, found := h.opts.Mask.except(l.Metadata, path)
		if !found && path != "" {
			v := &invalid{}
			v.add(formPath, "want_masked")
			return l, v.problem()
		}
		paths := []string{path}
		if path == "" {
			paths = h.opts.Mask.paths(l.Metadata)
		}
		l.Metadata = metadata
		return l, h.recordRevealed(ctx, who, l.ID, paths)
	})
}
