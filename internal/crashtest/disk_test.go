package crashtest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
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

var levels = []syslog.Durability{syslog.Spill, syslog.Journal}

func TestFullDiskLeavesMemory(t *testing.T) {
	t.Parallel()
	if !withMounts(t) {
		return
	}
	for _, durability := range levels {
		d := newDisk(t, filepath.Join(smallDisk(t, "8m"), "spill"), durability)
		d.during(100 * time.Millisecond)
		d.store.leave(true)
		d.log(func(syslog.Stats) bool { return d.refused < 1000 })
		d.during(3 * time.Second)
		s := d.logger.Stats()
		require.NotZero(t, s.SpillErrors)
		require.Less(t, s.SpillErrors, uint64(50), "the disk is left alone for a while after each failure")
		require.Greater(t, s.SpilledBytes, int64(6<<20))
		require.NotZero(t, s.Queued)
		d.unwell()
		d.end()
	}
}

func TestReadOnlyDiskLeavesMemory(t *testing.T) {
	t.Parallel()
	if !withMounts(t) {
		return
	}
	for _, durability := range levels {
		d := newDisk(t, filepath.Join(smallDisk(t, "64m"), "spill"), durability)
		d.store.leave(true)
		d.log(func(s syslog.Stats) bool { return s.Spilled < 5000 })
		again := readOnly(t, d.spill)
		d.log(func(s syslog.Stats) bool { return s.SpillErrors < 2 })
		d.unwell()
		again()
		before := d.logger.Stats().Spilled
		d.log(func(s syslog.Stats) bool { return s.Spilled < before+5000 })
		d.well()
		require.Zero(t, d.logger.Stats().Dropped)
		d.end()
	}
}

// The disk is read-only while what is on it is delivered: it cannot be removed then.
func TestDeliveryFromAReadOnlyDisk(t *testing.T) {
	t.Parallel()
	if !withMounts(t) {
		return
	}
	for _, durability := range levels {
		d := newDisk(t, filepath.Join(smallDisk(t, "64m"), "spill"), durability)
		d.store.leave(true)
		d.log(func(s syslog.Stats) bool { return s.Spilled < 20_000 })
		again := readOnly(t, d.spill)
		d.log(func(s syslog.Stats) bool { return s.SpillErrors < 2 })
		d.store.leave(false)
		require.NoError(t, d.logger.Flush(ctx))
		again()
		d.end()
	}
}

func TestDirectoryRemovedWhileInUse(t *testing.T) {
	t.Parallel()
	for _, durability := range levels {
		d := newDisk(t, filepath.Join(t.TempDir(), "spill"), durability)
		d.store.leave(true)
		d.log(func(s syslog.Stats) bool { return s.Spilled < 20_000 })
		await(t, "the directory is removed", func() bool { return os.RemoveAll(d.spill) == nil })
		removed := len(d.accepted)
		d.during(time.Second)
		d.store.leave(false)
		var lost *syslog.LostError
		if err := d.logger.Flush(ctx); err != nil {
			require.True(t, errors.As(err, &lost), "%v", err)
		}
		s := conserved(t, d.logger)
		require.EqualValues(t, len(d.accepted)-len(d.store.all()), s.Dropped)
		inOrder(t, d.accepted, d.store.all())
		t.Logf("accepted %d, lost %d with the directory", s.Accepted, s.Dropped)

		before := s.Spilled
		d.store.leave(true)
		d.log(func(s syslog.Stats) bool { return s.Spilled < before+5000 })
		require.NotEmpty(t, below(t, d.spill), "a directory is made again")
		d.store.leave(false)
		require.NoError(t, d.logger.Flush(ctx))
		got := d.store.all()
		require.Equal(t, d.accepted[removed:], got[len(got)-len(d.accepted)+removed:], "what came later is all there")
		require.NoError(t, d.logger.Close())
		require.Empty(t, below(t, d.spill))
	}
}

// inOrder requires that some is all with parts left out.
func inOrder(t *testing.T, all, some []string) {
	t.Helper()
	for _, e := range all {
		if len(some) > 0 && some[0] == e {
			some = some[1:]
		}
	}
	require.Empty(t, some)
}
