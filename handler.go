package syslog

import (
	"context"
	"log/slog"
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
	as = slices.DeleteFunc(as, d.take)
	_ = h.l.record(ctx, &d, []Detail{attrs(as)})
	return nil
}

// take fills a field of the event from an attribute that names one.
func (d *draft) take(a slog.Attr) bool {
	switch a.Key {
	case "type":
		d.typ[0] = text(a.Value)
	case "actor":
		switch v := a.Value.Resolve().Any().(type) {
		case Actor:
			d.actor = v
		case *Actor:
			if v != nil {
				d.actor = *v
			}
		default:
			name := text(a.Value)
			d.actor.Kind = LogActor(name)
			if kind, err := ParseActor(name); err == nil {
				d.actor.Kind = kind
			}
		}
	case "actorId":
		d.actor.ID = text(a.Value)
	default:
		return false
	}
	return true
}

// text is a value as a string. The String method of a host's value may panic.
func text(v slog.Value) (s string) {
	defer func() {
		if recover() != nil {
			s = "!PANIC"
		}
	}()
	return v.Resolve().String()
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
