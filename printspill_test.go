package syslog_test

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestPrintSpillOfSomethingElse: a path that is misspelt is not one where nothing is left.
func TestPrintSpillOfSomethingElse(t *testing.T) {
	other := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(other, "hosts"), nil, 0o600))
	for _, dir := range []string{"", filepath.Join(other, "nothing"), filepath.Join(other, "hosts"), other} {
		require.Error(t, syslog.PrintSpill(io.Discard, dir), dir)
	}
	require.NoError(t, syslog.PrintSpill(io.Discard, t.TempDir()), "it is empty")
	dir := t.TempDir()
	l := open(t, &memory{}, syslog.Config{SpillDir: dir})
	require.NoError(t, syslog.PrintSpill(io.Discard, dir))
	require.NoError(t, l.Close())
	require.ErrorIs(t, syslog.PrintSpill(io.Discard, dir), fs.ErrNotExist, "it is removed where nothing is left")
}
