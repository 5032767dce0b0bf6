// Postgres keeps the log in a PostgreSQL database, in partitions by month: what is
// too old is dropped, not deleted row by row.
//
//	go run ./examples/postgres postgres://user:password@localhost:5432/app
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: postgres postgres://user:password@host:5432/database")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// events is how many the program records at once.
const events = 20_000

func run(w io.Writer, dsn string) (err error) {
	ctx := context.Background()
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
	st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{
		Table:     "activity",
		Partition: postgres.Monthly,
		OnProgress: func(deleted int64) {
			say("  cleanup: %d deleted so far\n", deleted)
		},
	})
	if err != nil {
		return err // says what to do, and never the password
	}
	logger, err := syslog.New(st, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, logger.Close()) }()

	// Batches of these go in by COPY.
	start := time.Now()
	for i := range events {
		logger.Booking(ctx, syslog.BookingCreated, fmt.Sprintf("bk_%d", i), fmt.Sprintf("usr_%d", i%500), "cr_7",
			syslog.Metadata{"price": 50, "currency": "EUR"})
	}
	recorded := time.Since(start)
	if err := logger.Flush(ctx); err != nil {
		return err
	}
	took := time.Since(start)
	say("%d events: recorded in %v, stored in %v (%.0f a second)\n",
		events, recorded.Round(time.Millisecond), took.Round(time.Millisecond), events/took.Seconds())

	// Of last year's only what is critical stays.
	for i, level := range syslog.Levels() {
		old := syslog.Log{
			Level: level, Type: "SYSTEM_AUDIT", Actor: syslog.ActorSystem, Message: "Audit of last year",
			CreatedAt: time.Now().AddDate(-1, 0, i),
		}
		if err := logger.Commit(ctx, old); err != nil {
			return err
		}
	}
	stats, err := logger.Cleanup(ctx)
	if err != nil {
		return err
	}
	say("cleaned up: %d INFO, %d WARNING, %d ERROR\n", stats.InfoDeleted, stats.WarningDeleted, stats.ErrorDeleted)

	page, err := logger.Query(ctx, syslog.Query{Filter: syslog.Filter{ActorID: "usr_7"}, Limit: 3})
	if err != nil {
		return err
	}
	say("usr_7 did %d things, last:\n", page.Pagination.TotalCount)
	for _, l := range page.Logs {
		say("  %s  %s  %s\n", l.CreatedAt.Format(time.DateTime), l.Type, l.Message)
	}
	return nil
}
