package crashtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// expired is a context that has ended.
func expired() context.Context {
	c, cancel := context.WithCancel(ctx)
	cancel()
	return c
}

// tally counts what a sink gets, by ID.
type tally struct {
	mu  sync.Mutex
	ids map[string]int
}

func (s *tally) Write(_ context.Context, logs []syslog.Log) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range logs {
		s.ids[logs[i].ID]++
	}
	return nil
}

func (s *tally) Close(context.Context) error { return nil }

func TestTerminatedProgramKeepsAllThatItAccepted(t *testing.T) {
	t.Parallel()
	for _, durability := range levels {
		for _, hangs := range []string{"nothing", "store", "sink"} {
			for _, patience := range []time.Duration{0, 200 * time.Millisecond} {
				t.Run(fmt.Sprintf("level %d, %s hangs, %v", durability, hangs, patience), func(t *testing.T) {
					t.Parallel()
					dir := t.TempDir()
					j := serveJob{DB: filepath.Join(dir, "events.db"), Spill: filepath.Join(dir, "spill"), Durability: durability, Hangs: hangs, Patience: patience}
					terminate(t, j)
				})
			}
		}
	}
}

func terminate(t *testing.T, j serveJob) {
	p := start(t, "serve", j)
	var accepted, copied, refused int
	for line := range p.lines {
		if line == "open" {
			time.AfterFunc(100*time.Millisecond+rand.N(time.Second), func() { p.signal(syscall.SIGTERM) }) //nolint:gosec // no secret
			continue
		}
		if n, _ := fmt.Sscanf(line, "accepted %d %d %d", &accepted, &copied, &refused); n == 0 {
			t.Log(line)
		}
	}
	require.NoError(t, p.wait(), p.stderr.String())
	require.Positive(t, accepted)
	cfg := syslog.Config{SpillDir: j.Spill}
	hooked := &tally{ids: map[string]int{}}
	if j.Hangs == "sink" {
		// What eight writers had on the way to both may have found the sink's queue closed.
		require.LessOrEqual(t, accepted-copied, 8)
		require.LessOrEqual(t, refused, 16)
		cfg.Sinks = []syslog.SinkConfig{{Name: hook, Sink: hooked}}
	}
	reopen(t, j.DB, cfg)
	require.Equal(t, accepted, served(t, j.DB))
	if j.Hangs == "sink" {
		require.Len(t, hooked.ids, copied)
		for id, n := range hooked.ids {
			require.Equal(t, 1, n, id)
		}
	}
}

// served is how many events of the program serve are in the database.
func served(t *testing.T, db string) (n int) {
	t.Helper()
	open := direct(t, db)
	require.NoError(t, open.QueryRow("SELECT count(*) FROM system_logs WHERE type = 'SERVED'").Scan(&n))
	return n
}

func TestShutdownsBesideWritersKeepAllThatWasAccepted(t *testing.T) {
	t.Parallel()
	for round := range 12 {
		dir := t.TempDir()
		db, spill := filepath.Join(dir, "events.db"), filepath.Join(dir, "spill")
		st, err := sqlite.Open(db)
		require.NoError(t, err)
		var store syslog.Store = st
		if round%3 == 0 {
			store = away{st}
		}
		l, err := syslog.New(store, &syslog.Config{
			SpillDir: spill, Durability: levels[round%2],
			Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		})
		require.NoError(t, err)
		var accepted atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for {
					switch err := l.Log(ctx, syslog.Log{Type: "SERVED"}); {
					case err == nil:
						accepted.Add(1)
					case errors.Is(err, syslog.ErrClosed):
						return
					}
				}
			})
		}
		await(t, "there is a load", func() bool { return accepted.Load() > int64(rand.IntN(20_000)) }) //nolint:gosec // no secret
		for _, how := range []context.Context{expired(), expired(), ctx}[:2+round%2] {
			all.Go(func() {
				var left *syslog.ShutdownError
				if err := l.Shutdown(how); err != nil && (!errors.As(err, &left) || left.OnDisk != spill) {
					t.Errorf("not closed: %v", err)
				}
			})
		}
		all.Wait()
		conserved(t, l)
		reopen(t, db, syslog.Config{SpillDir: spill})
		require.EqualValues(t, accepted.Load(), served(t, db), "round %d", round)
	}
}
