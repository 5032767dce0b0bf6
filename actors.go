package syslog

import (
	"fmt"
	"strings"
)

// LogActor is the kind of party that acted. Beside the built-in ones a host may
// use any name of the form ^[A-Z][A-Z0-9_]{0,31}$.
type LogActor string

// The built-in kinds.
const (
	ActorUser    LogActor = "USER"    // a customer
	ActorCreator LogActor = "CREATOR" // a seller or author
	ActorAdmin   LogActor = "ADMIN"   // staff
	ActorSystem  LogActor = "SYSTEM"  // the service itself
	ActorGuest   LogActor = "GUEST"   // somebody not signed in
)

// maxActorLen is the longest name of a kind, in bytes.
const maxActorLen = 32

// Actors lists the built-in kinds. The slice is the caller's own.
func Actors() []LogActor {
	return []LogActor{ActorUser, ActorCreator, ActorAdmin, ActorSystem, ActorGuest}
}

// ParseActor reads the name of a kind, built-in or of the host's own, in any
// case. The error wraps [ErrInvalidActor].
func ParseActor(s string) (LogActor, error) {
	a := LogActor(strings.ToUpper(s))
	if !a.Valid() {
		return "", fmt.Errorf("%w %.40q: want a name of up to %d letters, digits and _ that starts with a letter",
			ErrInvalidActor, s, maxActorLen)
	}
	return a, nil
}

// Valid reports whether a has the form that kinds have. It does not say that a
// is built in.
func (a LogActor) Valid() bool {
	if len(a) == 0 || len(a) > maxActorLen {
		return false
	}
	for i := range len(a) {
		c := a[i]
		switch {
		case c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '_'):
		default:
			return false
		}
	}
	return true
}

// Actor says who acted: the kind and, where there is one, the id. An ID of ""
// is NULL in the database and null in JSON. The zero Actor is recorded as
// [System].
type Actor struct {
	Kind LogActor
	ID   string
}

// User is the customer with this id.
func User(id string) Actor { return Actor{ActorUser, id} }

// Creator is the seller or author with this id.
func Creator(id string) Actor { return Actor{ActorCreator, id} }

// Admin is the member of staff with this id.
func Admin(id string) Actor { return Actor{ActorAdmin, id} }

// System is the service itself.
func System() Actor { return Actor{Kind: ActorSystem} }

// Guest is somebody who is not signed in.
func Guest() Actor { return Actor{Kind: ActorGuest} }
