package crashtest

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests, or one of the programs that they start. What the tests
// leave behind is a failure: goroutines, open files, and files in the directory for
// temporary ones.
func TestMain(m *testing.M) {
	if run, ok := programs[os.Getenv(programEnv)]; ok {
		run()
		return
	}
	dir, err := os.MkdirTemp("", "syslog-crash-")
	if err == nil {
		err = os.Chmod(dir, 0o755) //nolint:gosec // servers run as another user
	}
	if err == nil {
		err = os.Setenv("TMPDIR", dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	// They wait for time to pass rather than for a processor.
	if err := flag.Set("test.parallel", "7"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	before := openFiles()
	code := m.Run()
	left := []string{}
	if err := goleak.Find(); err != nil {
		left = append(left, err.Error())
	}
	for file, n := range openFiles() {
		if n > before[file] {
			left = append(left, fmt.Sprintf("%s is open %d time(s) more than before", file, n-before[file]))
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		left = append(left, err.Error())
	}
	for _, e := range entries {
		left = append(left, dir+"/"+e.Name()+" is left over")
	}
	if err := os.RemoveAll(dir); err != nil {
		left = append(left, err.Error())
	}
	if code == 0 && len(left) > 0 {
		fmt.Fprintln(os.Stderr, "left behind:", strings.Join(left, "\n"))
		code = 1
	}
	os.Exit(code)
}

// openFiles counts what is open, but for what the runtime keeps for itself.
func openFiles() map[string]int {
	out := map[string]int{}
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err == nil && to != "anon_inode:[eventpoll]" && to != "anon_inode:[eventfd]" {
			kind, _, _ := strings.Cut(to, ":[") // of sockets and pipes the number says nothing
			out[kind]++
		}
	}
	return out
}
