package syslog_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// A database that hangs lets the queue fill up. What it refuses then is counted,
// told to OnDrop, and written into the log itself once there is room again.
func ExampleDrop() {
	ctx := context.Background()
	drops := make(chan syslog.Drop, 1)
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, &syslog.Config{
		QueueSize: 1, // so that two events are too many
		OnDrop:    func(d syslog.Drop) { drops <- d },
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		log.Fatal(err)
	}

	release := st.Block()
	logger.System(ctx, "FIRST", "Kept", syslog.Metadata{"n": 1})
	err = logger.Log(ctx, syslog.Log{Type: "SECOND", Message: "Refused"})
	fmt.Println(errors.Is(err, syslog.ErrQueueFull))
	d := <-drops
	fmt.Println(d.Reason, d.Level, d.Count)

	release()
	if err := logger.Close(); err != nil {
		log.Fatal(err)
	}
	for _, l := range st.Logs() {
		fmt.Println(l.Level, l.Type, string(l.Metadata))
	}
	// Output:
	// true
	// queue_full INFO 1
	// INFO SYSTEM_FIRST {"n":1}
	// WARNING SYSTEM_EVENTS_DROPPED {"lost":1,"queue_full":{"INFO":1}}
}
