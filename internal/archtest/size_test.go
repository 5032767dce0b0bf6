package archtest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Lines of a file that one can still read through: half of the files are shorter
// than the one, and none is longer than the other.
const (
	medianLines = 150
	mostLines   = 500
)

func TestFilesAreShort(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	var code []int
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && path != root
		if d.IsDir() && (hidden || d.Name() == "testdata" || d.Name() == "bin") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines := bytes.Count(text, []byte("\n"))
		require.LessOrEqual(t, lines, mostLines, path)
		if !strings.HasSuffix(path, "_test.go") {
			code = append(code, lines)
		}
		return nil
	}))
	require.Greater(t, len(code), 20, "the list is of the whole module")
	slices.Sort(code)
	require.LessOrEqual(t, code[len(code)/2], medianLines, "lines of the median file")
}
