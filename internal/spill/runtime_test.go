package spill

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// What happens to files while we use them.
var accidents = map[string]func(path string) error{
	"deleted":     os.Remove,
	"emptied":     func(p string) error { return os.Truncate(p, 0) },
	"truncated":   func(p string) error { return os.Truncate(p, headSize+batchSize+20) },
	"overwritten": func(p string) error { return os.WriteFile(p, make([]byte, 300), 0o600) },
	"replaced by a directory": func(p string) error {
		_ = os.Remove(p)
		return os.Mkdir(p, 0o700)
	},
}

func TestSegmentsDamagedWhileInUse(t *testing.T) {
	for what, accident := range accidents {
		for hit := 1; hit <= 3; hit++ {
			for _, recovered := range []bool{false, true} {
				dir := filepath.Join(t.TempDir(), "d")
				opt := options(dir)
				opt.MaxBytes = 3000 // a segment ends with the batch that passes 375 bytes
				l, _ := openLog(t, opt)
				for i := range 9 { // three segments of three batches
					put(t, l, run(1+i*3, 3, ""))
				}
				_, n := sizes(t, dir)
				require.Equal(t, 5, n)
				if recovered {
					l.Close()
					l, _ = openLog(t, opt)
				}
				numbers, err := list(dir)
				require.NoError(t, err)
				require.NoError(t, accident(filepath.Join(dir, fmt.Sprintf(nameOfFiles, numbers[hit]))))

				from, to := hit*6+1, hit*6+6
				ids, lost := drain(t, l, 4)
				require.Equal(t, slices.DeleteFunc(upTo(1, 27), func(id int) bool { return id >= from && id <= to }), ids, what)
				require.Equal(t, []Lost{{First: uint64(from), Last: uint64(to), Counts: countsOf(upTo(from, to))}}, lost, what)
				put(t, l, run(28, 3, ""))
				ids, lost = drain(t, l, 100)
				require.Empty(t, lost)
				require.Equal(t, upTo(28, 30), ids, what)
				require.Zero(t, l.Bytes())
				l.Close()
			}
		}
	}
}

// The second batch of a segment is damaged after the first one was read, and part
// of the segment is in memory.
func TestOnlyWhatIsNotInMemoryIsLost(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 4, ""))
	off := l.Bytes()
	put(t, l, run(5, 4, ""))
	held, _, err := l.Append(run(9, 4, ""))
	require.NoError(t, err)
	f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(nameOfFiles, 1)), os.O_RDWR, 0)
	require.NoError(t, err)
	_, err = f.WriteAt([]byte("damage"), off+batchSize)
	require.NoError(t, err)
	require.NoError(t, f.Close())

	ids, lost := drainHeld(t, l)
	require.Equal(t, upTo(1, 4), ids)
	require.Equal(t, []Lost{{First: 5, Last: 8, Counts: countsOf(upTo(5, 8))}}, lost)
	require.False(t, l.Release(&held), "it is on disk no more, and must be kept")
	require.Empty(t, l.Ack([]Part{held}, slices.Values(framesOf(run(9, 4, "").Views))))
	require.Equal(t, []string{fmt.Sprintf(nameOfFiles, 1)}, names(t, filepath.Join(dir, quarantine)))

	put(t, l, run(13, 2, ""))
	ids, _ = drain(t, l, 10)
	require.Equal(t, upTo(13, 14), ids)
	l.Close()
	require.Equal(t, []string{quarantine}, names(t, dir))
}

// drainHeld delivers what is on disk only.
func drainHeld(t *testing.T, l *Log) (ids []int, lost []Lost) {
	t.Helper()
	for {
		r, gone, err := l.Next(100, 1<<20)
		if gone != nil {
			lost = append(lost, *gone)
			continue
		}
		require.NoError(t, err)
		if r.N == 0 {
			return ids, lost
		}
		ids = append(ids, idsOf(r.Views)...)
		require.Empty(t, l.Ack(r.Parts, slices.Values(framesOf(r.Views))))
		l.Tidy()
	}
}

func TestTheDirectoryIsDeletedWhileInUse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 4, ""))
	require.NoError(t, os.RemoveAll(dir))
	ids, lost := drain(t, l, 100)
	require.Empty(t, ids)
	require.Equal(t, []Lost{{First: 1, Last: 4, Counts: countsOf(upTo(1, 4))}}, lost)
	put(t, l, run(5, 4, ""))
	ids, _ = drain(t, l, 100)
	require.Equal(t, upTo(5, 8), ids)
	l.Close()
	require.NoDirExists(t, dir)
}

func TestUseAfterClose(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 4, ""))
	r, _, err := l.Next(2, 1<<20)
	require.NoError(t, err)
	l.Close()
	l.Close()
	_, _, err = l.Append(run(5, 1, ""))
	require.ErrorIs(t, err, errClosed)
	_, lost, err := l.Next(1, 1)
	require.ErrorIs(t, err, errClosed)
	require.Nil(t, lost)
	require.Nil(t, l.Ack(r.Parts, slices.Values(framesOf(r.Views))))
	require.NoError(t, l.Sync())
	l.Tidy()
	_, rec := openLog(t, options(dir))
	require.Equal(t, 4, rec.Events)
	require.Zero(t, rec.Lost)
}
