package crashtest

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// flaky fails until it is told not to.
type flaky struct {
	syslog.Store
	well atomic.Bool
}

func (f *flaky) WriteCount(c context.Context, logs []syslog.Log) (int, error) {
	if !f.well.Load() {
		return 0, errAway // no RetryAfter: the logger's own backoff is asked for
	}
	return f.Store.(syslog.CountingSink).WriteCount(c, logs)
}

func (f *flaky) Write(c context.Context, logs []syslog.Log) error {
	_, err := f.WriteCount(c, logs)
	return err
}

// TestClockThatJumpsBack has the clock jump before, during and after an outage, and
// over a restart.
func TestClockThatJumpsBack(t *testing.T) {
	t.Parallel()
	const each = 10_000
	for _, durability := range levels {
		dir := t.TempDir()
		db := filepath.Join(dir, "events.db")
		var back atomic.Int64 // hours
		cfg := syslog.Config{
			SpillDir: filepath.Join(dir, "spill"), Durability: durability, QueueSize: 4 * each,
			Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
			Now:    func() time.Time { return time.Now().Add(-time.Duration(back.Load()) * time.Hour) },
		}
		sent := 0
		var l *syslog.Logger
		log := func() {
			for range each {
				require.NoError(t, l.Log(ctx, syslog.Log{Type: "T", Message: strconv.Itoa(sent)}))
				sent++
				if sent%each == each/2 {
					back.Add(1)
				}
			}
		}
		open := func(well bool) *flaky {
			st, err := sqlite.Open(db)
			require.NoError(t, err)
			f := &flaky{Store: st}
			f.well.Store(well)
			l, err = syslog.New(f, &cfg)
			require.NoError(t, err)
			return f
		}
		stored := func(n int) func() bool {
			return func() bool { s := conserved(t, l); return s.Written == uint64(n) && s.Queued+s.Spilled == 0 }
		}

		st := open(true)
		log()
		await(t, "FlushInterval goes by", stored(each))
		st.well.Store(false)
		log()
		await(t, "attempts fail", func() bool { return l.Stats().LastError != "" })
		back.Add(1)
		st.well.Store(true)
		await(t, "it is tried again", stored(2*each))
		st.well.Store(false)
		log()
		require.Error(t, l.Shutdown(expired()))
		left := l.Stats().Spilled

		back.Add(1)
		open(true)
		log()
		await(t, "what was left is stored", stored(int(left)+each))
		require.NoError(t, l.Close())
		require.Empty(t, below(t, cfg.SpillDir))

		rows := direct(t, db)
		var ids, numbers, disorder int
		require.NoError(t, rows.QueryRow("SELECT count(DISTINCT id), count(DISTINCT message) FROM system_logs").Scan(&ids, &numbers))
		require.Equal(t, []int{sent, sent}, []int{ids, numbers})
		require.NoError(t, rows.QueryRow("SELECT count(*) FROM system_logs WHERE CAST(message AS INTEGER) <> rowid - 1").Scan(&disorder))
		require.Zero(t, disorder, "they are stored in the order of the calls")
	}
}
