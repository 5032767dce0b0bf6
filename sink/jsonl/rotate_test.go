package jsonl

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func names(t *testing.T, path string) []string {
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	for i, f := range files {
		files[i] = filepath.Base(f)
	}
	return files
}

func TestRotateBySize(t *testing.T) {
	line := int64(len(text(t, events(1, 1))))
	now := at
	s, path := open(t, &Options{MaxSize: 2*line + 1, Now: func() time.Time { return now }})
	require.NoError(t, s.Write(t.Context(), events(1, 5)))
	now = now.Add(-time.Hour) // the clock goes back
	require.NoError(t, s.Write(t.Context(), events(6, 3)))
	now = now.Add(2 * time.Hour)
	require.NoError(t, s.Write(t.Context(), events(9, 1)))
	require.Equal(t, []string{
		"events.jsonl",
		"events.jsonl.20240131T120000.000-001",
		"events.jsonl.20240131T120000.000-002",
		"events.jsonl.20240131T120000.000-003",
		"events.jsonl.20240131T130000.000-001",
	}, names(t, path))
	require.Equal(t, text(t, events(1, 9)), all(t, path), "names sort as events do")
	require.Equal(t, text(t, events(1, 2)), read(t, path+".20240131T120000.000-001"))
}

func TestRotateLongLine(t *testing.T) {
	s, path := open(t, &Options{MaxSize: 1})
	require.NoError(t, s.Write(t.Context(), events(1, 3)))
	require.Len(t, names(t, path), 3)
	require.Equal(t, text(t, events(1, 3)), all(t, path))
}

func TestRotateByAge(t *testing.T) {
	now := time.Now().UTC().Truncate(24 * time.Hour).Add(30 * 24 * time.Hour)
	o := &Options{RotateEvery: 24 * time.Hour, Now: func() time.Time { return now }}
	s, path := open(t, o)
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	now = now.Add(24*time.Hour - 1)
	require.NoError(t, s.Write(t.Context(), events(2, 1)))
	require.Len(t, names(t, path), 1)
	now = now.Add(1)
	require.NoError(t, s.Write(t.Context(), events(3, 1)))
	require.Len(t, names(t, path), 2)
	require.Equal(t, text(t, events(3, 1)), read(t, path))

	require.NoError(t, s.Close(t.Context()))
	require.NoError(t, os.Chtimes(path, now, now))
	now = now.Add(24 * time.Hour)
	s, err := Open(path, o)
	require.NoError(t, err)
	require.NoError(t, s.Write(t.Context(), events(4, 1)))
	require.NoError(t, s.Close(t.Context()))
	require.Equal(t, text(t, events(4, 1)), read(t, path), "the period outlives a restart")
	require.Equal(t, text(t, events(1, 4)), all(t, path))
}

func TestMaxFiles(t *testing.T) {
	s, path := open(t, &Options{MaxSize: 1, MaxFiles: 2})
	other := path + ".20240131T120000.000-001.txt" // not one of ours
	require.NoError(t, os.WriteFile(other, nil, 0o600))
	require.NoError(t, s.Write(t.Context(), events(1, 6)))
	require.Len(t, names(t, path), 4)
	require.FileExists(t, other)
	require.NoError(t, os.Remove(other))
	require.Equal(t, text(t, events(4, 3)), all(t, path))
}

func TestRotateAfterForeignRename(t *testing.T) {
	s, path := open(t, &Options{MaxSize: 1})
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	require.NoError(t, os.Rename(path, path+".old"))
	require.NoError(t, s.Write(t.Context(), events(2, 1)))
	require.Equal(t, []string{"events.jsonl", "events.jsonl.old"}, names(t, path))

	require.NoError(t, os.Rename(path, path+".older"))
	require.NoError(t, os.WriteFile(path, []byte("theirs\n"), 0o600))
	require.NoError(t, s.Write(t.Context(), events(3, 1)))
	require.Equal(t, "theirs\n"+text(t, events(3, 1)), func() string {
		require.NoError(t, os.Remove(path+".old"))
		require.NoError(t, os.Remove(path+".older"))
		return all(t, path)
	}())
}

func TestRotateFailureIsReturnedAndTriedAgain(t *testing.T) {
	now := at
	s, path := open(t, &Options{MaxSize: 1, Now: func() time.Time { return now }})
	require.NoError(t, s.Write(t.Context(), events(1, 1)))
	taken := path + ".20240131T120000.000-001" // a folder cannot be renamed over
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "x"), 0o700))
	require.Error(t, s.Write(t.Context(), events(2, 1)))
	require.Equal(t, text(t, events(1, 1)), read(t, path))
	now = now.Add(time.Second)
	require.NoError(t, s.Write(t.Context(), events(2, 1)))
	require.Equal(t, text(t, events(2, 1)), read(t, path))
}

func TestUnremovableFilesAreReportedByClose(t *testing.T) {
	s, path := open(t, nil)
	out := s.out.(*logFile)
	out.opts.MaxFiles = 1
	require.NoError(t, os.MkdirAll(filepath.Join(path+".20240131T120000.000-001", "x"), 0o700))
	out.prune([]string{"20240131T120000.000-001", "20240131T120000.000-002"})
	require.ErrorContains(t, s.Close(t.Context()), "20240131T120000.000-001")
}
