package crashtest

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// memory is a store that may be away.
type memory struct {
	syslog.Store
	mu   sync.Mutex
	gone bool
	logs []string // messages of type T
}

func (m *memory) Write(_ context.Context, logs []syslog.Log) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.gone {
		return syslog.RetryAfter(errAway, 10*time.Millisecond)
	}
	for i := range logs {
		if logs[i].Type == "T" {
			m.logs = append(m.logs, strings.Clone(logs[i].Message))
		}
	}
	return nil
}

func (m *memory) Close(context.Context) error { return nil }

func (m *memory) leave(gone bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gone = gone
}

func (m *memory) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.logs
}

// disk is a logger whose spill directory fails while its store is away.
type disk struct {
	t        *testing.T
	spill    string
	store    *memory
	logger   *syslog.Logger
	said     *text // its diagnostics
	begin    time.Time
	accepted []string
	refused  int
}

const diskPadding = 300

func newDisk(t *testing.T, spill string, durability syslog.Durability) *disk {
	d := &disk{t: t, spill: spill, store: &memory{}, said: &text{}, begin: time.Now()}
	var err error
	d.logger, err = syslog.New(d.store, &syslog.Config{
		SpillDir: spill, SpillMaxBytes: 32 << 20, Durability: durability, QueueSize: 10_000, QueueBytes: 8 << 20,
		Logger: slog.New(slog.NewTextHandler(d.said, nil)),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.logger.Close() })
	return d
}

// log logs events for as long as a condition holds, some each millisecond.
func (d *disk) log(during func(syslog.Stats) bool) {
	d.t.Helper()
	for end := time.Now().Add(patience); during(conserved(d.t, d.logger)); time.Sleep(time.Millisecond) {
		require.True(d.t, time.Now().Before(end), "it goes on and on: %+v", d.logger.Stats())
		for range 25 {
			n := strconv.Itoa(len(d.accepted) + d.refused)
			err := d.logger.Log(ctx, syslog.Log{Type: "T", Message: n}, syslog.Metadata{"p": strings.Repeat("x", diskPadding)})
			if err == nil {
				d.accepted = append(d.accepted, n)
				continue
			}
			require.ErrorIs(d.t, err, syslog.ErrQueueFull)
			d.refused++
		}
	}
}

// during logs for a time.
func (d *disk) during(time_ time.Duration) {
	d.t.Helper()
	end := time.Now().Add(time_)
	d.log(func(syslog.Stats) bool { return time.Now().Before(end) })
}

// unwell requires that the logger says that the disk cannot be used, and does not
// say so again and again.
func (d *disk) unwell() {
	d.t.Helper()
	require.ErrorContains(d.t, d.logger.Healthy(ctx), "cannot be kept on disk")
	await(d.t, "it says so", func() bool { return d.lines() > 0 })
	require.LessOrEqual(d.t, d.lines(), 1+int(time.Since(d.begin)/(10*time.Second)), d.said.String())
}

func (d *disk) lines() int { return strings.Count(d.said.String(), "cannot be kept on disk;") }

// well waits until the logger does not say so any more.
func (d *disk) well() {
	d.t.Helper()
	await(d.t, "the disk counts as usable again", func() bool {
		err := d.logger.Healthy(ctx)
		return err == nil || !strings.Contains(err.Error(), "on disk")
	})
}

// end has all delivered, and requires that nothing that was accepted is missing, or
// in another order, and that the directory is empty.
func (d *disk) end() {
	d.t.Helper()
	d.store.leave(false)
	require.NoError(d.t, d.logger.Flush(ctx))
	require.Equal(d.t, d.accepted, d.store.all())
	d.well()
	d.during(100 * time.Millisecond)
	require.NoError(d.t, d.logger.Close())
	s := conserved(d.t, d.logger)
	require.EqualValues(d.t, d.refused, s.Refused)
	require.Equal(d.t, d.accepted, d.store.all())
	require.Empty(d.t, below(d.t, d.spill))
	d.t.Logf("accepted %d, refused %d, %d failed writes to disk, at most %d bytes of files", len(d.accepted), d.refused, s.SpillErrors, s.SpilledBytes)
}
