package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// WithClock is opts with a clock, and a channel that has the upkeep run.
func WithClock(opts Options, now func() time.Time, tick <-chan time.Time) *Options {
	opts.now, opts.tick = now, tick
	return &opts
}

// Lost gives tests the processes of lost COPYs.
type Lost struct{ lost }

func (l *Lost) Add(pid uint32) { l.add(pid) }

func (l *Lost) End(ctx context.Context, pg *pgconn.PgConn, statement string) {
	l.end(ctx, pg, statement)
}

func (l *Lost) Len() int { return len(l.pids) }
