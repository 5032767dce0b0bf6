package syslog

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Sentinels to branch on with errors.Is.
var (
	// ErrQueueFull: the event was refused, because the queue has no room left
	// for its level.
	ErrQueueFull = errors.New("syslog: queue full")
	// ErrClosed: the event was refused, because the logger is nil, shut down or
	// shutting down.
	ErrClosed = errors.New("syslog: logger closed")
	// ErrNoStore: the logger was made without a store to read from.
	ErrNoStore = errors.New("syslog: logger has no store")
	// ErrBelowMinLevel: Commit was asked to store an event that
	// Config.MinLevel says not to record.
	ErrBelowMinLevel = errors.New("syslog: level below Config.MinLevel")
	// ErrLost: an event was accepted, but could not be stored and is gone.
	ErrLost = errors.New("syslog: event lost")
	// ErrDeadLetter: an event was accepted, but the store refuses it for good; it
	// is in the dead-letter file.
	ErrDeadLetter = errors.New("syslog: event set aside in the dead-letter file")
	// ErrSpillDirInUse: another logger, of this process or another one, uses
	// Config.SpillDir.
	ErrSpillDirInUse = errors.New("syslog: Config.SpillDir is in use")
	// ErrEmptyFilter: Delete needs at least one condition; DeleteAll empties
	// the table.
	ErrEmptyFilter = errors.New("syslog: empty filter would delete everything; use DeleteAll for that")
	// ErrInvalidQuery: a field of a Query or Filter has a value outside its range.
	ErrInvalidQuery = errors.New("syslog: invalid query")
	// ErrInvalidCursor: a cursor that did not come from NextCursor, or from a
	// query in the other order. It wraps ErrInvalidQuery.
	ErrInvalidCursor = fmt.Errorf("%w: bad cursor", ErrInvalidQuery)
	// ErrInvalidLevel: not the name or number of a level.
	ErrInvalidLevel = errors.New("syslog: invalid level")
	// ErrInvalidActor: not the name of a kind of actor.
	ErrInvalidActor = errors.New("syslog: invalid actor")
	// ErrCleanupRunning: another Cleanup of the same table has not ended yet, or
	// its process was killed less than a minute ago.
	ErrCleanupRunning = errors.New("syslog: cleanup already running")
)

// FieldError is one wrong field of a [Config].
type FieldError struct {
	Field string // for example "BatchSize" or "Sinks[1].Name"
	Value any    // what was given
	Want  string // the allowed range
}

func (e FieldError) Error() string {
	return fmt.Sprintf("%s is %v: want %s", e.Field, e.Value, e.Want)
}

// ConfigError lists every wrong field of a [Config]. Nothing was started.
type ConfigError struct{ Fields []FieldError }

func (e *ConfigError) Error() string {
	lines := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		lines[i] = f.Error()
	}
	return "syslog: invalid Config: " + strings.Join(lines, "; ")
}

// Unwrap gives errors.As access to each FieldError.
func (e *ConfigError) Unwrap() []error {
	errs := make([]error, len(e.Fields))
	for i, f := range e.Fields {
		errs[i] = f
	}
	return errs
}

// ShutdownError says what Shutdown could not deliver before its context ended.
// If OnDisk is set the events are there, and the logger is closed: the next one with
// that Config.SpillDir delivers them. Otherwise they are still held and still being
// tried: call Shutdown again with more time.
type ShutdownError struct {
	Left   uint64            // events not in the store yet; without a store, all of Sinks
	Sinks  map[string]uint64 // the same for each extra sink that has some left
	OnDisk string            // the spill directory that has them, or ""
	Cause  error             // the context's error
}

func (e *ShutdownError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "syslog: shutdown: %d event(s) not stored yet", e.Left)
	for name, n := range e.Sinks {
		fmt.Fprintf(&b, ", %d not delivered to sink %q", n, name)
	}
	if e.OnDisk != "" {
		fmt.Fprintf(&b, ": %v; on disk in %s, to be delivered by the next start with it", e.Cause, e.OnDisk)
	} else {
		fmt.Fprintf(&b, ": %v; call Shutdown again with more time", e.Cause)
	}
	return b.String()
}

// Unwrap returns the context's error.
func (e *ShutdownError) Unwrap() error { return e.Cause }

// LostError is what Flush returns when events that were accepted before it
// could not be stored and are gone. It matches [ErrLost].
type LostError struct {
	Count uint64
	Last  string // the last failure, as text
}

func (e *LostError) Error() string {
	return fmt.Sprintf("syslog: %d accepted event(s) lost: %s", e.Count, e.Last)
}

// Is makes errors.Is(err, ErrLost) true.
func (e *LostError) Is(target error) bool { return target == ErrLost }

// Permanent marks the failure of a Write as the fault of an event in it: the same
// events would fail again, whatever is done about the destination, so the pipeline
// does not retry them, but halves the batch until the event in question is alone.
// Permanent(nil) is nil.
//
// Of several marks, of this function, [Misconfigured] and [RetryAfter], the
// outermost holds. A failure without a mark is retried.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &deliveryError{err: err, permanent: true}
}

// Misconfigured marks the failure of a Write as one that lasts until a person
// changes something, such as a password, a missing table or missing rights, and
// that any event would meet. The events are kept and retried, never halved nor
// dropped. The text of err should say what to do. Misconfigured(nil) is nil.
func Misconfigured(err error) error {
	if err == nil {
		return nil
	}
	return &deliveryError{err: err, misconfigured: true}
}

// RetryAfter asks the pipeline to wait d before it retries the failed Write,
// instead of its own backoff. RetryAfter(nil, d) is nil.
func RetryAfter(err error, d time.Duration) error {
	if err == nil {
		return nil
	}
	return &deliveryError{err: err, after: max(d, 0)}
}

type deliveryError struct {
	err           error
	permanent     bool
	misconfigured bool
	after         time.Duration
}

func (e *deliveryError) Error() string { return e.err.Error() }
func (e *deliveryError) Unwrap() error { return e.err }

// IsPermanent, IsMisconfigured and RetryDelay are how the pipeline reads the
// marks, through interfaces of its own.
func (e *deliveryError) IsPermanent() bool         { return e.permanent }
func (e *deliveryError) IsMisconfigured() bool     { return e.misconfigured }
func (e *deliveryError) RetryDelay() time.Duration { return e.after }
