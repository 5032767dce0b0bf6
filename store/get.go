package store

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// Get returns the event with this ID, or [syslog.ErrNotFound].
func (s *Store) Get(ctx context.Context, id string) (syslog.Log, error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return syslog.Log{}, err
	}
	if id == "" || !utf8.ValidString(id) || strings.Contains(id, "\x00") {
		return syslog.Log{}, syslog.ErrNotFound // databases refuse to compare with some of these
	}
	st := s.statement("SELECT " + s.read8() + ", " + s.created() + " FROM " + s.table() + " WHERE id = ").arg(id)
	logs, err := collect(ctx, s.read, st, scanLog)
	if err != nil {
		return syslog.Log{}, fmt.Errorf("store: get: %w", s.plain(err))
	}
	var newest syslog.Log // where the time is part of the key there may be several
	for _, l := range logs {
		if l.ID == id && (newest.ID == "" || l.CreatedAt.After(newest.CreatedAt)) {
			newest = l
		}
	}
	if newest.ID == "" {
		return syslog.Log{}, syslog.ErrNotFound
	}
	return newest, nil
}
