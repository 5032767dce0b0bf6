package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// longestLine bounds an event; a test's output comes line by line.
const longestLine = 64 << 20

// event is what `go test -json` tells; see go doc test2json. Events of a build
// have an import path instead of a package.
type event struct{ Action, Package, ImportPath, Test, Output string }

// tally is the result of a run.
type tally struct {
	passed, failed int
	skips          []string          // names of skipped tests
	failures       []string          // output of what failed
	open           map[string]string // output of what has not ended, by name
}

// read counts. A package is no test, but one that fails without a failed test in
// it (a build, a leak found at the end, a crash) counts as one that failed. An
// error means that the run cannot be judged.
func read(r io.Reader) (tally, error) {
	t := tally{open: map[string]string{}}
	blamed := map[string]bool{} // packages with a failed test
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return t, fmt.Errorf("not an event of go test -json: %.200q", lines.Text())
		}
		name := strings.TrimSpace(e.Package + e.ImportPath + " " + e.Test)
		switch e.Action {
		case "output", "build-output":
			t.open[name] += e.Output
			continue
		case "fail":
			t.failures = append(t.failures, t.open[name])
			if e.Test != "" || !blamed[e.Package] {
				t.failed++
			}
			blamed[e.Package] = true
		case "build-fail":
			t.failures = append(t.failures, t.open[name])
		case "pass":
			if e.Test != "" {
				t.passed++
			}
		case "skip":
			if e.Test != "" { // else a package without tests
				t.skips = append(t.skips, name)
			}
		default:
			continue
		}
		delete(t.open, name)
	}
	return t, lines.Err()
}

// good says that tests ran, and all passed.
func (t tally) good() bool { return t.passed > 0 && t.failed == 0 && len(t.skips) == 0 }

// output is what failed tests printed, and then those that a crash or a timeout
// cut short.
func (t tally) output() string {
	var b strings.Builder
	for _, f := range t.failures {
		b.WriteString(f)
	}
	for _, name := range slices.Sorted(maps.Keys(t.open)) {
		fmt.Fprintf(&b, "== did not end: %s\n%s", name, t.open[name])
	}
	return b.String()
}
