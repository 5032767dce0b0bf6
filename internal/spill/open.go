package spill

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Recovery is what Open found.
type Recovery struct {
	Events int            // to be delivered, numbered from 1 on
	Counts [Levels]uint64 // the same by level
	Bytes  int64
	Lost   [Levels]uint64 // events that are known to have been in what is damaged
	Notes  []string       // what people should know
}

// Open opens the log in a directory, which need not exist: it is made with the
// first batch. The directory must be below a locked one. The error is one of the
// system's that keeps all of the directory from being read.
func Open(opt Options) (*Log, Recovery, error) {
	l := &Log{opt: opt}
	var r Recovery
	numbers, err := list(opt.Dir)
	if err != nil {
		return nil, r, err
	}
	at, gen := readCursor(opt.Dir)
	l.cur.gen = gen
	l.number = max(at.number, highest(filepath.Join(opt.Dir, quarantine)))
	for _, n := range numbers {
		l.number = max(l.number, n)
		path := filepath.Join(opt.Dir, fmt.Sprintf(nameOfFiles, n))
		if n < at.number {
			_ = os.Remove(path) // delivered; the crash came before it was removed
			continue
		}
		l.recover(path, n, at, &r)
	}
	return l, r, nil
}

// list returns the numbers of the segments in a directory. Other files are not ours.
func list(dir string) (numbers []uint64, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for _, e := range entries {
		if n, ok := numberOf(e.Name()); ok && e.Type().IsRegular() {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}

func numberOf(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, suffix)
	n, err := strconv.ParseUint(digits, 16, 63)
	return n, ok && err == nil && fmt.Sprintf(nameOfFiles, n) == name
}

func highest(dir string) uint64 {
	numbers, _ := list(dir)
	if len(numbers) == 0 {
		return 0
	}
	return numbers[len(numbers)-1]
}

// load reads a segment.
func load(path string) (img []byte, h head, err error) {
	f, err := os.Open(path) //nolint:gosec // in the host's own directory
	if err != nil {
		return nil, h, err
	}
	defer f.Close() //nolint:errcheck // only read
	if img, err = io.ReadAll(io.LimitReader(f, maxSegment)); err != nil {
		return nil, h, err
	}
	h, err = readHead(img)
	return img, h, err
}

// recover takes what is good of a segment.
func (l *Log) recover(path string, number uint64, cur place, r *Recovery) {
	note := func(format string, args ...any) {
		r.Notes = append(r.Notes, path+": "+fmt.Sprintf(format, args...))
	}
	img, h, err := load(path)
	if len(img) == 0 && (err == nil || errors.Is(err, errNoHead)) {
		_ = os.Remove(path) // the crash came before anything was written
		return
	}
	switch {
	case errors.Is(err, errNoHead):
		if err := putAside(path); err != nil {
			note("%v; moving it to %s failed: %v", errNoHead, quarantine, err)
			return
		}
		note("%v: moved to %s", errNoHead, quarantine)
		return
	case err != nil: // of a newer version, or unreadable now: left for who can read it
		note("left where it is: %v", err)
		return
	}
	found := scan(img, h.nonce)
	s := &segment{head: h, path: path, end: found.end, jumps: map[int64]int64{}, damaged: len(found.gaps) > 0}
	s.number = number // the file's name decides
	for _, g := range found.gaps {
		s.jumps[g.from] = g.to
		known := uint64(0)
		for lv, n := range g.counts {
			r.Lost[lv] += uint64(n)
			known += uint64(n)
		}
		note("%d bytes at %d are damaged, with %d event(s) known to have been there: it goes to %s once the rest is delivered",
			g.to-g.from, g.from, known, quarantine)
	}
	if found.torn > 0 {
		note("the last %d event(s) had not been written to their end", found.torn)
	}
	s.first = uint64(r.Events) + 1
	for _, f := range found.batches {
		skip := 0
		if number == cur.number {
			if f.off < cur.off {
				continue
			}
			if f.off == cur.off {
				skip = cur.skip
			}
			if skip >= f.batch.events() {
				continue
			}
		}
		if s.n == 0 {
			s.at = place{number, f.off, skip}
		}
		s.add(f, skip)
	}
	if s.n == 0 {
		s.remove()
		return
	}
	s.last = s.first + uint64(s.n) - 1
	for lv, n := range s.left {
		r.Counts[lv] += n
	}
	r.Events += s.n
	r.Bytes += s.end
	l.bytes += s.end
	l.segs = append(l.segs, s)
}
