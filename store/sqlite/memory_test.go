package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

const (
	memoryEvents = 1_234_567
	memoryQueue  = 16 << 20
	memoryLimit  = 150 << 20 // bytes, resident
)

// BenchmarkMemory has a process write 1 234 567 events as fast as it can through
// a queue of 16 MiB, and fails if it ever took more than 150 MiB.
func BenchmarkMemory(b *testing.B) {
	for b.Loop() {
		cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryChild$", "-test.count=1", "-test.v")
		cmd.Env = append(os.Environ(), "SYSLOG_TEST_MEMORY_DB="+filepath.Join(b.TempDir(), "m.db"))
		out, err := cmd.CombinedOutput()
		require.NoError(b, err, string(out))
		var peak, rows int64
		var seconds float64
		_, after, found := strings.Cut(string(out), "RESULT ")
		require.True(b, found, string(out))
		_, err = fmt.Sscan(after, &peak, &rows, &seconds)
		require.NoError(b, err)
		b.ReportMetric(float64(peak)/(1<<20), "MiB-peak")
		b.ReportMetric(float64(rows)/seconds, "rows/s")
		require.EqualValues(b, memoryEvents, rows)
		if !raceEnabled {
			require.Less(b, peak, int64(memoryLimit))
		}
	}
}

// TestMemoryChild is the process that BenchmarkMemory measures.
func TestMemoryChild(t *testing.T) {
	path := os.Getenv("SYSLOG_TEST_MEMORY_DB")
	if path == "" {
		return // run on its own it has nothing to do
	}
	ctx := context.Background()
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{QueueBytes: memoryQueue, QueueSize: 10_000_000})
	require.NoError(t, err)
	start := time.Now()
	for i := range memoryEvents {
		details := syslog.Metadata{"ip": "203.0.113.9", "attempt": i, "agent": "Mozilla/5.0 (X11; Linux x86_64)"}
		for l.Log(ctx, syslog.Log{Type: "USER_LOGIN", Actor: syslog.ActorUser, ActorID: "usr_00031", Message: "signed in"}, details) != nil {
			require.NoError(t, l.Flush(ctx)) // full: this program would rather wait
		}
	}
	require.NoError(t, l.Flush(ctx))
	took := time.Since(start)
	p, err := l.Query(ctx, syslog.Query{Filter: syslog.Filter{Type: "USER_LOGIN"}, Limit: 1})
	require.NoError(t, err)
	fmt.Printf("RESULT %d %d %f\n", peakResident(t), p.Pagination.TotalCount, took.Seconds())
	require.NoError(t, l.Close())
}

// peakResident is the most memory that this process ever had, in bytes.
func peakResident(t *testing.T) int64 {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(status), "VmHWM:")
	require.True(t, found)
	var kib int64
	_, err = fmt.Sscan(after, &kib)
	require.NoError(t, err)
	return kib << 10
}
