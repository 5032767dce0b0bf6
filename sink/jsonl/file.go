package jsonl

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Open makes a sink that appends to the file at path, which is created when it
// is missing; its folder is not. Nil options are their zero value.
//
// A line that a crash cut short is removed: its event was not acknowledged. A
// last line that is whole but for its end is ended.
//
// Rotated files lie beside the file as path.20060102T150405.000-001, with the
// time of the rotation in UTC, and sort by name in the order of their events.
// One process writes to a path; use paths of their own for several.
//
// The error names every wrong option, or says why the file cannot be written.
func Open(path string, opts *Options) (*Sink, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("jsonl: %w", err)
	}
	// The path must mean the same after a change of directory.
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("jsonl: %w", err)
	}
	f := &logFile{path: path, opts: o, open: openFile}
	if err := f.reopen(); err != nil {
		return nil, fmt.Errorf("jsonl: %w", err)
	}
	return &Sink{out: f}, nil
}

// handle is what is needed of an *os.File; tests replace it by one that fails.
type handle interface {
	io.ReaderAt
	io.Writer
	Stat() (fs.FileInfo, error)
	Truncate(size int64) error
	Sync() error
	Close() error
}

func openFile(path string, mode fs.FileMode) (handle, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, mode)
}

// logFile is an output that takes back what it wrote in part.
type logFile struct {
	path string
	opts Options
	open func(path string, mode fs.FileMode) (handle, error)

	h      handle    // nil: to be opened by the next write
	torn   bool      // the file may end within a line, at or after good
	good   int64     // where its last whole line ends, if torn
	period time.Time // of the last write, by RotateEvery
	stuck  error     // rotated files that could not be removed
}

// reopen opens the path afresh.
func (f *logFile) reopen() error {
	if err := f.drop(); err != nil {
		return err
	}
	h, err := f.open(f.path, f.opts.Mode)
	if err != nil {
		return err
	}
	st, err := h.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file; use New", f.path)
	}
	if err == nil {
		err = repair(h, st.Size())
	}
	if err == nil && f.opts.Sync == SyncAlways {
		err = syncDir(f.path) // a new file's name, too, must outlive the power
	}
	if err != nil {
		return errors.Join(err, h.Close())
	}
	f.h, f.torn = h, false
	f.period = f.periodOf(f.opts.Now())
	if st.Size() > 0 {
		f.period = f.periodOf(st.ModTime())
	}
	return nil
}

// drop closes the file; the next write opens it again.
func (f *logFile) drop() error {
	h := f.h
	if h == nil {
		return nil
	}
	err := f.mend()
	if err == nil && f.opts.Sync != SyncNever {
		err = h.Sync()
	}
	f.h = nil
	return errors.Join(err, h.Close())
}

func (f *logFile) close() error { return errors.Join(f.drop(), f.stuck) }

// write appends whole lines. Those that do not fit into the file go to the next
// one, so that only a single long line can exceed MaxSize.
func (f *logFile) write(buf []byte, ends []int) error {
	from := 0
	for len(ends) > 0 {
		size, err := f.ready(int64(ends[0] - from))
		if err != nil {
			return err
		}
		n := 1
		for n < len(ends) && int64(ends[n]-from) <= f.opts.MaxSize-size {
			n++
		}
		if err := f.append(buf[from:ends[n-1]], size); err != nil {
			return err
		}
		from, ends = ends[n-1], ends[n:]
	}
	return nil
}

// ready makes the file ready for a line of this length, and returns its size.
func (f *logFile) ready(line int64) (int64, error) {
	for {
		if f.h == nil {
			if err := f.reopen(); err != nil {
				return 0, err
			}
		}
		if err := f.mend(); err != nil {
			return 0, err
		}
		st, err := f.h.Stat() // others may truncate the file
		if err != nil {
			return 0, err
		}
		size, period := st.Size(), f.periodOf(f.opts.Now())
		if size == 0 || line <= f.opts.MaxSize-size && !period.After(f.period) {
			f.period = period
			return size, nil
		}
		if err := f.rotate(st); err != nil {
			return 0, err
		}
	}
}

// append writes lines at the end of the file, all of them or none.
func (f *logFile) append(lines []byte, size int64) error {
	_, err := writeAll(f.h, lines)
	if err == nil && f.opts.Sync == SyncAlways {
		err = f.h.Sync()
	}
	if err != nil {
		f.torn, f.good = true, size
		return errors.Join(err, f.mend())
	}
	return nil
}

// mend takes back what a failed write left. Until that succeeds nothing is
// written.
func (f *logFile) mend() error {
	if !f.torn {
		return nil
	}
	st, err := f.h.Stat()
	if err == nil && st.Size() > f.good {
		err = f.h.Truncate(f.good)
	}
	f.torn = err != nil
	return err
}

// periodOf is the start of the period that t is in; always the same without
// rotation by age.
func (f *logFile) periodOf(t time.Time) time.Time {
	if f.opts.RotateEvery == 0 {
		return time.Time{}
	}
	return t.UTC().Truncate(f.opts.RotateEvery)
}
