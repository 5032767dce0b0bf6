package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

type revealed struct {
	Success bool       `json:"success"`
	Log     syslog.Log `json:"log"`
}

// reveal serves POST …/{id}/reveal: one event as it is. That somebody saw it is recorded
// first, in the store: without the record there is no answer. A log that is read-only
// reveals, too, since nothing is added to it but that.
func (h *Handler) reveal(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return p
	}
	if p := noBody(w, r); p != nil {
		return p
	}
	ctx, cancel := h.limited(r.Context())
	defer cancel()
	l, err := h.logger.Get(ctx, r.PathValue("id"))
	if err != nil {
		return asProblem(ctx, err)
	}
	l.Metadata = whole(l.Metadata)
	if err := h.recordRevealed(ctx, who, l.ID, h.opts.Mask.paths(l.Metadata)); err != nil {
		return err
	}
	answer(w, http.StatusOK, revealed{true, l})
	return nil
}

// recordRevealed says who has seen what of an event, before they do.
func (h *Handler) recordRevealed(ctx context.Context, who Principal, id string, paths []string) error {
	details := syslog.Metadata{"logId": id, "paths": paths}
	who.sign(details)
	if err := h.record(ctx, syslog.Log{
		Type: "ADMIN_LOGS_REVEALED", Actor: syslog.ActorAdmin, ActorID: who.ID, Message: "Log " + id + " revealed",
	}, details); err != nil {
		return &problem{status: http.StatusServiceUnavailable, key: "unrecorded", cause: err}
	}
	return nil
}

// record stores an event that must be there. Where the log keeps none of its level, it is
// given the lowest one that it does.
func (h *Handler) record(ctx context.Context, l syslog.Log, details syslog.Metadata) (err error) {
	for _, l.Level = range syslog.Levels() {
		if err = h.logger.Commit(ctx, l, details); !errors.Is(err, syslog.ErrBelowMinLevel) {
			break
		}
	}
	return err
}

// Of the paths that were revealed a record names so many, by so many keys of each, and
// so much of a key.
const (
	maxPaths    = 100
	maxPathKeys = syslog.MaxMetadataPath
)

// paths are where metadata has values that are masked: keys with dots between, as a filter
// has them. Of a deep one the beginning is left out.
func (m Mask) paths(metadata json.RawMessage) []string {
	paths := []string{}
	seen := map[string]bool{}
	m.each(whole(metadata), func(path string, _ *tokens) bool {
		if seen[path] {
			return true
		}
		if len(paths) == maxPaths {
			paths = append(paths, "…")
			return false
		}
		seen[path] = true
		paths = append(paths, path)
		return true
	})
	return paths
}

// except is metadata as it is shown, but for the masked values at a path, or all of them
// for "". It reports whether there are any.
func (m Mask) except(metadata json.RawMessage, shown string) (out json.RawMessage, found bool) {
	metadata = whole(metadata)
	rest := splice{text: metadata}
	m.each(metadata, func(path string, t *tokens) bool {
		if shown == "" || path == shown {
			found = true
		} else {
			rest.replace(t.from, t.to, maskedJSON)
		}
		return true
	})
	return rest.result(), found
}

// each calls f with every value that is masked, and where it is, until f has enough.
func (m Mask) each(metadata json.RawMessage, f func(path string, t *tokens) bool) {
	var keys []string // of the objects that t is in; "" for a list
	for t := (tokens{text: metadata}); t.next(); {
		switch t.kind {
		case '{', '[':
			keys = append(keys, "")
		case '}', ']':
			keys = keys[:len(keys)-1]
		case tokenKey:
			keys[len(keys)-1] = clip(string(t.inner()))
			if !m.covers(&t) {
				continue
			}
			if t.value(); !f(pathOf(keys), &t) {
				return
			}
		}
	}
}

func pathOf(keys []string) string {
	var last []string
	for i := len(keys) - 1; i >= 0 && len(last) <= maxPathKeys; i-- {
		if keys[i] != "" {
			last = append(last, keys[i])
		}
	}
	if len(last) > maxPathKeys {
		last[maxPathKeys] = "…"
	}
	slices.Reverse(last)
	return strings.TrimSuffix(syslog.MetadataValue{Path: last}.String(), "=")
}
