package crashtest

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/callastar/syslog"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver of the postgres store
	"github.com/stretchr/testify/require"
)

// ledger is what a program must have left in the database, by what it said.
type ledger struct {
	run     int
	said    map[string][]progress // by writer
	commits int                   // of writer c, from 0 on
	when    string                // it was killed
	killed  time.Time             // zero if it was not
}

// progress is an event that was accepted.
type progress struct {
	number int
	at     time.Time
}

// hear takes down what a program says.
func (g *ledger) hear(t *testing.T, line string) {
	var writer string
	var number int
	var at int64
	switch {
	case strings.HasPrefix(line, "P "):
		_, err := fmt.Sscanf(line, "P %s %d %d", &writer, &number, &at)
		require.NoError(t, err, line)
		g.said[writer] = append(g.said[writer], progress{number, time.Unix(0, at)})
	case strings.HasPrefix(line, "C "):
		_, err := fmt.Sscanf(line, "C %s %d", &writer, &number)
		require.NoError(t, err, line)
		require.Equal(t, g.commits, number)
		g.commits++
	case strings.HasPrefix(line, "lost"):
		require.Fail(t, "the program lost events", line)
	}
}

// listen hears what a program says until something is over.
func (g *ledger) listen(t *testing.T, p *program, over <-chan struct{}) {
	for {
		select {
		case line, more := <-p.lines:
			require.True(t, more, "it ended: %s", p.stderr.String())
			g.hear(t, line)
		case <-over:
			return
		}
	}
}

// end kills a program, and hears what it said until then.
func (g *ledger) end(t *testing.T, p *program) {
	g.killed = time.Now()
	p.signal(syscall.SIGKILL)
	for line := range p.lines {
		g.hear(t, line)
	}
}

// due is how many events of a writer were accepted longer before the kill than a
// time.
func (g *ledger) due(writer string, window time.Duration) (n int) {
	if writer == "c" {
		return g.commits
	}
	for _, p := range g.said[writer] {
		if g.killed.IsZero() || g.killed.Sub(p.at) > window {
			n = p.number + 1
		}
	}
	return n
}

// check requires that of each writer all events are in the database that are due,
// that each of them is there once, and none behind one that is missing. It returns
// how old what was lost may have been at most.
func (g *ledger) check(t *testing.T, db *sql.DB, window time.Duration) (lag time.Duration) {
	t.Helper()
	for _, writer := range []string{"a", "b", "c"} {
		var rows, numbers, ids, last int
		at := fmt.Sprintf("run %d, writer %s", g.run, writer)
		require.NoError(t, db.QueryRow(fmt.Sprintf(`SELECT count(*), count(DISTINCT message), count(DISTINCT id), coalesce(max(CAST(message AS INTEGER)), -1)
			FROM system_logs WHERE actor_id = '%s' AND type = 'RUN_%d'`, writer, g.run)).Scan(&rows, &numbers, &ids, &last))
		require.Equal(t, rows, numbers, "%s: some are there twice", at)
		require.Equal(t, rows, ids, at)
		require.Equal(t, rows, last+1, "%s: some are missing before others", at)
		require.GreaterOrEqual(t, rows, g.due(writer, window), "%s: some are missing at the end", at)
		for _, p := range g.said[writer] {
			if p.number >= rows {
				lag = max(lag, g.killed.Sub(p.at))
				break
			}
		}
	}
	return lag
}

// reopen delivers what is left in a spill directory, as the next start does, and
// requires that nothing stays behind there.
func reopen(t *testing.T, db string, cfg syslog.Config) {
	t.Helper()
	st, err := openStore(db)
	require.NoError(t, err)
	cfg.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := syslog.New(st, &cfg)
	require.NoError(t, err)
	require.NoError(t, l.Flush(ctx))
	conserved(t, l)
	require.NoError(t, l.Close())
	require.Empty(t, below(t, cfg.SpillDir))
}

// below lists the files in a directory and its own.
func below(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil && path != dir {
			files = append(files, strings.TrimPrefix(path, dir+"/"))
		}
		return err
	})
	if !errors.Is(err, os.ErrNotExist) {
		require.NoError(t, err)
	}
	return files
}

// conserved requires that the counters add up.
func conserved(t *testing.T, l *syslog.Logger) syslog.Stats {
	t.Helper()
	s := l.Stats()
	require.Equal(t, s.Produced, s.Accepted+s.Refused, "%+v", s)
	require.Equal(t, s.Accepted, s.Written+s.Duplicate+s.DeadLetter+s.Dropped+s.Queued+s.Spilled, "%+v", s)
	lost := uint64(0)
	for _, n := range s.DroppedByLevel {
		lost += n
	}
	require.Equal(t, s.Refused+s.Dropped, lost, "%+v", s)
	for name, k := range s.Sinks {
		require.Equal(t, k.Produced, k.Accepted+k.Refused, name)
		require.Equal(t, k.Accepted, k.Written+k.Duplicate+k.DeadLetter+k.Dropped+k.Queued+k.Spilled, name)
	}
	return s
}

// direct opens the database past the store.
func direct(t *testing.T, db string) *sql.DB {
	t.Helper()
	driver := "pgx"
	if !strings.HasPrefix(db, "postgres:") {
		driver, db = "sqlite3", "file:"+db
		if slices.Contains(sql.Drivers(), "sqlite") { // the one without cgo
			driver = "sqlite"
		}
	}
	open, err := sql.Open(driver, db)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, open.Close()) })
	return open
}
