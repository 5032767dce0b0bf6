package syslog

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"
)

// Limits of [Query.Limit].
const (
	DefaultLimit = 100 // rows a page when Limit is 0
	MaxLimit     = 500 // rows a page at most; a larger Limit is this one
)

// CountCap is where CountCapped stops counting: a TotalCount of CountCap means
// "more than 10 000".
const CountCap = 10_001

// Order is the direction in which events are listed, by (createdAt, id).
type Order int

// The two orders. The zero value is newest first.
const (
	Desc Order = iota // newest first
	Asc               // oldest first
)

// Count says how much work a query may spend on Pagination.TotalCount.
type Count int

// The ways of counting.
const (
	CountExact  Count = iota // count every match
	CountCapped              // stop at CountCap
	CountNone                // do not count; TotalCount and TotalPages are 0
)

// Query asks for one page of the events that its Filter chooses.
type Query struct {
	Filter
	Order Order
	// Limit is the number of rows a page: 0 is DefaultLimit, above MaxLimit is
	// MaxLimit, negative is an error.
	Limit int
	// Page counts from 1; Offset counts rows. Give at most one of them, and
	// neither together with Cursor.
	Page   int
	Offset int
	// Cursor continues after the page whose NextCursor it is. It is opaque, and
	// pages neither repeat nor skip a row while others are inserted. Deep pages
	// cost the same as the first.
	Cursor string
	Count  Count
}

// Page is the answer to a [Query].
type Page struct {
	Logs       []Log      `json:"logs"`
	Pagination Pagination `json:"pagination"`
}

// CountKind says what a TotalCount is worth.
type CountKind string

// The kinds of count.
const (
	KindExact  CountKind = "exact"  // every match was counted
	KindCapped CountKind = "capped" // there are at least TotalCount matches
	KindNone   CountKind = "none"   // nothing was counted
)

// Pagination says where a page lies among all matches.
type Pagination struct {
	TotalCount  int64 `json:"totalCount"`
	TotalPages  int   `json:"totalPages"`
	CurrentPage int   `json:"currentPage"` // from 1
	Limit       int   `json:"limit"`
	Offset      int   `json:"offset"` // rows before this page
	HasMore     bool  `json:"hasMore"`
	// NextCursor continues after this page; "" when there is no more.
	NextCursor string    `json:"nextCursor"`
	CountKind  CountKind `json:"countKind"`
}

// Normalize checks a query and fills its defaults: Limit in 1..MaxLimit, and
// Offset in place of Page. The error wraps [ErrInvalidQuery] and names the
// field. Stores call it first.
func (q Query) Normalize() (Query, error) {
	f, err := q.Filter.Normalize()
	if err != nil {
		return q, err
	}
	q.Filter = f
	bad := func(field string, v any, want string) (Query, error) {
		return q, fmt.Errorf("%w: %s is %v: want %s", ErrInvalidQuery, field, v, want)
	}
	switch {
	case q.Order != Desc && q.Order != Asc:
		return bad("Order", int(q.Order), "Desc or Asc")
	case q.Count < CountExact || q.Count > CountNone:
		return bad("Count", int(q.Count), "CountExact, CountCapped or CountNone")
	case q.Limit < 0:
		return bad("Limit", q.Limit, "0 or more")
	case q.Page < 0:
		return bad("Page", q.Page, "1 or more")
	case q.Offset < 0:
		return bad("Offset", q.Offset, "0 or more")
	case q.Page > 0 && q.Offset > 0:
		return bad("Page", q.Page, "no Page together with Offset")
	case q.Cursor != "" && (q.Page > 0 || q.Offset > 0):
		return bad("Cursor", "set", "no Page and no Offset together with Cursor")
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	q.Limit = min(q.Limit, MaxLimit)
	if q.Page > math.MaxInt/MaxLimit {
		return bad("Page", q.Page, fmt.Sprintf("at most %d", math.MaxInt/MaxLimit))
	}
	if q.Page > 0 {
		q.Offset, q.Page = (q.Page-1)*q.Limit, 0
	}
	if _, err := q.After(); err != nil {
		return q, err
	}
	return q, nil
}

// endOfTime is the last moment that an event can have: a filter up to it chooses
// all of them, also rows of other programs with levels of their own.
var endOfTime = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC)

// Query returns one page of stored events. An event is readable once Flush has
// returned nil. It may be called concurrently; ctx cancels the statement in the
// database. Without a store the error is [ErrNoStore].
func (l *Logger) Query(ctx context.Context, q Query) (Page, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return Page{}, ErrNoStore
	}
	return l.store.Query(ctx, q)
}

// All yields every event that f chooses, newest first, in constant memory and
// without a transaction of its own. Events stored while it runs are not added.
// A failure is yielded once, as the last element, with a zero Log.
func (l *Logger) All(ctx context.Context, f Filter) iter.Seq2[Log, error] {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return func(yield func(Log, error) bool) { yield(Log{}, ErrNoStore) }
	}
	return l.store.All(ctx, f)
}

// Delete deletes the stored events that f chooses, in short batches, and
// returns how many, also when ctx ends it midway. Events still queued are not
// touched: Flush first. A zero filter is [ErrEmptyFilter].
func (l *Logger) Delete(ctx context.Context, f Filter) (int64, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return 0, ErrNoStore
	}
	if f.IsZero() {
		return 0, ErrEmptyFilter
	}
	return l.store.Delete(ctx, f)
}

// DeleteAll empties the table, in short batches, and returns how many events it
// held. There is no way back.
func (l *Logger) DeleteAll(ctx context.Context) (int64, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return 0, ErrNoStore
	}
	return l.store.Delete(ctx, Filter{To: endOfTime})
}
