package syslog

import (
	"context"
	"log/slog"
	"reflect"
	"slices"
)

// Handler returns a handler for log/slog that records through l. The attributes
// type, actor and actorId, where they stand in no group, fill the event's fields;
// the others become metadata, groups nested objects. The actor may be the name of
// a kind, in any case, or an [Actor]. A level between two of ours is recorded as the lower one; what is below LevelInfo is not recorded.
//
// Handle never fails: what becomes of an event is in [Logger.Stats].
func (l *Logger) Handler() slog.Handler { return &handler{l: l} }

// handler keeps what With and WithGroup were given as a list that is never
// changed, only copied.
type handler struct {
	l     *Logger
	given []given
}

// given is a group's name, or attributes.
type given struct {
	group string
	attrs []slog.Attr
}

func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return h.l != nil && level >= slog.Level(h.l.cfg.MinLevel)
}

func (h *handler) WithAttrs(as []slog.Attr) slog.Handler {
	if len(as) == 0 {
		return h
	}
	return h.with(given{attrs: slices.Clone(as)})
}

func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	return h.with(given{group: name})
}

func (h *handler) with(g given) slog.Handler {
	return &handler{h.l, append(slices.Clip(h.given), g)}
}

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	as := make([]slog.Attr, 0, r.NumAttrs())
	r.Attrs(func(a slog.Attr) bool {
		as = append(as, a)
		return true
	})
	for _, g := range slices.Backward(h.given) {
		switch {
		case g.group == "":
			as = append(slices.Clone(g.attrs), as...)
		case len(as) > 0:
			as = []slog.Attr{{Key: g.group, Value: slog.GroupValue(as...)}}
		}
	}
	d := draft{level: levelFrom(r.Level), message: [5]string{r.Message}, createdAt: r.Time}
	as = slices.DeleteFunc(inline(as, maxInline), d.take)
	_ = h.l.record(ctx, &d, []Detail{attrs(as)})
	return nil
}

// maxInline is how deep groups without a name may lie in one another for their
// attributes to be looked at.
const maxInline = 4

// inline puts the attributes of groups without a name in the groups' place.
func inline(as []slog.Attr, depth int) []slog.Attr {
	isInline := func(a slog.Attr) bool { return a.Key == "" && a.Value.Kind() == slog.KindGroup }
	if depth == 0 || !slices.ContainsFunc(as, isInline) {
		return as
	}
	var out []slog.Attr
	for _, a := range as {
		if isInline(a) && len(out) < 1000 {
			out = append(out, inline(a.Value.Group(), depth-1)...)
		} else {
			out = append(out, a)
		}
	}
	return out
}

// take fills a field of the event from an attribute that names one.
func (d *draft) take(a slog.Attr) bool {
	if a.Key != "type" && a.Key != "actor" && a.Key != "actorId" {
		return false
	}
	v := a.Value.Resolve()
	if who, ok := v.Any().(Actor); ok && a.Key == "actor" {
		d.actor = who
		return true
	}
	s, ok := scalar(v)
	if !ok {
		return false // what has parts of its own is metadata
	}
	switch a.Key {
	case "type":
		d.typ[0] = s
	case "actor":
		d.actor.Kind = LogActor(s)
		if kind, err := ParseActor(s); err == nil {
			d.actor.Kind = kind
		}
	case "actorId":
		d.actor.ID = s
	}
	return true
}

// scalar is a value as a string, without calling a method of the host's.
func scalar(v slog.Value) (string, bool) {
	switch v.Kind() {
	case slog.KindString, slog.KindInt64, slog.KindUint64, slog.KindBool, slog.KindFloat64:
		return v.String(), true
	case slog.KindAny:
		if r := reflect.ValueOf(v.Any()); r.Kind() == reflect.String {
			return r.String(), true
		}
	}
	return "", false
}

// levelFrom is the highest level that is not above a level of log/slog.
func levelFrom(level slog.Level) LogLevel {
	for _, l := range slices.Backward(Levels()) {
		if level >= slog.Level(l) {
			return l
		}
	}
	return LevelInfo
}
