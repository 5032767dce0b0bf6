package syslog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Filter chooses events. The fields given must all hold; the zero Filter
// chooses every event.
type Filter struct {
	Levels []LogLevel // any of; empty is all
	Actors []LogActor // any of; empty is all

	// Type is a substring of the event's type, in any case. There are no
	// wildcards: % and _ are literal.
	Type string
	// ActorID is the whole id.
	ActorID string
	// Search is a substring of message, type or actorId, in any case of any
	// script: é finds É. Literal, as Type.
	Search string

	// From and To bound createdAt on both sides, both inclusive; zero is open.
	// They are compared at the precision that events are stored with, one
	// millisecond: From is rounded down to it.
	From, To time.Time

	// Metadata are values in the event's metadata, which must all be there.
	Metadata []MetadataValue

	// Not leaves events out.
	Not Exclusion
}

// Exclusion chooses the events that a [Filter] leaves out: those of which any of
// these holds. The zero Exclusion leaves none out.
type Exclusion struct {
	Levels   []LogLevel
	Actors   []LogActor
	Types    []string // substrings of the type, as Filter.Type
	ActorIDs []string // whole ids; an event without one is not left out
	Searches []string // substrings of message, type or actorId, as Filter.Search
	Metadata []MetadataValue
}

// MetadataValue is a value that a field of the metadata has.
type MetadataValue struct {
	// Path leads to the field, one key an element: "a", "b" is 1 in {"a":{"b":1}}.
	// There are no wildcards, and lists are not entered.
	Path []string
	// Value is the whole of a text, case included, or a number as the store has it, or
	// true or false. Null, objects and lists have none. Stores keep numbers as they were
	// written, but PostgreSQL writes exponents out: 1e3 is 1000 there.
	Value string
}

// Limits of a [Filter].
const (
	MaxMetadataPath = 8   // keys of a MetadataValue
	MaxExclusions   = 100 // elements of each list
)

// IsZero reports whether f chooses every event because no field is set.
func (f Filter) IsZero() bool {
	return len(f.Levels) == 0 && len(f.Actors) == 0 && f.Type == "" && f.ActorID == "" &&
		f.Search == "" && f.From.IsZero() && f.To.IsZero() && len(f.Metadata) == 0 && f.Not.IsZero()
}

// IsZero reports whether x leaves nothing out because no field is set.
func (x Exclusion) IsZero() bool {
	return len(x.Levels) == 0 && len(x.Actors) == 0 && len(x.Types) == 0 && len(x.ActorIDs) == 0 &&
		len(x.Searches) == 0 && len(x.Metadata) == 0
}

// Normalize checks a filter and returns it in the form that stores compare:
// bounds in UTC and whole milliseconds, text repaired as events are, slices of
// its own, and levels that are left out taken from those that are chosen. The
// error wraps [ErrInvalidQuery] and names the field. Stores call it first.
func (f Filter) Normalize() (Filter, error) {
	if err := f.check(); err != nil {
		return f, err
	}
	f.Levels, f.Actors = slices.Clone(f.Levels), slices.Clone(f.Actors)
	f.Type, f.ActorID, f.Search = repairText(f.Type), repairText(f.ActorID), repairText(f.Search)
	f.From, f.To = floorMilli(f.From), floorMilli(f.To)
	f.Metadata = repairValues(f.Metadata)
	f.Not = Exclusion{
		Levels: slices.Clone(f.Not.Levels), Actors: slices.Clone(f.Not.Actors),
		Types: repairTexts(f.Not.Types), ActorIDs: repairTexts(f.Not.ActorIDs), Searches: repairTexts(f.Not.Searches),
		Metadata: repairValues(f.Not.Metadata),
	}
	f.subtractLevels()
	return f, nil
}

// subtractLevels says with Levels what Not.Levels says, for indexes to be used: unless
// nothing would be left, which Levels cannot say.
func (f *Filter) subtractLevels() {
	if len(f.Not.Levels) == 0 {
		return
	}
	from := f.Levels
	if len(from) == 0 {
		from = Levels()
	}
	var left []LogLevel
	for _, l := range from {
		if !slices.Contains(f.Not.Levels, l) {
			left = append(left, l)
		}
	}
	if len(left) > 0 {
		f.Levels, f.Not.Levels = left, nil
	}
}

func (f *Filter) check() error {
	bad := func(field, format string, args ...any) error {
		return fmt.Errorf("%w: %s%s", ErrInvalidQuery, field, fmt.Sprintf(format, args...))
	}
	for field, levels := range map[string][]LogLevel{"Levels": f.Levels, "Not.Levels": f.Not.Levels} {
		for _, l := range levels {
			if !l.Valid() {
				return bad(field, ": %d is no level", int(l))
			}
		}
	}
	for field, actors := range map[string][]LogActor{"Actors": f.Actors, "Not.Actors": f.Not.Actors} {
		for _, a := range actors {
			if !a.Valid() {
				return bad(field, ": %.40q is no actor", string(a))
			}
		}
	}
	if !f.From.IsZero() && !f.To.IsZero() && f.From.After(f.To) {
		return bad("From", " (%s) is after To (%s)", f.From.Format(time.RFC3339Nano), f.To.Format(time.RFC3339Nano))
	}
	for field, at := range map[string]time.Time{"From": f.From, "To": f.To} {
		if y := at.Year(); !at.IsZero() && (y < 1 || y > 9999 || floorMilli(at).IsZero()) {
			return bad(field, " is in the year %d: want 1 to 9999", y)
		}
	}
	for field, texts := range map[string][]string{"Not.Types": f.Not.Types, "Not.ActorIDs": f.Not.ActorIDs, "Not.Searches": f.Not.Searches} {
		if len(texts) > MaxExclusions {
			return bad(field, " has %d elements: want at most %d", len(texts), MaxExclusions)
		}
		if slices.Contains(texts, "") {
			return bad(field, " has an empty element, which would leave everything out")
		}
	}
	for field, values := range map[string][]MetadataValue{"Metadata": f.Metadata, "Not.Metadata": f.Not.Metadata} {
		if len(values) > MaxExclusions {
			return bad(field, " has %d elements: want at most %d", len(values), MaxExclusions)
		}
		for _, v := range values {
			if len(v.Path) == 0 || len(v.Path) > MaxMetadataPath {
				return bad(field, ": a path has %d keys: want 1 to %d", len(v.Path), MaxMetadataPath)
			}
		}
	}
	return nil
}

func repairTexts(texts []string) []string {
	texts = slices.Clone(texts)
	for i := range texts {
		texts[i] = repairText(texts[i])
	}
	return texts
}

func repairValues(values []MetadataValue) []MetadataValue {
	values = slices.Clone(values)
	for i, v := range values {
		values[i] = MetadataValue{repairTexts(v.Path), repairText(v.Value)}
	}
	return values
}

func floorMilli(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// String is how a path is written in a query: dots between the keys, and a backslash
// before a dot or a backslash in one.
func (v MetadataValue) String() string {
	escape := strings.NewReplacer(`\`, `\\`, `.`, `\.`)
	keys := make([]string, len(v.Path))
	for i, key := range v.Path {
		keys[i] = escape.Replace(key)
	}
	return strings.Join(keys, ".") + "=" + v.Value
}
