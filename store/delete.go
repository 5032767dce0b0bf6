package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// Delete deletes what f chooses, oldest first, in batches of Options.BatchSize.
func (s *Store) Delete(ctx context.Context, f syslog.Filter) (n int64, err error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return 0, err
	}
	if f.IsZero() {
		return 0, syslog.ErrEmptyFilter
	}
	if f, err = f.Normalize(); err != nil {
		return 0, err
	}
	if f.IsZero() { // nothing must turn a filter into all
		return 0, syslog.ErrEmptyFilter
	}
	ctx, done := s.running.start(ctx)
	defer func() { done(&err) }()
	n, err = s.deleteAll(ctx, &f, func(n int64) error {
		s.progress(n)
		return nil
	})
	if err != nil {
		return n, fmt.Errorf("store: delete, after %d event(s): %w", n, s.plain(err))
	}
	return n, nil
}

func (s *Store) progress(n int64) {
	if s.opts.OnProgress != nil {
		s.opts.OnProgress(n)
	}
}

// deleteAll deletes batch after batch. It remembers how far it came, so that what
// is kept is not read again for every batch. after is called behind each.
func (s *Store) deleteAll(ctx context.Context, f *syslog.Filter, after func(n int64) error) (total int64, err error) {
	if s.dialect.ByPlace && !s.inGo(f) {
		total, err = s.deletePlaces(ctx, f, after)
		if total > 0 || !hasState(err, noSuchColumn) { // a view that took the table's place has no places
			return total, err
		}
	}
	batch := make([]key, 0, s.opts.BatchSize)
	flush := func() error {
		n, err := s.deleteKeys(ctx, batch)
		total += n
		batch = batch[:0]
		if err != nil {
			return err
		}
		return after(total)
	}
	for l, err := range s.positions(ctx, f) {
		if err != nil {
			return total, err
		}
		if batch = append(batch, key{l.ID, l.CreatedAt}); len(batch) == s.opts.BatchSize {
			if err := flush(); err != nil {
				return total, err
			}
			if err := pause(ctx, s.opts.BatchPause); err != nil {
				return total, err
			}
		}
	}
	if len(batch) > 0 {
		err = flush()
	}
	return total, err
}

// positions yields the ID and time of every match, oldest first.
func (s *Store) positions(ctx context.Context, f *syslog.Filter) iter.Seq2[syslog.Log, error] {
	if s.inGo(f) {
		return s.each(ctx, f, syslog.Asc, nil)
	}
	return func(yield func(syslog.Log, error) bool) {
		var after *syslog.Position
		for {
			logs, err := s.keys(ctx, f, after)
			if err != nil {
				yield(syslog.Log{}, err)
				return
			}
			for _, l := range logs {
				if !yield(l, nil) {
					return
				}
			}
			if len(logs) < s.opts.BatchSize {
				return
			}
			last := logs[len(logs)-1]
			if after != nil && after.ID == last.ID {
				yield(syslog.Log{}, errStuck(last.ID))
				return
			}
			after = &syslog.Position{CreatedAt: last.CreatedAt, ID: last.ID}
		}
	}
}

// keys reads the ID and time of a batch of matches.
func (s *Store) keys(ctx context.Context, f *syslog.Filter, after *syslog.Position) ([]syslog.Log, error) {
	st := s.statement("")
	st.ordered("id, "+s.createdAt(), f, syslog.Asc, after, s.opts.BatchSize, 0)
	return collect(ctx, s.read, st, func(rows *sql.Rows) (l syslog.Log, err error) {
		var ms millis
		err = rows.Scan(&l.ID, &ms, new(any))
		l.CreatedAt = ms.time()
		return l, err
	})
}

// errStuck ends a walk that would go round for ever: in the order of the table a
// row comes behind itself when another program wrote its created_at in a form of
// its own.
func errStuck(id string) error {
	return fmt.Errorf("created_at of the event %q is not in this library's form, so events cannot be walked past it: correct or delete that row", id)
}

func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// key is how a row is found again.
type key struct {
	id string
	at time.Time
}

// ids adds the condition that a row is one of these.
func (st *statement) ids(keys []key) {
	if st.s.dialect.AnyID {
		ids := make([]string, len(keys))
		for i, k := range keys {
			ids[i] = k.id
		}
		st.add("id = ANY (").arg(ids).add(")")
		return
	}
	ids := make([]any, len(keys))
	for i, k := range keys {
		ids[i] = k.id
	}
	st.add("id IN ").list(ids...)
}

// deleteKeys deletes events by key, oldest first, in statements of a size that
// every database takes.
func (s *Store) deleteKeys(ctx context.Context, keys []key) (total int64, err error) {
	const most = 1000
	for part := range slices.Chunk(keys, most) {
		st := s.statement("DELETE FROM " + s.table() + " WHERE ")
		st.ids(part)
		if s.dialect.TimeInKey {
			st.add(" AND " + s.created() + " >= ").arg(s.dialect.time(part[0].at))
			st.add(" AND " + s.created() + " <= ").arg(s.dialect.time(part[len(part)-1].at))
		}
		var deleted int64
		err := untangled(ctx, func() (err error) {
			deleted, err = s.exec(ctx, st)
			return err
		})
		if err != nil {
			return total, err
		}
		total += deleted
	}
	return total, nil
}
