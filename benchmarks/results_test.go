package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASectionReplacesTheOneOfItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	require.NoError(t, os.WriteFile(path, []byte("# Results\n\nRead the ratios.\n"), 0o644))
	for _, put := range []struct{ name, text, want string }{
		{"a", "## a\nold\n", "# Results\n\nRead the ratios.\n\n## a\nold\n"},
		{"ab", "## ab\nother\n", "# Results\n\nRead the ratios.\n\n## a\nold\n\n## ab\nother\n"},
		{"a", "## a\nnew\n", "# Results\n\nRead the ratios.\n\n## a\nnew\n\n## ab\nother\n"},
		{"ab", "## ab\nlast\n", "# Results\n\nRead the ratios.\n\n## a\nnew\n\n## ab\nlast\n"},
	} {
		require.NoError(t, replaceSection(path, put.name, put.text))
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, put.want, string(got))
	}
}

func TestResultsAreWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	require.NoError(t, run(t.Context(), []string{"-rows", "100", "-rounds", "1", "-out", path, "enqueue"}, io.Discard, io.Discard))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(got), "## enqueue\n"), string(got))
	require.Contains(t, string(got), "| logger, Attrs / zerolog | ")
}
