package store

import (
	"errors"
	"strings"

	"github.com/callastar/syslog"
)

// classify marks an error of a write that will not go away by waiting. Everything
// else, a missing table or a wrong password too, is left to be tried again: it is
// put right outside of this process, and the events must still be there then.
func (s *Store) classify(err error) error {
	refused := s.dialect.Refused
	if refused == nil {
		refused = refusedBySQLState
	}
	if err != nil && refused(err) {
		return syslog.Permanent(err)
	}
	return err
}

// refusedBySQLState goes by the standard's classes: 22 is bad data, 23 a
// constraint. A second row with an ID is neither a refusal nor likely: another
// process wrote the same event between the look and the insert, and the next try
// will see it.
func refusedBySQLState(err error) bool {
	var coded interface{ SQLState() string }
	if !errors.As(err, &coded) {
		return false
	}
	state := coded.SQLState()
	return state != "23505" && (strings.HasPrefix(state, "22") || strings.HasPrefix(state, "23"))
}

// refusedByPostgres also takes a second row with an ID for a refusal: those of our
// own key are no error there, so it is a unique constraint of the host's.
func refusedByPostgres(err error) bool {
	var coded interface{ SQLState() string }
	return refusedBySQLState(err) || errors.As(err, &coded) && coded.SQLState() == "23505"
}

// refusedSQLite recognises what both drivers say of a CHECK, a trigger or a limit.
func refusedSQLite(err error) bool {
	text := err.Error()
	if strings.Contains(text, "UNIQUE constraint failed") {
		return false
	}
	for _, sign := range []string{"constraint failed", "string or blob too big", "datatype mismatch"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
