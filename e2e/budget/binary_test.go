package budget_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// measureBinary takes how much larger a program is that has the page than one that serves
// something else.
func measureBinary(t *testing.T, r *report) {
	dir := t.TempDir()
	size := func(name string) float64 {
		out := filepath.Join(dir, name)
		text, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, "./testdata/"+name).CombinedOutput()
		require.NoError(t, err, string(text))
		info, err := os.Stat(out)
		require.NoError(t, err)
		return float64(info.Size())
	}
	bare, page := size("bare"), size("page")
	t.Logf("%.0f bytes without, %.0f with", bare, page)
	r.set("binary", (page-bare)/1024)
}
