// Quickstart logs a day of a marketplace into an embedded database and reads it
// back: a table, a filter, a page by cursor, statistics and a cleanup.
//
//	go run ./examples/quickstart
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

func main() {
	db := flag.String("db", "", "`path` of the database; default: a fresh one in a temporary folder")
	flag.Parse()
	if err := start(*db); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

// start runs the tour on the terminal, on a database of its own unless one is given.
func start(db string) error {
	if db == "" {
		dir, err := os.MkdirTemp("", "syslog-quickstart-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		db = filepath.Join(dir, "app-logs.db")
	}
	return run(os.Stdout, db, os.Getenv("NO_COLOR") == "" && terminal(os.Stdout))
}

// terminal reports whether a person is likely to read f.
func terminal(f *os.File) bool {
	st, err := f.Stat()
	return err == nil && st.Mode()&fs.ModeCharDevice != 0
}
