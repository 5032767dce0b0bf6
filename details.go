package syslog

import "log/slog"

// Detail adds to an event: [Metadata], [Attrs] or [AtLevel]. Later details win
// over earlier ones, field by field; fields that a helper adds itself win over
// all. A nil Detail is ignored.
type Detail interface{ detail() }

// Metadata is fields by name. It is encoded before the call returns and never
// kept, so the caller may change it afterwards. A value that cannot be encoded
// is replaced by text, and the field "_encodeError" says why.
type Metadata map[string]any

func (Metadata) detail() {}

type attrs []slog.Attr

func (attrs) detail() {}

// Attrs is fields as attributes of log/slog. With scalar values the call that
// records them does not allocate.
func Attrs(as ...slog.Attr) Detail { return attrs(as) }

type atLevel LogLevel

func (atLevel) detail() {}

// AtLevel records the event at another level than the helper would.
func AtLevel(l LogLevel) Detail { return atLevel(l) }
