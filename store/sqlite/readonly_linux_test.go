package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// TestAFileThatCannotBeWrittenIsRefused when it is opened, and not when the first event
// is lost. To read alone is asked for.
func TestAFileThatCannotBeWrittenIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	require.NoError(t, st.Close(context.Background()))
	require.NoError(t, os.Chmod(path, 0o444))
	const nobody = 65534
	runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
	if os.Geteuid() == 0 {
		require.NoError(t, syscall.Setfsuid(nobody)) // of this thread; root may write everything
	}
	_, err = sqlite.Open(path)
	if os.Geteuid() == 0 {
		require.NoError(t, syscall.Setfsuid(0))
	}
	require.ErrorIs(t, err, os.ErrPermission)
	require.ErrorContains(t, err, "mode=ro")
	st, err = sqlite.Open("file:" + path + "?mode=ro")
	require.NoError(t, err)
	_, err = st.Query(context.Background(), syslog.Query{})
	require.NoError(t, err)
	require.NoError(t, st.Close(context.Background()))
}
