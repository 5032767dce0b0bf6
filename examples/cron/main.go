// Cron deletes old events once a day, at 03:00 UTC.
//
//	go run ./examples/cron        # until Ctrl-C
//	go run ./examples/cron -now   # once, at once
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/robfig/cron/v3"
)

// daily is minute, hour, day, month and weekday.
const daily = "0 3 * * *"

func main() {
	now := flag.Bool("now", false, "clean up once and end")
	path := flag.String("db", "", "`path` of the database; default: a fresh one in a temporary folder")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, *path, *now); err != nil {
		log.Fatal(err)
	}
}

func start(ctx context.Context, path string, now bool) error {
	demo := path == ""
	if demo {
		dir, err := os.MkdirTemp("", "cron-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		path = filepath.Join(dir, "app-logs.db")
	}
	return run(ctx, os.Stdout, path, now, demo)
}

// run cleans up by schedule until ctx ends, or only once. A demo has something to
// clean up; a database that somebody named gets no events but true ones.
func run(ctx context.Context, w io.Writer, path string, now, demo bool) (err error) {
	st, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	logger, err := syslog.New(st, nil)
	if err != nil {
		return errors.Join(err, st.Close(ctx))
	}
	defer func() { err = errors.Join(err, logger.Close()) }()
	if demo {
		if err := logSome(ctx, logger); err != nil {
			return err
		}
	}
	if now {
		return cleanup(ctx, w, logger)
	}

	c := cron.New(cron.WithLocation(time.UTC), cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	id, err := c.AddFunc(daily, func() {
		if err := cleanup(ctx, w, logger); err != nil {
			logger.APIError(ctx, "cron", err, syslog.System())
		}
	})
	if err != nil {
		return err
	}
	c.Start()
	next := c.Entry(id).Schedule.Next(time.Now().UTC())
	if _, err = fmt.Fprintf(w, "Next cleanup: %s\n", next.Format("Monday 2006-01-02 15:04 MST")); err == nil {
		<-ctx.Done()
	}
	<-c.Stop().Done() // a cleanup that runs has ended, too
	return err
}

// cleanup deletes what is too old and logs that it did.
func cleanup(ctx context.Context, w io.Writer, logger *syslog.Logger) error {
	stats, err := logger.Cleanup(ctx)
	if errors.Is(err, syslog.ErrCleanupRunning) {
		return nil // another process of the service is at it
	}
	// Stats say what was deleted, also where an error came in between.
	logger.System(ctx, "LOG_CLEANUP", fmt.Sprintf("Cleanup deleted %d event(s)", stats.TotalDeleted),
		syslog.Metadata{"stats": stats})
	if err != nil {
		return fmt.Errorf("cleanup: %w", err)
	}
	_, err = fmt.Fprintf(w, "Deleted %d INFO, %d WARNING and %d ERROR in %d ms.\n",
		stats.InfoDeleted, stats.WarningDeleted, stats.ErrorDeleted, stats.DurationMs)
	return err
}

// logSome stores events, of which one of each level but CRITICAL is too old.
func logSome(ctx context.Context, logger *syslog.Logger) error {
	const day = 24 * time.Hour
	for _, level := range syslog.Levels() {
		for _, age := range []time.Duration{day, 100 * day} {
			if err := logger.Log(ctx, syslog.Log{
				Level: level, Type: "EXAMPLE", CreatedAt: time.Now().Add(-age), Message: fmt.Sprintf("%v old", age),
			}); err != nil {
				return err
			}
		}
	}
	return logger.Flush(ctx)
}
