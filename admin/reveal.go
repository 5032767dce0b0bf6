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
	details := syslog.Metadata{"logId": l.ID, "paths": h.opts.Mask.paths(l.Metadata)}
	if who.Name != "" {
		details["adminName"] = who.Name
	}
	if err := h.record(ctx, syslog.Log{
		Type: "ADMIN_LOGS_REVEALED", Actor: syslog.ActorAdmin, ActorID: who.ID, Message: "Log " + l.ID + " revealed",
	}, details); err != nil {
		return &problem{status: http.StatusServiceUnavailable, key: "unrecorded", cause: err}
	}
	answer(w, http.StatusOK, revealed{true, l})
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
	metadata, paths := whole(metadata), []string{}
	seen := map[string]bool{}
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
			if path := pathOf(keys); !seen[path] {
				if len(paths) == maxPaths {
					return append(paths, "…")
				}
				seen[path] = true
				paths = append(paths, path)
			}
			t.value()
		}
	}
	return paths
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
