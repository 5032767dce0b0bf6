package spill

import (
	"errors"
	"fmt"
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
	var buf []byte
	for i, n := range numbers {
		l.number = max(l.number, n)
		l.recover(n, i == len(numbers)-1, at, &buf, &r)
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

// Owns reports whether a file or directory of this name may be the package's.
func Owns(name string) bool {
	_, segment := numberOf(name)
	return segment || name == cursorName || name == lockName || name == quarantine
}

func highest(dir string) uint64 {
	numbers, _ := list(dir)
	if len(numbers) == 0 {
		return 0
	}
	return numbers[len(numbers)-1]
}

// recover takes what is good of a segment.
func (l *Log) recover(number uint64, newest bool, cur place, buf *[]byte, r *Recovery) {
	path := filepath.Join(l.opt.Dir, fmt.Sprintf(nameOfFiles, number))
	note := func(format string, args ...any) {
		r.Notes = append(r.Notes, path+": "+fmt.Sprintf(format, args...))
	}
	found, err := load(path, buf)
	switch {
	case found.size == 0 && errors.Is(err, errNoHead):
		_ = os.Remove(path) // the crash came before anything was written
		return
	case errors.Is(err, errNewer):
		note("left where it is: %v", err)
		return
	case err != nil: // left where it is, it might pass for delivered one day
		if aside := putAside(path); aside != nil {
			note("%v; moving it to %s failed: %v", err, quarantine, aside)
			return
		}
		note("%v: moved to %s", err, quarantine)
		return
	}
	if found.torn && newest {
		last := len(found.gaps) - 1
		g := found.gaps[last]
		found.gaps = found.gaps[:last]
		note("the last %d event(s) had not been written to their end", total(g.counts))
		if os.Truncate(path, g.from) == nil { // else it passes for damage once it is not the newest
			found.size = g.from
		}
	}
	s := &segment{head: found.head, path: path, end: found.size, jumps: map[int64]int64{}, damaged: len(found.gaps) > 0}
	s.number = number // the file's name decides
	before := func(off int64) bool { return number < cur.number || number == cur.number && off < cur.off }
	skipAt := func(off int64) int {
		if number == cur.number && off == cur.off {
			return cur.skip
		}
		return 0
	}
	for _, g := range found.gaps {
		s.jumps[g.from] = g.to
		if before(g.from) {
			g.counts = [Levels]uint32{}
		}
		skip := uint32(skipAt(g.from))
		for lv, n := range g.counts { // which levels were delivered is not known: the least important ones, say
			done := min(n, skip)
			skip -= done
			g.counts[lv] -= done
			r.Lost[lv] += uint64(n - done)
		}
		note("%d bytes at %d are damaged, with %d event(s) known to have been there: it goes to %s once the rest is delivered",
			g.to-g.from, g.from, total(g.counts), quarantine)
	}
	s.first = uint64(r.Events) + 1
	for _, f := range found.batches {
		skip := skipAt(f.off)
		if before(f.off) || skip >= f.batch.events() {
			continue
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
