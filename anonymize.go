package syslog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
)

// Scrub returns what becomes of an event's message, and of its metadata: nil, or one JSON
// object. An error ends the work with that event as it is. It must not change what it is
// given.
type Scrub func(l Log) (message string, metadata json.RawMessage, err error)

// Anonymizer is a Store that takes an actor out of its events.
type Anonymizer interface {
	// Anonymize is Logger.Anonymize, of a normalised filter with an ActorID and a scrub
	// that is not nil, whose results are fit to be stored.
	Anonymize(ctx context.Context, f Filter, scrub Scrub) (int64, error)
}

// Anonymize clears the actorId of the stored events that f chooses, and has scrub change
// their message and metadata; nil leaves these as they are. ID, level, type, actor and
// createdAt stay. f must have an ActorID: events that mention the actor but are of another
// one are not looked for.
//
// It works in short batches, and returns how many events it has changed also beside an
// error, as when ctx ends it midway; called again it goes on with the rest. Events that are
// deleted meanwhile are not counted, and those that are still queued are not reached:
// Flush first. What went to other sinks, or to Config.DeadLetterFile, is there as it was.
//
// The zero filter is [ErrEmptyFilter], one without ActorID wraps [ErrInvalidQuery]. A store
// that is no [Anonymizer] is [errors.ErrUnsupported], none is [ErrNoStore].
func (l *Logger) Anonymize(ctx context.Context, f Filter, scrub Scrub) (int64, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return 0, ErrNoStore
	}
	a, ok := l.store.(Anonymizer)
	if !ok {
		return 0, unsupported("Anonymize", "Anonymizer")
	}
	if f.IsZero() {
		return 0, ErrEmptyFilter
	}
	f, err := f.Normalize()
	if err != nil {
		return 0, err
	}
	if f.ActorID == "" {
		return 0, fmt.Errorf("%w: ActorID is empty: want the actor to take out", ErrInvalidQuery)
	}
	return a.Anonymize(ctx, f, func(l Log) (string, json.RawMessage, error) {
		if scrub == nil {
			return l.Message, l.Metadata, nil
		}
		message, metadata, err := scrub(l)
		if text := bytes.TrimSpace(metadata); err == nil && len(text) > 0 && (text[0] != '{' || !json.Valid(text)) {
			err = fmt.Errorf("syslog: scrub of event %q: its metadata is no JSON object", l.ID)
		}
		return repairText(message), metadata, err
	})
}
