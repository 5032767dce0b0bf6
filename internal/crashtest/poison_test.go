package crashtest

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/stretchr/testify/require"
)

// attempts counts writes.
type attempts struct {
	syslog.Store
	n int
}

func (a *attempts) Write(c context.Context, logs []syslog.Log) error {
	_, err := a.WriteCount(c, logs)
	return err
}

func (a *attempts) WriteCount(c context.Context, logs []syslog.Log) (int, error) {
	a.n++
	return a.Store.(syslog.CountingSink).WriteCount(c, logs)
}

// TestPoisonTakesNothingAlongInRealDatabases has a database refuse events at every
// position of a batch, and at the ends and in the middle of a large one.
func TestPoisonTakesNothingAlongInRealDatabases(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t).DSN()
	dbs := []struct{ db, forbid, allow string }{
		{filepath.Join(t.TempDir(), "a.db"), `CREATE TRIGGER no_bad BEFORE INSERT ON system_logs WHEN NEW.message = 'bad'
			BEGIN SELECT RAISE(ABORT, 'no bad ones'); END`, `DROP TRIGGER no_bad`},
		{server, `ALTER TABLE system_logs ADD CONSTRAINT no_bad CHECK (message <> 'bad')`, `ALTER TABLE system_logs DROP CONSTRAINT no_bad`},
	}
	for _, d := range dbs {
		st, err := openStore(d.db)
		require.NoError(t, err)
		a := &attempts{Store: st}
		spill := filepath.Join(t.TempDir(), "spill")
		l, err := syslog.New(a, &syslog.Config{SpillDir: spill, FlushInterval: time.Hour, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(t, err)
		raw := direct(t, d.db)
		forbid := func() {
			_, err := raw.ExecContext(ctx, d.forbid)
			require.NoError(t, err)
		}
		forbid()
		const large = 5000
		for _, batch := range []struct {
			n   int
			bad []int
		}{{20, nil}, {large, []int{0}}, {large, []int{large / 2}}, {large, []int{large - 1}}, {large, []int{0, 1, 2500, 4999}}} {
			positions := [][]int{batch.bad}
			if batch.bad == nil {
				positions = nil
				for i := range batch.n {
					positions = append(positions, []int{i})
				}
			}
			for _, bad := range positions {
				batchOf(t, l, a, batch.n, bad)
			}
		}
		_, err = raw.ExecContext(ctx, d.allow)
		require.NoError(t, err)
		dead := l.Stats().DeadLetter
		n, err := l.ReplayDeadLetters(ctx)
		require.NoError(t, err)
		require.EqualValues(t, dead, n)
		var bad int
		require.NoError(t, raw.QueryRowContext(ctx, `SELECT count(*) FROM system_logs WHERE message = 'bad'`).Scan(&bad))
		require.Equal(t, n, bad)
		conserved(t, l)
		require.NoError(t, l.Close())
		require.Empty(t, below(t, spill))
	}
}

// batchOf logs a batch of which some are bad, and another one that is good.
func batchOf(t *testing.T, l *syslog.Logger, a *attempts, n int, bad []int) {
	t.Helper()
	before := l.Stats()
	a.n = 0
	for i := range n {
		message := fmt.Sprint("good ", i)
		if slices.Contains(bad, i) {
			message = "bad"
		}
		require.NoError(t, l.Log(ctx, syslog.Log{Type: "T", Message: message}))
	}
	require.NoError(t, l.Flush(ctx), "what is set aside is not lost")
	s := l.Stats()
	require.EqualValues(t, n-len(bad), s.Written-before.Written)
	require.EqualValues(t, len(bad), s.DeadLetter-before.DeadLetter)
	halvings := 0
	for size := n; size > 1; size = (size + 1) / 2 {
		halvings++
	}
	require.LessOrEqual(t, a.n, 2+len(bad)*(2*halvings+1), "it halves")
	require.True(t, strings.Contains(s.LastError, "no bad ones") || strings.Contains(s.LastError, "no_bad"), s.LastError)

	a.n = 0
	for range n {
		require.NoError(t, l.Log(ctx, syslog.Log{Type: "T", Message: "good"}))
	}
	require.NoError(t, l.Flush(ctx))
	require.LessOrEqual(t, a.n, 2, "afterwards batches go whole")
}
