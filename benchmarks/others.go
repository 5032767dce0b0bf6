package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A turn in which other programs took more than this share of the machine is taken
// again, so many times, where a side can do that.
const (
	mostOthers = 0.12
	mostAgain  = 2
)

// cpuTime is what was used since the machine started, in ticks: all there was, all
// that was used, and what this process and those that it started used.
type cpuTime struct{ all, used, ours float64 }

// readCPU reads it from Linux's /proc; elsewhere it is zero.
func readCPU() (t cpuTime) {
	text, _ := os.ReadFile("/proc/stat")
	first, _, _ := strings.Cut(string(text), "\n")
	for i, f := range strings.Fields(first) { // cpu user nice system idle iowait irq softirq steal
		if v, err := strconv.ParseFloat(f, 64); err == nil && i <= 8 {
			t.all += v
			if i != 4 && i != 5 {
				t.used += v
			}
		}
	}
	children := map[string][]string{}
	ticks := map[string]float64{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, _ := os.ReadFile(file)         // one that has ended has none
		_, rest, ok := cutLast(string(text)) // the name in brackets may hold anything
		fields := strings.Fields(rest)
		if !ok || len(fields) < 15 {
			continue
		}
		pid := filepath.Base(filepath.Dir(file))
		children[fields[1]] = append(children[fields[1]], pid)
		for _, f := range fields[11:15] { // its own, and those of children that have ended
			v, _ := strconv.ParseFloat(f, 64)
			ticks[pid] += v
		}
	}
	family := []string{strconv.Itoa(os.Getpid())}
	for len(family) > 0 {
		t.ours += ticks[family[0]]
		family = append(family[1:], children[family[0]]...)
	}
	return t
}

func cutLast(s string) (before, after string, found bool) {
	if i := strings.LastIndex(s, ")"); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// othersSince is the share of the machine that other programs, and the kernel for
// itself, took since.
func (t cpuTime) othersSince() float64 {
	now := readCPU()
	if now.all <= t.all {
		return 0
	}
	return max(0, ((now.used-t.used)-(now.ours-t.ours))/(now.all-t.all))
}

// othersNote tells how quiet the machine was.
func othersNote(shares []float64, again int) string {
	slices.Sort(shares)
	return fmt.Sprintf("Others took %.0f %% of the machine in the median turn, and at most %.0f %%. %d turns were taken again for that.",
		100*median(shares), 100*shares[len(shares)-1], again)
}
