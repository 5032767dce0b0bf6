package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"gorm.io/gorm"
)

const (
	// patience is how long a transaction waits to begin while the database is
	// another's, whatever timeout a host's handle has.
	patience = 10 * time.Second
	// rollbackTime is how long undoing may take once the context has ended.
	rollbackTime = 5 * time.Second
)

// transact runs f in a transaction on a connection of its own, and undoes it if f
// fails. f must use what it is given.
func (s *Store) transact(ctx context.Context, f func(tx gorm.ConnPool) error) error {
	conn, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if s.dialect.Begin == "" {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if err := f(tx); err != nil {
			_ = tx.Rollback() // database/sql discards a connection where this fails
			return err
		}
		return tx.Commit()
	}
	if err := s.begin(ctx, conn); err != nil {
		return err
	}
	err = f(conn)
	if err == nil {
		err = s.commit(ctx, conn)
	}
	if err != nil {
		rollback(ctx, conn)
	}
	return err
}

// begin starts the transaction by the dialect's own statement: a host's handle may
// be set up for deferred ones, which fail late. The wait for another writer is
// made here, in small pieces, because drivers cannot interrupt theirs.
func (s *Store) begin(ctx context.Context, conn *sql.Conn) error {
	for until := time.Now().Add(patience); ; {
		_, err := conn.ExecContext(ctx, s.dialect.Begin)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			// The statement may have won the race against its cancellation.
			rollback(ctx, conn)
			return errors.Join(ctx.Err(), err)
		}
		if s.dialect.Busy == nil || !s.dialect.Busy(err) || time.Now().After(until) {
			return err
		}
		if err := pause(ctx, time.Millisecond+rand.N(10*time.Millisecond)); err != nil {
			return err
		}
	}
}

// commit ends a transaction. It is not cut short by ctx: nobody could say then
// whether it happened. A reader that is in the way, where there is no WAL, is
// waited for.
func (s *Store) commit(ctx context.Context, conn *sql.Conn) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	for {
		_, err := conn.ExecContext(whole, "COMMIT")
		if err == nil || s.dialect.Busy == nil || !s.dialect.Busy(err) {
			return err
		}
		if pauseErr := pause(whole, time.Millisecond+rand.N(10*time.Millisecond)); pauseErr != nil {
			return err
		}
	}
}

// rollback undoes a transaction, also when ctx has ended. A connection that may
// still be in one is discarded: nobody must inherit it.
func rollback(ctx context.Context, conn *sql.Conn) {
	undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	_, err := conn.ExecContext(undo, "ROLLBACK")
	// Some failures end the transaction by themselves. The connection is fine
	// then, and one to a database in memory must not be lost.
	if err == nil || strings.Contains(err.Error(), "no transaction is active") {
		return
	}
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
}

// exec runs one statement in a transaction of its own.
func (s *Store) exec(ctx context.Context, st *statement) (affected int64, err error) {
	err = s.transact(ctx, func(tx gorm.ConnPool) error {
		res, err := tx.ExecContext(ctx, st.sql(), st.args()...)
		if err == nil {
			affected, err = res.RowsAffected()
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return affected, nil
}

// busySQLite recognises the wait for another writer.
func busySQLite(err error) bool {
	code := 0
	for inner := err; code == 0 && inner != nil; inner = errors.Unwrap(inner) {
		code = resultCode(inner)
	}
	if code != 0 {
		return code&0xff == sqliteBusy || code&0xff == sqliteLocked
	}
	text := err.Error()
	return strings.Contains(text, "database is locked") || strings.Contains(text, "table is locked")
}
