package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
)

// keep writes what is in the table to files. It does not stay in memory: the
// garbage collector would look at it in the turns of those that do not need it.
func (in *ingest) keep(ctx context.Context) (err error) {
	st, err := postgres.Open(ctx, in.dsn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close(ctx)) }()
	var logs []syslog.Log
	for l, err := range st.All(ctx, syslog.Filter{}) { // newest first
		if err != nil {
			return err
		}
		logs = append(logs, l)
	}
	if len(logs) != in.rows {
		return fmt.Errorf("a logger stored %d events of %d", len(logs), in.rows)
	}
	slices.Reverse(logs)
	f, err := os.Create(in.keptPath())
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	if err := errors.Join(json.NewEncoder(w).Encode(logs), w.Flush(), f.Close()); err != nil {
		return err
	}
	return in.exportAll(ctx)
}

func (in *ingest) keptPath() string { return filepath.Join(in.dir, "kept.json") }

// events are what a logger made, in its order.
func (in *ingest) events() (logs []syslog.Log, err error) {
	text, err := os.ReadFile(in.keptPath())
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(text, &logs)
	runtime.GC() // not in the time of those who asked
	return logs, err
}
