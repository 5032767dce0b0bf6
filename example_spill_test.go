package syslog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// A program that ends while its database is away leaves its events on disk. The next
// start delivers them.
func Example_spill() {
	dir, err := os.MkdirTemp("", "spill")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	cfg := &syslog.Config{SpillDir: filepath.Join(dir, "events"), Logger: slog.New(slog.DiscardHandler)}

	st := syslogtest.NewStore()
	st.FailWrites(errors.New("connection refused"), -1)
	logger, err := syslog.New(st, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	logger.Booking(context.Background(), syslog.BookingCreated, "bk_1", "usr_1", "cr_7")

	deadline, cancel := context.WithCancel(context.Background())
	cancel() // no time to wait for the database
	var left *syslog.ShutdownError
	if errors.As(logger.Shutdown(deadline), &left) {
		fmt.Println(left.Left, "event left, on disk:", left.OnDisk != "")
	}

	st = syslogtest.NewStore() // the database is back
	logger, err = syslog.New(st, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := logger.Close(); err != nil {
		fmt.Println(err)
	}
	for _, l := range st.Logs() {
		fmt.Println("stored:", l.Message)
	}
	// Output:
	// 1 event left, on disk: true
	// stored: Booking bk_1 created
}
