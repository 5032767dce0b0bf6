// Slog records through the standard library's log/slog: code that logs with it
// already needs no change.
//
//	go run ./examples/slog
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
)

func main() {
	dir, err := os.MkdirTemp("", "slog-")
	if err == nil {
		err = errors.Join(run(os.Stdout, filepath.Join(dir, "app-logs.db")), os.RemoveAll(dir))
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer, path string) (err error) {
	ctx := context.Background()
	st, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	logger, err := syslog.New(st, nil)
	if err != nil {
		return errors.Join(err, st.Close(ctx))
	}
	defer func() { err = errors.Join(err, logger.Close()) }()

	work(slog.New(logger.Handler()))

	if err := logger.Flush(ctx); err != nil {
		return err
	}
	page, err := logger.Query(ctx, syslog.Query{Order: syslog.Asc})
	if err != nil {
		return err
	}
	for _, l := range page.Logs {
		who := string(l.Actor)
		if l.ActorID != "" {
			who += " " + l.ActorID
		}
		if _, err := fmt.Fprintf(w, "%-8v  %-16s  %-15s  %-22s  %s\n", l.Level, l.Type, who, l.Message, l.Metadata); err != nil {
			return err
		}
	}
	return nil
}

// work logs as any program does.
func work(log *slog.Logger) {
	// type, actor and actorId fill the event's fields; the rest is metadata.
	log.Info("User signed in", "type", "USER_LOGIN", "actor", "USER", "actorId", "usr_ada",
		"ipAddress", "203.0.113.7")

	// The actor in one value, and what a part of the program always adds.
	payouts := log.With("actor", syslog.Creator("cre_zoe"), "component", "payouts")
	payouts.Warn("Payout is late", "type", "PAYOUT_LATE", "payoutId", "po_1", "daysLate", 3)

	// Groups are objects within the metadata; a type that stood behind WithGroup
	// would be in there, too. An event without one is UNSPECIFIED.
	payouts.WithGroup("bank").Error("Transfer refused", "code", "AC04",
		slog.Group("account", "country", "FR", "closed", true))

	// Our levels lie on log/slog's scale. Without an actor an event is the SYSTEM's.
	log.Log(context.Background(), slog.Level(syslog.LevelCritical), "Disk is full", "type", "DISK_FULL", "free", 0)

	// Debug is below INFO, and not recorded.
	log.Debug("Cache missed")
}
