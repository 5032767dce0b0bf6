package syslogtest

import (
	"context"
	"iter"
	"slices"

	"github.com/callastar/syslog"
)

// Query returns one page, as syslog.Logger.Query says.
func (s *Store) Query(ctx context.Context, q syslog.Query) (syslog.Page, error) {
	ctx = background(ctx)
	q, err := q.Normalize()
	if err != nil {
		return syslog.Page{}, err
	}
	after, err := q.After()
	if err != nil {
		return syslog.Page{}, err
	}
	found, err := s.find(ctx, q.Filter, q.Order)
	if err != nil {
		return syslog.Page{}, err
	}
	total := int64(len(found))
	if q.Count == syslog.CountCapped {
		total = min(total, syslog.CountCap)
	}
	if after != nil {
		found = behind(found, *after, q.Order)
	} else {
		found = found[min(q.Offset, len(found)):]
	}
	rows := make([]syslog.Log, min(len(found), q.Limit+1))
	for i := range rows {
		rows[i] = clone(found[i])
	}
	return syslog.NewPage(q, rows, total), nil
}

// All yields the chosen events that there are when the loop begins, as
// syslog.Logger.All says.
func (s *Store) All(ctx context.Context, f syslog.Filter) iter.Seq2[syslog.Log, error] {
	ctx = background(ctx)
	return func(yield func(syslog.Log, error) bool) {
		f, err := f.Normalize()
		if err != nil {
			yield(syslog.Log{}, err)
			return
		}
		found, err := s.find(ctx, f, syslog.Desc)
		for _, l := range found {
			if err = ctx.Err(); err != nil {
				break
			}
			if !yield(clone(l), nil) {
				return
			}
		}
		if err != nil {
			yield(syslog.Log{}, err)
		}
	}
}

// Get returns the event with this ID, as syslog.Logger.Get says.
func (s *Store) Get(ctx context.Context, id string) (syslog.Log, error) {
	ctx = background(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return syslog.Log{}, err
	}
	for _, l := range s.logs {
		if l.ID == id {
			return clone(l), nil
		}
	}
	return syslog.Log{}, syslog.ErrNotFound
}

// find lists the events that a normalised filter chooses. The elements are the
// store's own.
func (s *Store) find(ctx context.Context, f syslog.Filter, o syslog.Order) ([]syslog.Log, error) {
	chosen := f.Matcher()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	var found []syslog.Log
	for _, l := range s.logs {
		if chosen(&l) {
			found = append(found, l)
		}
	}
	if o == syslog.Desc {
		slices.Reverse(found)
	}
	return found, nil
}

// behind cuts off what is not after a position.
func behind(found []syslog.Log, p syslog.Position, o syslog.Order) []syslog.Log {
	at := syslog.Log{ID: p.ID, CreatedAt: p.CreatedAt}
	for i, l := range found {
		c := compare(l, at)
		if o == syslog.Desc {
			c = -c
		}
		if c > 0 {
			return found[i:]
		}
	}
	return nil
}
