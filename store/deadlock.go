package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// deadlock is the SQLSTATE of a transaction that was undone because another waited for it
// while it waited for that one.
const deadlock = "40P01"

// mostDeadlocks is how often in a row one is put up with.
const mostDeadlocks = 10

// untangled does f, which is one transaction. Others who delete or change the same rows may
// lock them in another order: it is undone then, and takes its turn again.
func untangled(ctx context.Context, f func() error) error {
	for tries := 1; ; tries++ {
		err := f()
		if !hasState(err, deadlock) || tries > mostDeadlocks {
			return err
		}
		if err := pause(ctx, time.Duration(1+rand.IntN(20*tries))*time.Millisecond); err != nil {
			return err
		}
	}
}

// hasState reports whether the server gave this SQLSTATE.
func hasState(err error, state string) bool {
	var coded interface{ SQLState() string }
	return errors.As(err, &coded) && coded.SQLState() == state
}
