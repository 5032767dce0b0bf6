package store

import (
	"context"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// Anonymize changes what f chooses, oldest first, as syslog.Logger.Anonymize says. Events
// are read, and then found again by ID and actor, a short transaction for each batch: one
// that was deleted or changed in between is left as it is, and not counted.
func (s *Store) Anonymize(ctx context.Context, f syslog.Filter, scrub syslog.Scrub) (n int64, err error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return 0, err
	}
	if f, err = f.Normalize(); err != nil {
		return 0, err
	}
	if f.ActorID == "" {
		return 0, syslog.ErrEmptyFilter
	}
	ctx, done := s.running.start(ctx)
	defer func() { done(&err) }()
	n, err = s.anonymizeAll(ctx, &f, scrub)
	if err != nil {
		return n, fmt.Errorf("store: anonymize, after %d event(s): %w", n, s.plain(err))
	}
	return n, nil
}

func (s *Store) anonymizeAll(ctx context.Context, f *syslog.Filter, scrub syslog.Scrub) (total int64, err error) {
	most := min(s.opts.BatchSize, chunk)
	batch := make([]syslog.Log, 0, most)
	flush := func() error {
		n, err := s.anonymizeBatch(ctx, batch, f.ActorID)
		total += n
		batch = batch[:0]
		return err
	}
	for l, err := range s.each(ctx, f, syslog.Asc, nil) {
		if err == nil {
			l.Message, l.Metadata, err = scrub(l)
		}
		if err != nil {
			return total, err
		}
		if batch = append(batch, l); len(batch) < most {
			continue
		}
		if err := flush(); err != nil {
			return total, err
		}
		if err := pause(ctx, s.opts.BatchPause); err != nil {
			return total, err
		}
	}
	if len(batch) > 0 {
		err = flush()
	}
	return total, err
}

// anonymizeBatch changes events in one transaction.
func (s *Store) anonymizeBatch(ctx context.Context, batch []syslog.Log, actorID string) (n int64, err error) {
	err = untangled(ctx, func() error {
		n = 0
		return s.transact(ctx, func(tx gorm.ConnPool) error {
			for i := range batch {
				st := s.anonymizing(&batch[i], actorID)
				res, err := tx.ExecContext(ctx, st.sql(), st.args()...)
				if err != nil {
					return err
				}
				changed, err := res.RowsAffected()
				if err != nil {
					return err
				}
				n += changed
			}
			return nil
		})
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// anonymizing is the statement that changes an event, if it is still the actor's.
func (s *Store) anonymizing(l *syslog.Log, actorID string) *statement {
	row := s.row(make([]any, 0, 8), l)
	st := s.statement("UPDATE " + s.table() + " SET " + s.actorID() + " = NULL, message = ")
	st.typed(5, row).add(", metadata = ").typed(6, row)
	if s.dialect.Stored != nil { // what metadata says of the actor belongs to the column
		st.add(", actor = ").typed(3, row)
	}
	row[4] = actorID
	st.add(" WHERE id = ").typed(0, row).add(" AND "+s.actorID()+" = ").typed(4, row)
	if s.dialect.TimeInKey { // bounds choose the partition, whose rows may be more precise than we
		st.add(" AND " + s.created() + " >= ").arg(s.dialect.time(l.CreatedAt.Add(-time.Millisecond)))
		st.add(" AND " + s.created() + " <= ").arg(s.dialect.time(l.CreatedAt.Add(time.Millisecond)))
		st.add(" AND " + s.createdAt() + " = ").arg(l.CreatedAt.UnixMilli())
	}
	return st
}

// typed adds a value of a row as its column is typed.
func (st *statement) typed(i int, row []any) *statement {
	st.arg(row[i])
	if casts := st.s.dialect.Casts; casts != nil {
		st.add("::" + casts[i])
	}
	return st
}
