package main

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
)

// run opens the database, logs a day and shows what can be done with it.
func run(w io.Writer, dbPath string, color bool) (err error) {
	ctx := context.Background()
	s := &screen{w: w, color: color}

	st, err := sqlite.Open(dbPath)
	if err != nil {
		return err
	}
	logger, err := syslog.New(st, nil)
	if err != nil {
		return errors.Join(err, st.Close(ctx))
	}
	defer func() { err = errors.Join(err, logger.Close(), s.err) }()

	s.title("A day of a marketplace", dbPath)
	for _, chapter := range []func(context.Context, *screen, *syslog.Logger) error{
		write, newest, filtered, paged, counted, cleaned, closed,
	} {
		if err := chapter(ctx, s, logger); err != nil {
			return err
		}
	}
	return nil
}

// write logs everything, then waits until it can be read.
func write(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call(`logger.Log(ctx, syslog.Log{Type: "BOOKING_CREATED", CreatedAt: …})`)
	rnd := rand.New(rand.NewPCG(1, 2)) // the same day every time
	day, err := logDay(ctx, logger, rnd, time.Now())
	if err != nil {
		return err
	}
	old, err := logAged(ctx, logger, rnd, time.Now())
	if err != nil {
		return err
	}
	s.say("%d events of the last 24 hours, and %d from 31 to 100 days ago.", day, old)

	s.call(`logger.Booking(ctx, syslog.BookingCreated, "bk_2048", "usr_ada", "cre_zoe")`)
	live, err := logLive(ctx, logger)
	if err != nil {
		return err
	}
	s.say("%d events happening now: one by every method that writes.", live)

	s.call("err := logger.Flush(ctx)")
	if err := logger.Flush(ctx); err != nil {
		return err
	}
	s.say("Writing never waits for the database. Flush does: all of it is stored now.")
	return nil
}
