package admin

import (
	"context"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

// audit records what somebody did to some events: an event of its own, by the logger
// that it is about, whose id it returns.
func (h *Handler) audit(r *http.Request, who Principal, action, message string, f syslog.Filter, details syslog.Metadata, err error) string {
	details["filter"] = described(h.opts.Mask.unsaid(f))
	who.sign(details)
	if err != nil {
		details["error"] = err.Error()
	}
	return h.tell(r.Context(), syslog.Log{Type: auditPrefix + action, Actor: syslog.ActorAdmin, ActorID: who.ID, Message: message}, details)
}

// sign adds to a record what its actor is called.
func (p Principal) sign(details syslog.Metadata) {
	if p.Name != "" {
		details["adminName"] = p.Name
	}
}

// auditPrefix is what the types of audited actions begin with.
const auditPrefix = "ADMIN_"

// tell stores the record of what has been done, and returns its id. Where it cannot be stored
// the host's log says so: what is done cannot be undone.
func (h *Handler) tell(parent context.Context, l syslog.Log, details syslog.Metadata) string {
	ctx, cancel := h.limited(context.WithoutCancel(parent))
	defer cancel()
	l.ID = syslog.Normalize(syslog.Log{}).ID
	if err := h.record(ctx, l, details); err != nil {
		h.opts.Logger.ErrorContext(ctx, "syslog/admin: what was done is not recorded, or not known to be", "type", l.Type, "actorId", l.ActorID, "error", err)
	}
	return l.ID
}

// described is a filter in the words of a request.
func described(f syslog.Filter) syslog.Metadata {
	filter := syslog.Metadata{}
	add := func(name string, value any, given bool) {
		if given {
			filter[name] = value
		}
	}
	meta := func(name string, values []syslog.MetadataValue) {
		var texts []string
		for _, v := range values {
			texts = append(texts, v.String())
		}
		add(name, texts, len(texts) > 0)
	}
	add("level", f.Levels, len(f.Levels) > 0)
	add("actor", f.Actors, len(f.Actors) > 0)
	add("type", f.Type, f.Type != "")
	add("actorId", f.ActorID, f.ActorID != "")
	add("search", f.Search, f.Search != "")
	add("startDate", f.From.UTC().Format(time.RFC3339Nano), !f.From.IsZero())
	add("endDate", f.To.UTC().Format(time.RFC3339Nano), !f.To.IsZero())
	add("notLevel", f.Not.Levels, len(f.Not.Levels) > 0)
	add("notActor", f.Not.Actors, len(f.Not.Actors) > 0)
	add("notType", f.Not.Types, len(f.Not.Types) > 0)
	add("notActorId", f.Not.ActorIDs, len(f.Not.ActorIDs) > 0)
	add("notSearch", f.Not.Searches, len(f.Not.Searches) > 0)
	meta("meta", f.Metadata)
	meta("notMeta", f.Not.Metadata)
	return filter
}
