package crashtest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

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
