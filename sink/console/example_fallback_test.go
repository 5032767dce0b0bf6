package console_test

import (
	"log"
	"os"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/console"
)

// openStore stands for sqlite.Open or postgres.Open.
func openStore() (syslog.Store, error) { return nil, nil }

// While the database is down its events are shown on stderr, and stored later.
func ExampleFallback() {
	st, err := openStore() // for example sqlite.Open("app-logs.db")
	if err != nil {
		log.Fatal(err)
	}
	logger, err := syslog.New(console.Fallback(st, os.Stderr, nil), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()
}
