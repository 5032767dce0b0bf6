package postgres

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// upkeepEvery is how often partitions and indexes are looked after: often enough
// for the shortest period, and three of them are there in advance.
const upkeepEvery = time.Hour

// upkeep runs tasks in the background until it is stopped.
type upkeep struct {
	tasks  []func(ctx context.Context) error
	log    *slog.Logger
	tick   <-chan time.Time
	cancel context.CancelFunc
	done   chan struct{}
}

// start begins with a round of the tasks.
func (u *upkeep) start() {
	ctx, cancel := context.WithCancel(context.Background())
	u.cancel, u.done = cancel, make(chan struct{})
	tick, end := u.tick, func() {}
	if tick == nil {
		t := time.NewTicker(upkeepEvery)
		tick, end = t.C, t.Stop
	}
	go func() {
		defer close(u.done)
		defer end()
		for {
			u.round(ctx)
			select {
			case <-tick:
			case <-ctx.Done():
				return
			}
		}
	}()
}

func (u *upkeep) round(ctx context.Context) {
	for _, task := range u.tasks {
		if err := task(ctx); err != nil && ctx.Err() == nil {
			u.log.ErrorContext(ctx, "syslog: looking after the table failed, and is tried again later"+hint(err), "error", plain(err))
		}
	}
}

// stop ends the upkeep, and with it a statement that is running.
func (u *upkeep) stop() error {
	u.cancel()
	select {
	case <-u.done:
		return nil
	case <-time.After(stopTime):
		return errors.New("postgres: the upkeep of the table does not end: a statement hangs")
	}
}

// stopTime is how long a store waits for its upkeep when it is closed.
const stopTime = 5 * time.Second
