package syslog_test

import (
	"context"
	"fmt"
	"log"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// pager is a destination of one's own: two methods.
type pager struct{}

// Write is called from one goroutine at a time, and again with the same events
// after an error.
func (pager) Write(_ context.Context, logs []syslog.Log) error {
	for _, l := range logs {
		fmt.Println("call somebody:", l.Message)
	}
	return nil
}

func (pager) Close(context.Context) error { return nil }

// A sink has its own queue and retries: one that hangs holds back neither the
// store nor the other sinks.
func ExampleSink() {
	ctx := context.Background()
	logger, err := syslog.New(syslogtest.NewStore(), &syslog.Config{
		Sinks: []syslog.SinkConfig{{Name: "pager", Sink: pager{}, MinLevel: syslog.LevelCritical}},
	})
	if err != nil {
		log.Fatal(err)
	}

	logger.Critical(ctx, "DATA_CORRUPTION", syslog.System(), "Payments and bookings differ")
	logger.System(ctx, "BACKUP", "Backup done")

	if err := logger.Close(); err != nil { // delivers what is queued
		log.Fatal(err)
	}
	stats := logger.Stats()
	fmt.Println(stats.Written, "stored,", stats.Sinks["pager"].Written, "to the pager")
	// Output:
	// call somebody: Payments and bookings differ
	// 2 stored, 1 to the pager
}
