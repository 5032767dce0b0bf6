package syslog_test

import (
	"fmt"
	"log"
	"log/slog"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// Code that logs through log/slog is recorded too.
func ExampleLogger_Handler() {
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, nil)
	if err != nil {
		log.Fatal(err)
	}

	l := slog.New(logger.Handler()).With("type", "IMPORT")
	l.Info("Import done", "actor", syslog.Admin("adm_1"), "rows", 1250)
	l.Warn("Import slow", "actor", "SYSTEM", slog.Group("took", "seconds", 90))
	l.Debug("below LevelInfo: not recorded")

	if err := logger.Close(); err != nil {
		log.Fatal(err)
	}
	for _, e := range st.Logs() {
		fmt.Println(e.Level, e.Type, e.Actor, e.ActorID, e.Message, string(e.Metadata))
	}
	// Output:
	// INFO IMPORT ADMIN adm_1 Import done {"rows":1250}
	// WARNING IMPORT SYSTEM  Import slow {"took":{"seconds":90}}
}
