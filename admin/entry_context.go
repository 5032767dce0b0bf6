package admin

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// contextRow is an event beside the one that is shown, which is Self.
type contextRow struct {
	At             stamp
	Time           string
	Href, Level    string
	Type, Message  []run
	Actor, ActorID []run
	Self           bool
}

// scopes are what the events around one have in common with it.
var scopes = []struct{ view, scope, text string }{
	{"", "all", "entry.around"}, {"actor", "actor", "entry.sameActor"}, {"type", "type", "entry.sameType"},
	{"request", "request", "entry.sameRequest"},
}

// fillContext reads what happened before and after.
func (h *Handler) fillContext(ctx context.Context, a asked, l syslog.Log, view string, request *syslog.MetadataValue, v *entryView) error {
	scope := "all"
	for _, s := range scopes {
		if s.scope == "request" && request == nil || s.scope == "actor" && !l.Actor.Valid() {
			continue
		}
		current := s.view == view || view == viewAll && s.view == ""
		if current {
			scope = s.scope
		}
		v.Scopes = append(v.Scopes, option{Text: a.voice.say(s.text), Current: current, Href: a.place.turned("logs/"+segment(l.ID), "view", s.view) + "#context"})
	}
	f := scoped(l, scope)
	if scope == "request" {
		f = requested(l, *request)
	}
	after, err := h.around(ctx, l, f, syslog.Asc, 5)
	if err != nil {
		return err
	}
	before, err := h.around(ctx, l, f, syslog.Desc, 5)
	if err != nil {
		return err
	}
	slices.Reverse(after)
	for _, l := range slices.Concat(after, []syslog.Log{l}, before) {
		v.Context = append(v.Context, contextRow{
			At: a.voice.stamp(l.CreatedAt, a.loc), Time: nearTime(l.CreatedAt, v.At, a), Href: a.place.turned("logs/" + segment(l.ID)), Level: l.Level.String(),
			Type: runs(l.Type, false), Message: runs(excerpt(l.Message, longest), false), Actor: runs(string(l.Actor), false), ActorID: runs(l.ActorID, false),
			Self: l.ID == v.ID,
		})
	}
	return nil
}

// nearTime is a time as short as its distance to the event allows.
func nearTime(t time.Time, to stamp, a asked) string {
	text := a.voice.moment(t.In(a.loc))
	day := a.voice.day(t.In(a.loc))
	if len(to.Text) > len(day) && to.Text[:len(day)] == day {
		return t.In(a.loc).Format("15:04:05.000")
	}
	return text
}

// requestKeys are the fields of the metadata that programs tell requests apart by; the first one
// that an event has is its request.
var requestKeys = []string{"requestId", "request_id", "correlationId", "correlation_id"}

// requestOf is the request that an event says it belongs to, or nil. One that is masked is
// none: whoever sees its events knows what it is.
func requestOf(metadata json.RawMessage, hidden map[string]bool) *syslog.MetadataValue {
	for _, key := range requestKeys {
		raw := rawAt(metadata, []string{key})
		if len(raw) == 0 || strings.ContainsRune("{[n", rune(raw[0])) { // no object, list or null
			continue
		}
		if value := textOf(raw); value != "" && len(value) <= maxText && !hidden[key] {
			return &syslog.MetadataValue{Path: []string{key}, Value: value}
		}
	}
	return nil
}

// nearby is how far events of a request are looked for: metadata has no index, and there are
// seldom as many as are shown.
const nearby = 24 * time.Hour

func requested(l syslog.Log, request syslog.MetadataValue) syslog.Filter {
	return syslog.Filter{Metadata: []syslog.MetadataValue{request}, From: l.CreatedAt.Add(-nearby), To: l.CreatedAt.Add(nearby)}
}
