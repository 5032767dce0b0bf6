package syslog

import (
	"context"
	"encoding/json"
	"iter"
	"time"
)

// Log is one event.
type Log struct {
	// ID is assigned when the event is accepted: unique, ordered by time, and
	// the key by which a store recognises an event it already has. A host that
	// records the same event again may set it, to at most 64 bytes.
	ID    string   `json:"id"`
	Level LogLevel `json:"level"`
	// Type names what happened, for example "PAYOUT_APPROVED".
	Type string `json:"type"`
	// Actor is the kind of party that acted, and ActorID which one; "" is NULL
	// in the database and null in JSON.
	Actor   LogActor `json:"actor"`
	ActorID string   `json:"actorId"`
	Message string   `json:"message"`
	// Metadata is nil, or one JSON object whose numbers keep every digit.
	Metadata json.RawMessage `json:"metadata"`
	// CreatedAt is in UTC, in whole milliseconds, set when the event is
	// accepted unless the host set it, and never changed afterwards.
	CreatedAt time.Time `json:"createdAt"`
}

// MarshalJSON writes an empty ActorID as null.
func (l Log) MarshalJSON() ([]byte, error) {
	type plain Log
	out := struct {
		plain
		ActorID   *string   `json:"actorId"`
		Message   string    `json:"message"`
		Metadata  any       `json:"metadata"`
		CreatedAt time.Time `json:"createdAt"`
	}{plain: plain(l), Message: l.Message, CreatedAt: l.CreatedAt}
	if l.ActorID != "" {
		out.ActorID = &l.ActorID
	}
	if len(l.Metadata) > 0 {
		out.Metadata = l.Metadata
	}
	return json.Marshal(out)
}

// Sink is a destination of events.
//
// The logger calls Write from one goroutine at a time, with at least one event,
// and Close once, after the last Write. Write must return when ctx ends. It must
// not keep the slice; the strings and the Metadata in it stay valid, and must
// not be changed. An event may be written again, after an error, a timeout or a
// restart: its ID says that it is the same one. An error without a mark is
// retried with backoff; see [Permanent], [Misconfigured] and [RetryAfter].
type Sink interface {
	Write(ctx context.Context, logs []Log) error
	Close(ctx context.Context) error
}

// CountingSink is a Sink that can tell new events from ones it already had.
// The difference is counted as Stats.Duplicate.
type CountingSink interface {
	Sink
	// WriteCount is Write; written is how many of the events were new, also
	// beside an error: some of a batch may be there then, and come again with it.
	WriteCount(ctx context.Context, logs []Log) (written int, err error)
}

// Store is a Sink that can be read: the interface behind [New]. All methods but
// Write and Close may be called concurrently, also with these. The package
// store/storetest checks an implementation.
//
// A store that writes events by itself, in transactions of the host, may have a
// method SetNormalizer(func(Log) Log): New hands it what makes events whole as
// the Config says. A wrapper of such a store passes it on.
type Store interface {
	Sink
	// Query returns one page; Logger.Query says how.
	Query(ctx context.Context, q Query) (Page, error)
	// All yields every event that f chooses, newest first; Logger.All says how.
	All(ctx context.Context, f Filter) iter.Seq2[Log, error]
	// Delete deletes what f chooses and returns how many, also beside an error.
	// A zero filter is ErrEmptyFilter.
	Delete(ctx context.Context, f Filter) (int64, error)
	// Cleanup deletes what p no longer keeps at the time now; Logger.Cleanup
	// says how.
	Cleanup(ctx context.Context, p RetentionPolicy, now time.Time) (CleanupStats, error)
}

// NewPage makes the answer to a query: for stores. q is normalised, logs holds
// what was read, one row more than q.Limit where there is one, and total is the
// count that q.Count asks for.
func NewPage(q Query, logs []Log, total int64) Page {
	p := Pagination{Limit: q.Limit, Offset: q.Offset, CountKind: KindNone}
	if after, err := q.After(); err == nil && after != nil {
		p.Offset = after.Rows
	}
	p.CurrentPage = p.Offset/q.Limit + 1
	if len(logs) > q.Limit {
		logs, p.HasMore = logs[:q.Limit:q.Limit], true
		last := logs[q.Limit-1]
		p.NextCursor = Position{last.CreatedAt, last.ID, p.Offset + q.Limit}.Cursor(q.Order)
	}
	if q.Count != CountNone {
		p.TotalCount, p.CountKind = total, KindExact
		p.TotalPages = int((total + int64(q.Limit) - 1) / int64(q.Limit))
		if q.Count == CountCapped && total >= CountCap {
			p.CountKind = KindCapped
		}
	}
	if logs == nil {
		logs = []Log{}
	}
	return Page{Logs: logs, Pagination: p}
}
