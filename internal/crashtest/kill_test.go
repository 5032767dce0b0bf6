package crashtest

import (
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

const (
	chains      = 10 // of rounds that go on with the same files
	chainRounds = 5
	atOnce      = 3
	killEvents  = 200_000
	// journalWindow is far above the milliseconds that a write to disk takes, for a
	// machine that has much else to do.
	journalWindow = time.Second
)

// chain is a database and a spill directory, on which programs are killed one after
// the other. After some of them everything is delivered, after others the next one
// finds what was left.
type chain struct {
	t         *testing.T
	rand      *rand.Rand
	db, spill string
	open      []*ledger // what is not checked yet
	backlog   bool      // the last program could not reach the database
}

func TestKilledProgramLosesNothingThatTheJournalPromises(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	turn := make(chan struct{}, atOnce)
	for i := range chains {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			turn <- struct{}{}
			defer func() { <-turn }()
			dir := t.TempDir()
			c := &chain{
				t: t, rand: rand.New(rand.NewPCG(seed, uint64(i))), //nolint:gosec // no secret
				db: filepath.Join(dir, "events.db"), spill: filepath.Join(dir, "spill"),
			}
			for round := range chainRounds {
				c.round(round)
			}
		})
	}
}

func (c *chain) round(round int) {
	t := c.t
	j := writeJob{
		DB: c.db, Spill: c.spill, SpillMax: 64 << 20, Durability: syslog.Journal, Run: round, Events: killEvents,
		Padding: c.rand.IntN(100), Away: c.rand.IntN(4) == 0,
	}
	g := &ledger{run: round, said: map[string][]progress{}}
	c.open = append(c.open, g)
	p := start(t, "write", j)
	c.kill(p, g)
	require.Error(t, p.wait(), "it was not killed")
	c.backlog = j.Away
	if round < chainRounds-1 && c.rand.IntN(2) == 0 {
		return // the next one finds what is left
	}
	reopen(t, c.db, syslog.Config{SpillDir: c.spill})
	db := direct(t, c.db)
	for _, g := range c.open {
		t.Logf("run %d, killed while %s, lost what was at most %v old", g.run, g.when, g.check(t, db, journalWindow))
	}
	require.NoError(t, db.Close())
	c.open, c.backlog = nil, false
}

// kinds are the moments at which programs are killed.
var kinds = []string{"starting", "opened", "rotating", "rotating", "written", "writing", "writing", "writing"}

// kill kills a program at a random moment of one kind or another.
func (c *chain) kill(p *program, g *ledger) {
	after := func(most time.Duration) <-chan time.Time {
		return time.After(time.Duration(c.rand.Int64N(int64(most))))
	}
	var now <-chan time.Time
	when := kinds[c.rand.IntN(len(kinds))]
	if c.backlog {
		when = "replaying"
	}
	g.when = when
	number := c.rand.IntN(1 + c.rand.IntN(killEvents/2)) // earlier moments are more likely
	rotation := time.NewTicker(time.Millisecond)
	defer rotation.Stop()
	newest, rotations := newestSegment(c.spill), 1+c.rand.IntN(3)
	if when == "starting" {
		now = after(200 * time.Millisecond)
	}
	if when != "rotating" {
		rotation.Stop()
	}
	for {
		select {
		case line, more := <-p.lines:
			if !more {
				require.Fail(c.t, "it ended before it was killed", "%s: %s", when, p.stderr.String())
			}
			g.hear(c.t, line)
			switch {
			case line == "open" && when == "opened":
				now = after(20 * time.Millisecond)
			case line == "open" && when == "replaying":
				now = after(500 * time.Millisecond)
			case line == "written" && now == nil:
				now = after(100 * time.Millisecond)
			case when == "writing" && len(g.said["a"]) > number/sayEvery && now == nil:
				now = after(10 * time.Millisecond)
			}
		case <-rotation.C:
			if s := newestSegment(c.spill); s != newest {
				newest = s
				if rotations--; rotations == 0 {
					g.end(c.t, p)
					return
				}
			}
		case <-now:
			g.end(c.t, p)
			return
		}
	}
}

func newestSegment(dir string) string {
	segments, _ := filepath.Glob(filepath.Join(dir, "store", "*.seg"))
	if len(segments) == 0 {
		return ""
	}
	return segments[len(segments)-1]
}
