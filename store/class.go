package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/callastar/syslog"
)

// Class says what the failure of a write needs. docs/DESIGN.md lists which code of
// a database is in which.
type Class int

const (
	// Transient failures pass. They get no mark: the batch is tried again.
	Transient Class = iota
	// Misconfigured ones last until a person changes something, and any event
	// would meet them: see [syslog.Misconfigured].
	Misconfigured
	// Poison is an event that the database will never take, whatever the others
	// in its batch are: see [syslog.Permanent].
	Poison
)

func (c Class) String() string { return [...]string{"transient", "misconfigured", "poison"}[c] }

// Verdict is the class of an error, and what a person can do about it: "", or text
// that goes behind the error's own.
type Verdict struct {
	Class Class
	Hint  string
}

// Judge finds the verdict on an error from those that known has on the errors
// within it, looked at one by one from the outside. One that known does not know,
// as that of a context, is Transient.
//
// Of errors that are joined the mildest class holds: what two halves of a batch met
// is the fault of an event only if both failed by one, and the other half would be
// given up too early.
func Judge(err error, known func(err error) (Verdict, bool)) Verdict {
	if v, ok := known(err); ok {
		return v
	}
	var v Verdict
	switch e := err.(type) { //nolint:errorlint // this is the unwrapping
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil {
			return Judge(inner, known)
		}
	case interface{ Unwrap() []error }:
		for i, inner := range e.Unwrap() {
			if w := Judge(inner, known); i == 0 || w.Class < v.Class {
				v = w
			}
		}
	}
	return v
}

// Mark puts a verdict on an error: its hint into the text, its class as the mark
// that a logger knows.
func (v Verdict) Mark(err error) error {
	if v.Hint != "" {
		err = fmt.Errorf("%w%s", err, v.Hint)
	}
	switch v.Class {
	case Misconfigured:
		return syslog.Misconfigured(err)
	case Poison:
		return syslog.Permanent(err)
	default:
		return err
	}
}

// verdict judges the failure of a write. When ctx has ended that may be why, even
// where a driver says something else.
func (s *Store) verdict(ctx context.Context, err error) Verdict {
	if ctx.Err() != nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Verdict{}
	}
	known := s.dialect.Verdict
	if known == nil {
		known = bySQLState
	}
	return Judge(err, func(err error) (Verdict, bool) { return known(err, s.bare()) })
}
