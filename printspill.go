package syslog

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/callastar/syslog/internal/spill"
)

// SpilledLog is a line of PrintSpill.
type SpilledLog struct {
	Sink string `json:"sink"` // "" is the store
	Log  Log    `json:"log"`
}

// PrintSpill prints the events in a Config.SpillDir that are not delivered yet, a
// [SpilledLog] a line as JSON: destination after destination, the oldest first. It
// changes nothing, and may be used beside the logger that has the directory. Given a
// directory of segments itself, such as store/quarantine below a SpillDir, it prints
// what is good there. docs/SPILL.md describes the files.
//
// A directory that does not exist is an error that wraps [fs.ErrNotExist]: a logger that
// ends with everything delivered removes it, but it may be misspelt, too.
//
// What cannot be read is left out, and the error tells of it; what can be read is
// printed all the same.
func PrintSpill(w io.Writer, dir string) error {
	if err := spillAt(dir); err != nil {
		return fmt.Errorf("syslog: spill directory: %w", err)
	}
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var errs []error
	print := func(folder, sink string) {
		var failed error
		notes, err := spill.Read(folder, func(f []byte) bool {
			failed = enc.Encode(SpilledLog{sink, fromFrame(f)})
			return failed == nil
		})
		for _, n := range notes {
			errs = append(errs, errors.New(n))
		}
		errs = append(errs, err, failed)
	}
	folders := spillFolders(dir)
	for _, name := range folders {
		print(filepath.Join(dir, name), nameOf(name))
	}
	if len(folders) == 0 {
		print(dir, "")
	}
	if err := errors.Join(append(errs, out.Flush())...); err != nil {
		return fmt.Errorf("syslog: spill directory: %w", err)
	}
	return nil
}

// spillAt fails where there is no spill directory, nor one of segments: nothing at all
// is not the same as nothing left.
func spillAt(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w: a logger that has delivered everything removes it; else the path is another", err)
	}
	if err != nil || len(entries) == 0 || len(spillFolders(dir)) > 0 {
		return err
	}
	for _, e := range entries {
		if spill.Owns(e.Name()) {
			return nil
		}
	}
	return fmt.Errorf("%s is none: it has neither a directory of a destination nor segments", dir)
}
