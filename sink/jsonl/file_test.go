package jsonl

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// open opens a file of the test's own, which is closed at its end.
func open(t *testing.T, opts *Options) (*Sink, string) {
	path := filepath.Join(t.TempDir(), "events.jsonl")
	s, err := Open(path, opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	return s, path
}

func read(t *testing.T, path string) string {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}

// all is the content of the rotated files by name, and of the current one.
func all(t *testing.T, path string) string {
	files, err := filepath.Glob(path + ".*")
	require.NoError(t, err)
	var b strings.Builder
	for _, f := range append(files, path) {
		b.WriteString(read(t, f))
	}
	return b.String()
}

func TestOpenAppends(t *testing.T) {
	s, path := open(t, nil)
	require.NoError(t, s.Write(t.Context(), events(1, 2)))
	require.NoError(t, s.Close(t.Context()))
	st, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, DefaultMode, st.Mode())

	s, err = Open(path, &Options{Mode: 0o640, Sync: SyncAlways})
	require.NoError(t, err)
	require.NoError(t, s.Write(t.Context(), events(3, 1)))
	require.NoError(t, s.Close(t.Context()))
	require.Equal(t, text(t, events(1, 3)), read(t, path))
	st, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, DefaultMode, st.Mode(), "a file keeps its mode")
}

func TestOpenReportsEveryWrongOption(t *testing.T) {
	_, err := Open("x", &Options{MaxSize: -1, RotateEvery: 1, MaxFiles: -1, Sync: 9, Mode: 0o7000})
	for _, field := range []string{"MaxSize", "RotateEvery", "MaxFiles", "Sync", "Mode"} {
		require.ErrorContains(t, err, "Options."+field)
	}
	_, err = Open(filepath.Join(t.TempDir(), "missing", "x"), nil)
	require.ErrorIs(t, err, fs.ErrNotExist)
	_, err = Open(t.TempDir(), nil)
	require.Error(t, err)
}

func TestOpenRepairs(t *testing.T) {
	whole := text(t, events(1, 2))
	next := text(t, events(9, 1))
	line := strings.TrimSuffix(text(t, events(3, 1)), "\n")
	long := `{"message":"` + strings.Repeat("é", 50_000)
	for name, c := range map[string]struct{ left, want string }{
		"nothing":        {"", next},
		"whole":          {whole, whole + next},
		"half a line":    {whole + line[:20], whole + next},
		"first line":     {"{", next},
		"long line":      {whole + long, whole + next},
		"lost power":     {whole + strings.Repeat("\x00", 5000), whole + next},
		"half and zeros": {whole + line[:20] + "\x00\x00", whole + next},
		"only its end":   {whole + line, whole + line + "\n" + next},
		"not ours":       {"# a note", "# a note\n" + next},
	} {
		path := filepath.Join(t.TempDir(), "x")
		require.NoError(t, os.WriteFile(path, []byte(c.left), 0o600))
		s, err := Open(path, nil)
		require.NoError(t, err, name)
		require.NoError(t, s.Write(t.Context(), events(9, 1)), name)
		require.NoError(t, s.Close(t.Context()), name)
		require.Equal(t, c.want, read(t, path), name)
	}
}

// TestOpenRepairsAnyTear cuts a file at every byte.
func TestOpenRepairsAnyTear(t *testing.T) {
	lines := text(t, events(1, 2))
	next := text(t, events(9, 1))
	path := filepath.Join(t.TempDir(), "x")
	for n := range len(lines) {
		require.NoError(t, os.WriteFile(path, []byte(lines[:n]), 0o600))
		s, err := Open(path, &Options{Sync: SyncNever})
		require.NoError(t, err)
		require.NoError(t, s.Write(t.Context(), events(9, 1)))
		require.NoError(t, s.Close(t.Context()))
		got := read(t, path)
		kept := strings.TrimSuffix(got, next)
		require.NotEqual(t, got, kept)
		require.True(t, strings.HasPrefix(lines, kept) && (kept == "" || strings.HasSuffix(kept, "\n")), "%d", n)
		require.Equal(t, n-strings.LastIndex(lines[:n], "\n")-1 == 0 || lines[n] == '\n', len(kept) >= n)
	}
}

// faulty is a file that fails as told.
type faulty struct {
	*os.File
	take              int // bytes of the next write, which then fails
	write, trunc, syn error
}

func (f *faulty) Write(p []byte) (int, error) {
	if f.write != nil {
		n, _ := f.File.Write(p[:min(f.take, len(p))])
		return n, f.write
	}
	return f.File.Write(p)
}

func (f *faulty) Truncate(n int64) error {
	if f.trunc != nil {
		return f.trunc
	}
	return f.File.Truncate(n)
}

func (f *faulty) Sync() error {
	if f.syn != nil {
		return f.syn
	}
	return f.File.Sync()
}

func TestFailedWriteLeavesNoHalfLine(t *testing.T) {
	s, path := open(t, &Options{Sync: SyncAlways})
	out := s.out.(*logFile)
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	f := &faulty{File: out.h.(*os.File)}
	out.h = f
	size := len(text(t, events(1, 1)))

	f.write = syscall.ENOSPC
	for _, f.take = range []int{0, 7, size, size + 7, 2 * size} {
		require.ErrorIs(t, s.Write(t.Context(), events(2, 2)), syscall.ENOSPC)
		require.Equal(t, text(t, events(1, 1)), read(t, path))
	}

	f.take, f.trunc = 7, syscall.EROFS
	require.ErrorIs(t, s.Write(t.Context(), events(2, 2)), syscall.EROFS)
	f.write = nil
	require.ErrorIs(t, s.Write(t.Context(), events(2, 2)), syscall.EROFS, "not behind a half line")
	f.trunc = nil
	require.NoError(t, s.Write(t.Context(), events(2, 2)))

	f.syn = syscall.EIO
	require.ErrorIs(t, s.Write(t.Context(), events(4, 1)), syscall.EIO)
	f.syn = nil
	require.NoError(t, s.Write(t.Context(), events(4, 1)))
	require.Equal(t, text(t, events(1, 4)), read(t, path))
}

func TestReopenAfterRename(t *testing.T) {
	s, path := open(t, nil)
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	require.NoError(t, os.Rename(path, path+".1"))
	require.NoError(t, s.Write(t.Context(), events(2, 1)))
	require.NoError(t, s.Reopen())
	require.NoError(t, s.Write(t.Context(), events(3, 1)))
	require.Equal(t, text(t, events(1, 2)), read(t, path+".1"))
	require.Equal(t, text(t, events(3, 1)), read(t, path))
}

func TestReopenIsTriedAgain(t *testing.T) {
	s, path := open(t, nil)
	out := s.out.(*logFile)
	down := errors.New("too many open files")
	out.open = func(string, fs.FileMode) (handle, error) { return nil, down }
	require.ErrorIs(t, s.Reopen(), down)
	require.ErrorIs(t, s.Write(t.Context(), events(1, 1)), down)
	out.open = openFile
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	require.Equal(t, text(t, events(1, 1)), read(t, path))
}

func TestTruncatedByOthers(t *testing.T) {
	s, path := open(t, &Options{Now: func() time.Time { return at }})
	require.NoError(t, s.Write(t.Context(), events(1, 2)))
	require.NoError(t, os.Truncate(path, 0)) // copytruncate
	require.NoError(t, s.Write(t.Context(), events(3, 1)))
	require.Equal(t, text(t, events(3, 1)), read(t, path))
}
