package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// leaseTime is how long a lock outlives the process that held it. It is renewed
// behind every batch, which takes a small part of that.
const leaseTime = time.Minute

// leaseTries is how often a lock is tried for that nobody seems to hold.
const leaseTries = 3

// lease is a lock that is a row: it works in every database and across
// processes, and one whose holder was killed runs out.
type lease struct {
	s           *Store
	name, owner string
	expires     time.Time
}

// acquire takes a lock, or returns ErrCleanupRunning.
func (s *Store) acquire(ctx context.Context, name string) (_ Lock, err error) {
	// Where two come at the same moment the row of one is refused. If it is gone
	// again when we look, that one is done already.
	for range leaseTries {
		l := &lease{s: s, name: name, owner: rand.Text(), expires: time.Now().Add(leaseTime)}
		if err = s.take(ctx, l); err == nil {
			return l, nil
		}
		if held, heldErr := s.held(ctx, s.write, name); heldErr == nil && held {
			return nil, syslog.ErrCleanupRunning
		}
		if ctx.Err() != nil || errors.Is(err, syslog.ErrCleanupRunning) {
			break
		}
	}
	return nil, fmt.Errorf("store: take the lock %q: %w", name, s.plain(err))
}

// take puts the row there, over one that ran out.
func (s *Store) take(ctx context.Context, l *lease) error {
	return s.transact(ctx, func(conn gorm.ConnPool) error {
		st := s.statement("DELETE FROM " + s.locks() + " WHERE name = ").arg(l.name).add(" AND expires_at < ")
		s.now(st, 0)
		if _, err := conn.ExecContext(ctx, st.sql(), st.args()...); err != nil {
			return err
		}
		if held, err := s.held(ctx, conn, l.name); err != nil || held {
			return errors.Join(err, errHeld(held))
		}
		st = s.statement("INSERT INTO " + s.locks() + " (name, owner, expires_at) VALUES (").arg(l.name).add(", ").arg(l.owner).add(", ")
		s.now(st, leaseTime)
		st.add(")")
		_, err := conn.ExecContext(ctx, st.sql(), st.args()...)
		return err
	})
}

// now adds the time in Unix milliseconds, a while from now, by the clock that all
// processes share, if there is one.
func (s *Store) now(st *statement, later time.Duration) {
	if s.dialect.Now == "" {
		st.arg(time.Now().Add(later).UnixMilli())
		return
	}
	st.add(s.dialect.Now + fmt.Sprintf(" + %d", later.Milliseconds()))
}

func errHeld(held bool) error {
	if held {
		return syslog.ErrCleanupRunning
	}
	return nil
}

// held reports whether somebody holds the lock.
func (s *Store) held(ctx context.Context, conn interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}, name string) (bool, error) {
	st := s.statement("SELECT COUNT(*) FROM " + s.locks() + " WHERE name = ").arg(name)
	var n int
	err := conn.QueryRowContext(ctx, st.sql(), st.args()...).Scan(&n)
	return n > 0, err
}

// Renew keeps the lock, and fails where another has it by now.
func (l *lease) Renew(ctx context.Context) error {
	if time.Until(l.expires) > leaseTime/2 {
		return nil
	}
	expires := time.Now().Add(leaseTime)
	st := l.s.statement("UPDATE " + l.s.locks() + " SET expires_at = ")
	l.s.now(st, leaseTime)
	st.add(" WHERE name = ").arg(l.name).add(" AND owner = ").arg(l.owner)
	n, err := l.s.exec(ctx, st)
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("the lock %q ran out and is another's now: %w", l.name, syslog.ErrCleanupRunning)
	}
	l.expires = expires
	return nil
}

// Release gives the lock back, also when ctx has ended.
func (l *lease) Release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	st := l.s.statement("DELETE FROM " + l.s.locks() + " WHERE name = ").arg(l.name).add(" AND owner = ").arg(l.owner)
	_, err := l.s.exec(ctx, st)
	return err
}
