package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// chunk is how many rows All and comparisons in Go read at a time.
const chunk = 500

// Query returns one page. The rows and the count are read one after the other,
// not at one moment, but for a page without a cursor whose rows end the list: they count it.
func (s *Store) Query(ctx context.Context, q syslog.Query) (syslog.Page, error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return syslog.Page{}, err
	}
	q, err := q.Normalize()
	if err != nil {
		return syslog.Page{}, err
	}
	after, err := q.After()
	if err != nil {
		return syslog.Page{}, err
	}
	var logs []syslog.Log
	if s.inGo(&q.Filter) {
		logs, err = s.scan(ctx, &q, after)
	} else {
		logs, err = s.rows(ctx, &q.Filter, q.Order, after, q.Limit+1, q.Offset)
	}
	if err != nil {
		return syslog.Page{}, fmt.Errorf("store: query: %w", s.plain(err))
	}
	total, known := counted(&q, len(logs))
	if !known {
		if total, err = s.count(ctx, &q); err != nil {
			return syslog.Page{}, fmt.Errorf("store: count: %w", s.plain(err))
		}
	}
	return syslog.NewPage(q, logs, total), nil
}

// counted is how many matches there are where the rows of a page say so: behind its last
// one is none, and before it are as many as it skips. What is rare is not looked for twice.
func counted(q *syslog.Query, rows int) (n int64, known bool) {
	switch {
	case q.Count == syslog.CountNone:
		return 0, true
	case q.Cursor != "" || rows > q.Limit || rows == 0 && q.Offset > 0:
		return 0, false
	case q.Count == syslog.CountCapped:
		return min(int64(q.Offset+rows), syslog.CountCap), true
	}
	return int64(q.Offset + rows), true
}

// rows reads up to limit events behind a position.
func (s *Store) rows(ctx context.Context, f *syslog.Filter, o syslog.Order, after *syslog.Position, limit, offset int) ([]syslog.Log, error) {
	st := s.page(f, o, after, limit, offset)
	return collect(ctx, s.read, st, scanLog)
}

// collect runs a query and reads its rows.
func collect[T any](ctx context.Context, db gorm.ConnPool, st *statement, read func(rows *sql.Rows) (T, error)) (all []T, err error) {
	rows, err := db.QueryContext(ctx, st.sql(), st.queryArgs()...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := read(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// page is the statement for rows.
func (s *Store) page(f *syslog.Filter, o syslog.Order, after *syslog.Position, limit, offset int) *statement {
	st := s.statement("")
	st.ordered(s.read8(), f, o, after, limit, offset)
	return st
}

// read8 is the list of columns that scanLog reads.
func (s *Store) read8() string {
	return "id, level, type, " + cmp.Or(s.dialect.Actor, "actor") + ", " + s.actorID() + ", message, " +
		cmp.Or(s.dialect.Metadata, "metadata") + ", " + s.createdAt()
}

// PageSQL returns the statement, and its arguments, by which the page of a query is
// read: for EXPLAIN. The error is that of a Query.
func (s *Store) PageSQL(q syslog.Query) (text string, args []any, err error) {
	q, err = q.Normalize()
	if err != nil {
		return "", nil, err
	}
	after, err := q.After()
	if err != nil {
		return "", nil, err
	}
	if s.inGo(&q.Filter) {
		return "", nil, errors.New("store: the text of this filter is not compared by the database, so no statement reads its page")
	}
	st := s.page(&q.Filter, q.Order, after, q.Limit+1, q.Offset)
	return st.sql(), st.args(), nil
}

// count counts the matches as far as the query asks for it.
func (s *Store) count(ctx context.Context, q *syslog.Query) (n int64, err error) {
	if s.inGo(&q.Filter) {
		for _, err := range s.each(ctx, &q.Filter, q.Order, nil) {
			if err != nil {
				return 0, err
			}
			if n++; q.Count == syslog.CountCapped && n == syslog.CountCap {
				break
			}
		}
		return n, nil
	}
	var st *statement
	if q.Count == syslog.CountCapped {
		st = s.statement("SELECT COUNT(*) FROM (SELECT 1 AS one FROM " + s.table())
		st.where(&q.Filter, q.Order, nil)
		if st.s.dialect.Fetch {
			st.add(" ORDER BY " + s.created())
		}
		st.limit(syslog.CountCap, 0)
		st.add(") capped")
	} else {
		st = s.statement("SELECT COUNT(*) FROM " + s.table())
		st.where(&q.Filter, q.Order, nil)
	}
	err = s.read.QueryRowContext(ctx, st.sql(), st.queryArgs()...).Scan(&n)
	return n, err
}

// scan reads a page whose text is compared here.
func (s *Store) scan(ctx context.Context, q *syslog.Query, after *syslog.Position) (logs []syslog.Log, err error) {
	skip := q.Offset
	for l, err := range s.each(ctx, &q.Filter, q.Order, after) {
		if err != nil {
			return nil, err
		}
		if skip > 0 {
			skip--
			continue
		}
		if logs = append(logs, l); len(logs) > q.Limit {
			break
		}
	}
	return logs, nil
}

// each yields every match in order, chunk by chunk, without holding a connection
// in between.
func (s *Store) each(ctx context.Context, f *syslog.Filter, o syslog.Order, after *syslog.Position) iter.Seq2[syslog.Log, error] {
	inGo := s.inGo(f)
	chosen := texts(f).Matcher()
	return func(yield func(syslog.Log, error) bool) {
		for {
			logs, err := s.rows(ctx, f, o, after, chunk, 0)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(syslog.Log{}, s.plain(err))
				return
			}
			for _, l := range logs {
				if (!inGo || chosen(&l)) && !yield(l, nil) {
					return
				}
			}
			if len(logs) < chunk {
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

// All yields every event that f chooses, newest first.
func (s *Store) All(ctx context.Context, f syslog.Filter) iter.Seq2[syslog.Log, error] {
	ctx = background(ctx)
	err := s.alive()
	if err == nil {
		f, err = f.Normalize()
	}
	if err != nil {
		return func(yield func(syslog.Log, error) bool) { yield(syslog.Log{}, err) }
	}
	return s.each(ctx, &f, syslog.Desc, nil)
}
