package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
)

const (
	// repartitionLock is the name of the lock of which there is one for a table, in
	// any process: whoever has it may make and remove what a Repartition needs.
	repartitionLock = "repartition"
	// Its transaction does nothing else, and servers may be told to end such ones.
	renewEvery = time.Second
	// soleEvery is how often it is tried for.
	soleEvery = 500 * time.Millisecond
)

// errLost is why the context of f ends in sole, where others may have begun.
var errLost = errors.New("the connection that kept others from the same change is lost")

// sole runs f while nobody else does the same with the table. It waits for others
// to be done until ctx ends.
func (r *repartition) sole(ctx context.Context, f func(context.Context) error) error {
	lock, err := r.lock(ctx)
	if err != nil {
		return err
	}
	work, lose := context.WithCancelCause(ctx)
	// f cleans up behind the end of ctx, and nobody may begin before that is done.
	during, end := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for pause(during, renewEvery) == nil {
			if err := renew(during, lock); err != nil {
				lose(fmt.Errorf("%w: %w", errLost, err))
				return
			}
		}
	}()
	err = f(work)
	end()
	<-ended
	lose(nil)
	if releaseErr := lock.Release(during); releaseErr != nil {
		r.log.WarnContext(ctx, "syslog: repartition: the lock is given back only when the server finds its connection gone", "table", r.table, "error", releaseErr)
	}
	return err
}

// renew shows that a lock is still there, and keeps the server from ending its
// transaction as idle. A SELECT would not do: while it runs, and with some drivers
// until the next statement, the transaction has a snapshot, and an index that is
// built concurrently waits for whoever had one to end. SET needs none.
func renew(ctx context.Context, lock *held) error {
	// A statement that is cancelled takes its connection, and the lock, with it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	_, err := lock.tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0")
	return err
}

func (r *repartition) lock(ctx context.Context) (*held, error) {
	if r.db.Stats().MaxOpenConnections == 1 {
		return nil, errors.New("Repartition needs a connection for its lock and another one to work with: raise SetMaxOpenConns of the handle to 2 or more")
	}
	for waits := false; ; waits = true {
		lock, err := (&locker{db: r.db, table: r.table}).lock(ctx, repartitionLock)
		if err == nil {
			taken := lock.(*held)
			if err := renew(ctx, taken); err != nil {
				return nil, errors.Join(err, taken.Release(ctx))
			}
			return taken, nil
		}
		if !errors.Is(err, syslog.ErrCleanupRunning) {
			return nil, err
		}
		if !waits {
			r.log.InfoContext(ctx, "syslog: repartition: waiting for another one of the same table to be done", "table", r.table)
		}
		if err := pause(ctx, soleEvery); err != nil {
			return nil, fmt.Errorf("another Repartition of the table is at work, and was not done in time: let it end, and call again to see: %w", err)
		}
	}
}
