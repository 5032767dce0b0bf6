package crashtest

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

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
