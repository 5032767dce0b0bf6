package crashtest

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/stretchr/testify/require"
)

// spillWindow is the second of level Spill, and what a write to disk takes on a busy
// machine.
const spillWindow = 1500 * time.Millisecond

func TestKilledProgramLosesASecondWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*pgtest.Server){"refusing": (*pgtest.Server).Stop, "hanging": (*pgtest.Server).Pause} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t)
			killWhileAway(t, server.DSN(), 1, func() { away(server) }, func() {
				if name == "refusing" {
					server.Start()
				}
				server.Resume()
			})
		})
	}
	t.Run("failing", func(t *testing.T) {
		t.Parallel()
		killWhileAway(t, filepath.Join(t.TempDir(), "events.db"), 3, nil, func() {})
	})
}

// killWhileAway kills programs one after the other whose database is away, and has
// what they left delivered. Without a way to take it away it is so from the start.
func killWhileAway(t *testing.T, db string, programs int, away, back func()) {
	spill := filepath.Join(t.TempDir(), "spill")
	var ledgers []*ledger
	for run := range programs {
		g := &ledger{run: run, said: map[string][]progress{}}
		ledgers = append(ledgers, g)
		p := start(t, "write", writeJob{
			DB: db, Spill: spill, Durability: syslog.Spill, Run: run, Events: 1 << 30, Slow: true, Away: away == nil,
		})
		var now <-chan time.Time
		for begun := false; !begun; {
			select {
			case line, more := <-p.lines:
				require.True(t, more, "it ended before it was killed: %s", p.stderr.String())
				g.hear(t, line)
				if line == "open" {
					now = time.After(500*time.Millisecond + rand.N(2*time.Second)) //nolint:gosec // no secret
				}
			case <-now:
				begun = true
			}
		}
		if away != nil {
			gone := make(chan struct{})
			go func() {
				defer close(gone)
				away()
			}()
			g.listen(t, p, gone)
			away = nil
		}
		over := make(chan struct{})
		time.AfterFunc(2*time.Second+rand.N(time.Second), func() { close(over) }) //nolint:gosec // no secret
		g.listen(t, p, over)
		g.end(t, p)
		require.Error(t, p.wait(), "it was not killed")
	}
	back()
	reopen(t, db, syslog.Config{SpillDir: spill})
	open := direct(t, db)
	for _, g := range ledgers {
		t.Logf("run %d lost what was at most %v old", g.run, g.check(t, open, spillWindow))
	}
}
