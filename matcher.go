package syslog

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/callastar/syslog/internal/fold"
)

// Matcher returns what f means, as a function that says whether it chooses an event:
// for stores that compare by themselves, and for whoever has events at hand. f must be
// normalised. The function may be called concurrently, and keeps nothing of the event.
func (f Filter) Matcher() func(l *Log) bool {
	typ, search := fold.String(f.Type), fold.String(f.Search)
	noTypes, noSearches := folded(f.Not.Types), folded(f.Not.Searches)
	return func(l *Log) bool {
		switch {
		case len(f.Levels) > 0 && !slices.Contains(f.Levels, l.Level),
			len(f.Actors) > 0 && !slices.Contains(f.Actors, l.Actor),
			slices.Contains(f.Not.Levels, l.Level),
			slices.Contains(f.Not.Actors, l.Actor),
			f.ActorID != "" && l.ActorID != f.ActorID,
			l.ActorID != "" && slices.Contains(f.Not.ActorIDs, l.ActorID),
			!f.From.IsZero() && l.CreatedAt.Before(f.From),
			!f.To.IsZero() && l.CreatedAt.After(f.To):
			return false
		}
		if typ != "" || search != "" || noTypes != nil || noSearches != nil {
			has := textOf(l, search != "" || noSearches != nil)
			if !has.typed(typ) || search != "" && !has.anywhere(search) ||
				slices.ContainsFunc(noTypes, has.typed) || slices.ContainsFunc(noSearches, has.anywhere) {
				return false
			}
		}
		for _, v := range f.Metadata {
			if !v.in(l.Metadata) {
				return false
			}
		}
		return !slices.ContainsFunc(f.Not.Metadata, func(v MetadataValue) bool { return v.in(l.Metadata) })
	}
}

func folded(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, fold.String(t))
	}
	return out
}

// text is what an event has to be searched, folded.
type text struct{ typ, message, actorID string }

func textOf(l *Log, all bool) text {
	t := text{typ: fold.String(l.Type)}
	if all {
		t.message, t.actorID = fold.String(l.Message), fold.String(l.ActorID)
	}
	return t
}

func (t text) typed(part string) bool { return strings.Contains(t.typ, part) }

func (t text) anywhere(part string) bool {
	return strings.Contains(t.message, part) || strings.Contains(t.typ, part) || strings.Contains(t.actorID, part)
}

// in reports whether metadata has the value.
func (v MetadataValue) in(metadata json.RawMessage) bool {
	at := metadata
	for _, key := range v.Path {
		var object map[string]json.RawMessage
		if len(at) == 0 || json.Unmarshal(at, &object) != nil {
			return false
		}
		at = object[key]
	}
	if len(at) == 0 {
		return false
	}
	switch at[0] {
	case '"':
		var text string
		return json.Unmarshal(at, &text) == nil && text == v.Value
	case '{', '[', 'n':
		return false
	}
	return string(at) == v.Value
}
