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

// Commit waits until the event is stored, for what must not be lost.
func ExampleLogger_Commit() {
	ctx := context.Background()
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, &syslog.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()
	erased := syslog.Log{
		Type: "ACCOUNT_ERASED", Actor: syslog.ActorAdmin, ActorID: "adm_1", Message: "Account usr_1 erased",
	}

	st.FailWrites(errors.New("connection refused"), 2) // the logger tries again
	fmt.Println(logger.Commit(ctx, erased), len(st.Logs()))

	st.FailWrites(syslog.Permanent(errors.New("disk quota")), 1) // that is final
	err = logger.Commit(ctx, erased)
	fmt.Println(err, errors.Is(err, syslog.ErrLost))
	// Output:
	// <nil> 1
	// syslog: event lost: disk quota true
}
