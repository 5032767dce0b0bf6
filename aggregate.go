package syslog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Getter is a Store that finds one event.
type Getter interface {
	// Get returns the event with this ID, or [ErrNotFound].
	Get(ctx context.Context, id string) (Log, error)
}

// Aggregator is a Store that counts events by what they have.
type Aggregator interface {
	// Histogram is Logger.Histogram, of a normalised filter and edges that are in order
	// and in whole milliseconds.
	Histogram(ctx context.Context, f Filter, edges []time.Time) ([]LevelCounts, error)
	// Facets is Logger.Facets, of a normalised filter and a query with its defaults.
	Facets(ctx context.Context, f Filter, q FacetQuery) (Facet, error)
}

// Limits of [Logger.Histogram] and [Logger.Facets].
const (
	MaxBuckets        = 500     // spans of a histogram
	DefaultFacetLimit = 10      // values of a facet
	MaxFacetLimit     = 500     // and at most
	FacetRows         = 200_000 // a facet counts at most so many of the newest matches
)

// LevelCounts is how many events there are of each level. An event whose level nobody
// knows counts as ERROR, as it is listed.
type LevelCounts struct {
	Info     int64 `json:"INFO"`
	Warning  int64 `json:"WARNING"`
	Error    int64 `json:"ERROR"`
	Critical int64 `json:"CRITICAL"`
}

// Add counts n events of a level.
func (c *LevelCounts) Add(l LogLevel, n int64) {
	switch l {
	case LevelInfo:
		c.Info += n
	case LevelWarning:
		c.Warning += n
	case LevelCritical:
		c.Critical += n
	default:
		c.Error += n
	}
}

// Of returns the count of a level.
func (c LevelCounts) Of(l LogLevel) int64 {
	switch l {
	case LevelInfo:
		return c.Info
	case LevelWarning:
		return c.Warning
	case LevelCritical:
		return c.Critical
	}
	return c.Error
}

// BucketOf returns the span between edges, which are in order, that a moment is in: for
// stores that count by themselves. There is none before the first and from the last on.
func BucketOf(edges []time.Time, t time.Time) (i int, ok bool) {
	i, found := slices.BinarySearchFunc(edges, t, time.Time.Compare)
	if !found {
		i--
	}
	return i, i >= 0 && i < len(edges)-1
}

// Total is the sum of all levels.
func (c LevelCounts) Total() int64 { return c.Info + c.Warning + c.Error + c.Critical }

// Field is a field of an event that facets are made of.
type Field string

// The fields of facets.
const (
	FieldLevel   Field = "level"
	FieldActor   Field = "actor"
	FieldType    Field = "type"
	FieldActorID Field = "actorId" // events without one are not counted
)

// Fields lists them.
func Fields() []Field { return []Field{FieldLevel, FieldActor, FieldType, FieldActorID} }

// FacetQuery asks for the values of a field.
type FacetQuery struct {
	Field Field
	// Contains, if set, is a substring of the values, in any case, as Filter.Type.
	Contains string
	// Limit is how many values are listed: 0 is DefaultFacetLimit, above MaxFacetLimit is
	// an error.
	Limit int
	// ByRecency lists the values that came last first, in place of the most frequent ones.
	ByRecency bool
}

// Facet is what values a field has among some events.
type Facet struct {
	// Values are sorted as the query says, those that are equal there by their text.
	Values   []FacetValue `json:"values"`
	Other    int64        `json:"other"`    // events with values that are not listed
	Distinct int64        `json:"distinct"` // values, listed or not; both of those that contain what was asked for
	// Capped says that only the newest FacetRows matches were counted.
	Capped bool `json:"capped"`
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string    `json:"value"`
	Count int64     `json:"count"`
	Last  time.Time `json:"last"` // createdAt of the newest event that has it
}

// Normalize checks a query and fills its defaults. The error wraps [ErrInvalidQuery].
func (q FacetQuery) Normalize() (FacetQuery, error) {
	if !slices.Contains(Fields(), q.Field) {
		return q, fmt.Errorf("%w: Field is %.40q: want one of Fields()", ErrInvalidQuery, string(q.Field))
	}
	if q.Limit < 0 || q.Limit > MaxFacetLimit {
		return q, fmt.Errorf("%w: Limit is %d: want 0 for %d, or 1 to %d", ErrInvalidQuery, q.Limit, DefaultFacetLimit, MaxFacetLimit)
	}
	if q.Limit == 0 {
		q.Limit = DefaultFacetLimit
	}
	q.Contains = repairText(q.Contains)
	return q, nil
}

// ErrNotFound says that there is no event with an ID.
var ErrNotFound = errors.New("syslog: no such event: it was never stored, or has been deleted")

// Get returns the stored event with this ID, or [ErrNotFound]. A store that is no
// [Getter] is [errors.ErrUnsupported], none is [ErrNoStore].
func (l *Logger) Get(ctx context.Context, id string) (Log, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return Log{}, ErrNoStore
	}
	g, ok := l.store.(Getter)
	if !ok {
		return Log{}, unsupported("Get", "Getter")
	}
	if id == "" || len(id) > maxIDLen || repairText(id) != id {
		return Log{}, ErrNotFound // no event can have it
	}
	return g.Get(ctx, id)
}

// Histogram counts the events that f chooses in each of the spans between edges: the
// i-th has those with edges[i] <= createdAt < edges[i+1], by level. Edges are 2 to
// MaxBuckets+1 moments, none of them zero, each after the one before; they are rounded
// down to milliseconds. What f says of time holds, too. The error of a wrong argument wraps
// [ErrInvalidQuery]. A store that is no [Aggregator] is [errors.ErrUnsupported].
func (l *Logger) Histogram(ctx context.Context, f Filter, edges []time.Time) ([]LevelCounts, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return nil, ErrNoStore
	}
	a, ok := l.store.(Aggregator)
	if !ok {
		return nil, unsupported("Histogram", "Aggregator")
	}
	f, err := f.Normalize()
	if err != nil {
		return nil, err
	}
	if len(edges) < 2 || len(edges) > MaxBuckets+1 {
		return nil, fmt.Errorf("%w: %d edges: want 2 to %d", ErrInvalidQuery, len(edges), MaxBuckets+1)
	}
	floored := make([]time.Time, len(edges))
	for i, e := range edges {
		if y := e.UTC().Year(); y < 1 || y > 10_000 {
			return nil, fmt.Errorf("%w: edges[%d] is in the year %d: want 1 to 10000", ErrInvalidQuery, i, y)
		}
		if floored[i] = floorMilli(e); e.IsZero() || i > 0 && !floored[i].After(floored[i-1]) {
			return nil, fmt.Errorf("%w: edges[%d] (%s) is not a millisecond or more after the one before", ErrInvalidQuery, i, e.Format(time.RFC3339Nano))
		}
	}
	return a.Histogram(ctx, f, floored)
}

// Facets returns the values of a field among the newest FacetRows events that f
// chooses, whatever f says of that field, too. The error of a wrong argument wraps
// [ErrInvalidQuery]. A store that is no [Aggregator] is [errors.ErrUnsupported].
func (l *Logger) Facets(ctx context.Context, f Filter, q FacetQuery) (Facet, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return Facet{}, ErrNoStore
	}
	a, ok := l.store.(Aggregator)
	if !ok {
		return Facet{}, unsupported("Facets", "Aggregator")
	}
	f, err := f.Normalize()
	if err != nil {
		return Facet{}, err
	}
	q, err = q.Normalize()
	if err != nil {
		return Facet{}, err
	}
	return a.Facets(ctx, f, q)
}

// Retention returns the policy by which Cleanup deletes. The map is the caller's own.
func (l *Logger) Retention() RetentionPolicy {
	if l == nil {
		return DefaultRetention()
	}
	return l.cfg.Retention.clone()
}

func unsupported(method, has string) error {
	return fmt.Errorf("syslog: the store cannot do %s: it is no syslog.%s: %w", method, has, errors.ErrUnsupported)
}
