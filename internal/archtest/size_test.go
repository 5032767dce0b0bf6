package archtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

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
	files, long, err := sizes(os.DirFS(root))
	require.NoError(t, err)
	require.Greater(t, files, 20, "the list is of the whole module")
	require.Empty(t, long)
}

// sizes returns the number of Go files that are no tests, and what is too long.
func sizes(tree fs.FS) (files int, long []string, err error) {
	var code []int
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && name != "."
		if d.IsDir() && (hidden || d.Name() == "testdata" || d.Name() == "bin") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" {
			return nil
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		lines := bytes.Count(text, []byte("\n"))
		if lines > mostLines {
			long = append(long, fmt.Sprintf("%s has %d lines, more than %d", name, lines, mostLines))
		}
		if !strings.HasSuffix(name, "_test.go") {
			code = append(code, lines)
		}
		return nil
	})
	if err != nil || len(code) == 0 {
		return 0, long, err
	}
	slices.Sort(code)
	if median := code[len(code)/2]; median > medianLines {
		long = append(long, fmt.Sprintf("the median file has %d lines, more than %d", median, medianLines))
	}
	return len(code), long, nil
}

func TestLongFilesAreFound(t *testing.T) {
	t.Parallel()
	file := func(lines int) *fstest.MapFile { return &fstest.MapFile{Data: bytes.Repeat([]byte("\n"), lines)} }
	for name, c := range map[string]struct {
		tree fstest.MapFS
		want []string
	}{
		"at the bounds":  {fstest.MapFS{"a.go": file(150), "b/b.go": file(500), "c.go": file(1)}, nil},
		"a long file":    {fstest.MapFS{"a.go": file(1), "b/b.go": file(501), "c.go": file(1)}, []string{"b/b.go has 501 lines, more than 500"}},
		"a long test":    {fstest.MapFS{"a_test.go": file(501)}, []string{"a_test.go has 501 lines, more than 500"}},
		"all rather so":  {fstest.MapFS{"a.go": file(151), "b.go": file(151), "c_test.go": file(1)}, []string{"the median file has 151 lines, more than 150"}},
		"none of ours":   {fstest.MapFS{".x/a.go": file(501), "testdata/a.go": file(501), "bin/a.go": file(501), "a.md": file(501)}, nil},
		"tests are long": {fstest.MapFS{"a.go": file(1), "b_test.go": file(499), "c_test.go": file(499)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, long, err := sizes(c.tree)
			require.NoError(t, err)
			require.Equal(t, c.want, long)
		})
	}
}
