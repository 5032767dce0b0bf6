package jsonl

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// stamp is the time in the name of a rotated file, and suffix the whole of what
// follows its path and a dot: in one millisecond there may be several.
const stamp = "20060102T150405.000"

var suffix = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}-\d{3}$`)

// rotate moves the current file, which st describes, out of the way. The next
// write opens a new one. After an error it is tried again.
func (f *logFile) rotate(st fs.FileInfo) error {
	if err := f.drop(); err != nil {
		return err
	}
	now, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(now, st) {
		return nil // another program was faster
	}
	if err != nil {
		return err
	}
	old, err := f.rotated()
	if err != nil {
		return err
	}
	name, err := f.nextName(old)
	if err != nil {
		return err
	}
	if err := os.Rename(f.path, f.path+"."+name); err != nil {
		return err
	}
	f.prune(append(old, name))
	if f.opts.Sync == SyncAlways {
		return syncDir(f.path)
	}
	return nil
}

// rotated lists the suffixes of the rotated files, oldest first.
func (f *logFile) rotated() ([]string, error) {
	entries, err := os.ReadDir(filepath.Dir(f.path)) // sorted by name
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filepath.Base(f.path)+".")
		if ok && e.Type().IsRegular() && suffix.MatchString(rest) {
			names = append(names, rest)
		}
	}
	slices.Sort(names)
	return names, nil
}

// nextName is a suffix that sorts behind those there are, also when the clock
// went back.
func (f *logFile) nextName(old []string) (string, error) {
	t := f.opts.Now().UTC().Truncate(time.Millisecond)
	name := t.Format(stamp) + "-001"
	if len(old) == 0 || old[len(old)-1] < name {
		return name, nil
	}
	last := old[len(old)-1]
	var n int
	if _, err := fmt.Sscanf(last[len(stamp):], "-%03d", &n); err != nil {
		return "", err
	}
	if n < 999 {
		return fmt.Sprintf("%s-%03d", last[:len(stamp)], n+1), nil
	}
	t, err := time.Parse(stamp, last[:len(stamp)])
	if err != nil {
		return "", err
	}
	return t.Add(time.Millisecond).Format(stamp) + "-001", nil
}

// prune removes the oldest rotated files. What cannot be removed is tried again
// by the next rotation, and reported by Close.
func (f *logFile) prune(names []string) {
	f.stuck = nil
	if f.opts.MaxFiles == 0 {
		return
	}
	for len(names) > f.opts.MaxFiles {
		err := os.Remove(f.path + "." + names[0])
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			f.stuck = errors.Join(f.stuck, err)
		}
		names = names[1:]
	}
}
