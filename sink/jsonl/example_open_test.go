package jsonl_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/jsonl"
)

// An archive beside the database: a file a day, kept for a year.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	archive, err := jsonl.Open(filepath.Join(dir, "events.jsonl"), &jsonl.Options{
		RotateEvery: 24 * time.Hour,
		MaxFiles:    365,
		Sync:        jsonl.SyncAlways,
	})
	if err != nil {
		log.Fatal(err)
	}
	// In a program: syslog.Config{Sinks: []syslog.SinkConfig{{Name: "archive", Sink: archive}}},
	// and the logger closes it.
	err = archive.Write(context.Background(), []syslog.Log{{ID: "1", Type: "SYSTEM_START", Actor: syslog.ActorSystem}})
	fmt.Println(err, archive.Close(context.Background()))
	// Output: <nil> <nil>
}
