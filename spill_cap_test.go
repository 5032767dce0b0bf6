package syslog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestFullDirectoryDropsTheOldestAndCountsThem(t *testing.T) {
	dir := t.TempDir()
	st := &memory{}
	st.setHook(func(context.Context, []syslog.Log) error { return syslog.RetryAfter(errAway, 5*time.Millisecond) })
	var mu sync.Mutex
	drops := map[string]map[syslog.LogLevel]uint64{}
	l, err := syslog.New(st, &syslog.Config{
		SpillDir: dir, SpillMaxBytes: 1 << 20, QueueSize: 500, MaxMetadata: 4096, Logger: quiet(),
		OnDrop: func(d syslog.Drop) {
			mu.Lock()
			defer mu.Unlock()
			if drops[d.Reason] == nil {
				drops[d.Reason] = map[syslog.LogLevel]uint64{}
			}
			drops[d.Reason][d.Level] += d.Count
		},
	})
	require.NoError(t, err)
	const n = 20_000
	produced := map[syslog.LogLevel]uint64{}
	for i := range n {
		produced[syslog.Levels()[i%3]]++
		g := syslog.Log{Type: "T", ActorID: strconv.Itoa(i), Level: syslog.Levels()[i%3], Message: strings.Repeat("x", 100)}
		for l.Stats().Queued > 340 { // the disk is slower than this loop
			time.Sleep(time.Millisecond)
		}
		require.NoError(t, l.Log(ctx(), g))
		if i%500 == 0 {
			conserved(t, l)
			require.LessOrEqual(t, sizeOf(t, dir), int64(1<<20+1<<10))
		}
	}
	st.setHook(nil)
	err = l.Shutdown(ctx())
	var lost *syslog.LostError
	require.ErrorAs(t, err, &lost)
	require.ErrorContains(t, err, "spill directory was full")
	conserved(t, l)
	s := l.Stats()
	require.EqualValues(t, lost.Count, s.Dropped)
	require.Zero(t, s.Refused)

	told := map[syslog.LogLevel]uint64{}
	last := -1
	for _, g := range st.all() {
		if g.Type != "T" {
			var m struct {
				Full map[string]uint64 `json:"spill_full"`
			}
			require.NoError(t, json.Unmarshal(g.Metadata, &m))
			for level, n := range m.Full {
				lv, err := syslog.ParseLevel(level)
				require.NoError(t, err)
				told[lv] += n
			}
			continue
		}
		produced[g.Level]--
		i, err := strconv.Atoi(g.ActorID)
		require.NoError(t, err)
		require.Greater(t, i, last, "in order")
		last = i
	}
	require.Equal(t, n-1, last, "the newest are kept")
	require.Equal(t, produced, s.DroppedByLevel, "by level, exactly")
	require.Equal(t, produced, told, "the log shows its own holes")
	mu.Lock()
	defer mu.Unlock()
	require.Equal(t, map[string]map[syslog.LogLevel]uint64{"spill_full": produced}, drops)
}

func sizeOf(t *testing.T, dir string) (n int64) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	}))
	return n
}

// TestStderrChild is the body of the process that TestLostCriticalGoesToStderr starts.
func TestStderrChild(t *testing.T) {
	if os.Getenv("SYSLOG_TEST_STDERR") == "" {
		return
	}
	st := &memory{}
	release := make(chan struct{})
	st.setHook(func(context.Context, []syslog.Log) error { <-release; return nil })
	l, err := syslog.New(st, &syslog.Config{QueueSize: 10, Logger: quiet()})
	require.NoError(t, err)
	for i := range 100 {
		l.Critical(ctx(), "C", syslog.User(fmt.Sprint(i)), "m", syslog.Metadata{"password": "hunter2"})
		l.Error(ctx(), "E", syslog.User(fmt.Sprint(i)), "m")
	}
	close(release)
	require.NoError(t, l.Close())
	require.EqualValues(t, 20, l.Stats().Stderr)
	l.Critical(ctx(), "AFTER", syslog.System(), "m") // hushed: too many a moment ago
	l.Error(ctx(), "AFTER", syslog.System(), "m")
}

func TestLostCriticalGoesToStderr(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestStderrChild$", "-test.count=1")
	cmd.Env = append(os.Environ(), "SYSLOG_TEST_STDERR=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, string(out))
	text := stderr.String()
	require.Equal(t, 20, strings.Count(text, "CRITICAL  C"), text)
	require.Contains(t, text, "more CRITICAL event(s) were lost and not printed")
	require.Contains(t, text, "[REDACTED]")
	require.NotContains(t, text, "hunter2")
	require.NotContains(t, text, "ERROR")
}

func TestEachSinkHasADiskOfItsOwn(t *testing.T) {
	dir := t.TempDir()
	st, web := &memory{}, &memory{}
	web.setHook(func(context.Context, []syslog.Log) error { return errAway })
	cfg := syslog.Config{SpillDir: dir, QueueSize: 100, Logger: quiet(), Sinks: []syslog.SinkConfig{
		{Name: "web", Sink: web, MinLevel: syslog.LevelWarning, Filter: func(g syslog.Log) bool { return g.ActorID != "7" }, BestEffort: true},
	}}
	l, err := syslog.New(st, &cfg)
	require.NoError(t, err)
	const n = 5000
	for i := range n {
		level := syslog.Levels()[i%2]
		for l.Stats().Sinks["web"].Queued > 60 { // the disk is slower than this loop
			time.Sleep(time.Millisecond)
		}
		require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", ActorID: strconv.Itoa(i), Level: level}))
		if i%50 == 0 {
			require.NoError(t, l.Flush(ctx()), "a sink that is best effort is not waited for")
		}
	}
	require.NoError(t, l.Flush(ctx()))
	require.Len(t, numbered(st), n)
	s := l.Stats()
	require.Zero(t, s.Spilled)
	require.NotZero(t, s.Sinks["web"].Spilled)
	require.NoError(t, l.Close(), "it is given up, and what it has left is on disk")
	conserved(t, l)
	require.Equal(t, []string{"sink-web"}, entries(t, dir))

	web.setHook(nil)
	cfg.Sinks[0].BestEffort = false
	l = open(t, st, cfg)
	require.NoError(t, l.Flush(ctx()))
	require.Len(t, numbered(web), n/2-1)
	require.EqualValues(t, n/2-1, l.Stats().Sinks["web"].Written)
	require.NoError(t, l.Close())
	require.Empty(t, entries(t, dir))
}
