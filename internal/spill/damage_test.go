package spill

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// laid is a batch of the sample, and where it is.
type laid struct {
	file     string
	off, end int
	ids      []int
}

// sample is three segments of three batches each.
func sample(t testing.TB) (files, []laid) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "sample")
	var where []laid
	next := 1
	for segment := 1; segment <= 3; segment++ {
		l, _ := openLog(t, options(dir))
		off := headSize
		for n := 1; n <= 3; n++ {
			b := run(next, n, "m"[:n%2])
			put(t, l, b)
			end := off + batchSize + int(b.size())
			where = append(where, laid{fmt.Sprintf(nameOfFiles, segment), off, end, upTo(next, next+n-1)})
			next, off = next+n, end
		}
		l.Close()
	}
	f := snapshot(t, dir)
	require.Len(t, f, 3)
	for name, img := range f {
		i := slices.IndexFunc(where, func(w laid) bool { return w.file == name && w.end == len(img) })
		require.GreaterOrEqual(t, i, 0, "the layout is as this test takes it to be")
	}
	return f, where
}

// expect is what is to become of a damaged sample.
type expect struct {
	ids   []int
	lost  []int
	aside []string
}

// check opens a directory, delivers all of it, and looks at what is left.
func check(t testing.TB, dir string, e expect, what string) {
	t.Helper()
	var read []int
	_, err := Read(dir, func(f []byte) bool { read = append(read, idOf(f)); return true })
	if err != nil || !slices.Equal(e.ids, read) {
		require.NoError(t, err, what)
		require.Equal(t, e.ids, read, what)
	}
	l, r := openLog(t, options(dir))
	sum, _ := sizes(t, dir)
	ids, lost := drain(t, l, 2)
	l.Close()
	if len(lost) > 0 || !slices.Equal(e.ids, ids) || r.Events != len(ids) || r.Counts != countsOf(ids) || r.Lost != countsOf(e.lost) || r.Bytes != sum {
		require.Empty(t, lost, what)
		require.Equal(t, e.ids, ids, what)
		require.Len(t, ids, r.Events, what)
		require.Equal(t, countsOf(ids), r.Counts, what)
		require.Equal(t, countsOf(e.lost), r.Lost, what)
		require.Equal(t, sum, r.Bytes, what)
	}
	if len(e.lost) > 0 || len(e.aside) > 0 {
		require.NotEmpty(t, r.Notes, what)
	}
	if aside := names(t, filepath.Join(dir, quarantine)); !slices.Equal(e.aside, aside) {
		require.Equal(t, e.aside, aside, what)
	}
	left := names(t, dir)
	if len(e.aside) > 0 {
		require.Equal(t, []string{quarantine}, left, what)
	} else {
		require.NoDirExists(t, dir, what)
	}
}

func TestSegmentsTruncatedAtEveryByte(t *testing.T) {
	t.Parallel()
	good, where := sample(t)
	dir := filepath.Join(t.TempDir(), "d")
	for name, img := range good {
		last := name == fmt.Sprintf(nameOfFiles, 3)
		for size := range img {
			damaged := files{}
			for n, b := range good {
				damaged[n] = b
			}
			damaged[name] = img[:size]
			var e expect
			torn := size > 0 && size < headSize
			for _, w := range where {
				switch {
				case w.file != name || w.end <= size:
					e.ids = append(e.ids, w.ids...)
				case w.off < size && size > headSize && !last:
					torn = true
					if w.off+batchSize <= size {
						e.lost = w.ids
					}
				}
			}
			if torn {
				e.aside = []string{name}
			}
			damaged.write(t, dir)
			check(t, dir, e, fmt.Sprintf("%s of %d bytes", name, size))
		}
	}
}

func TestEveryByteAndBitDamaged(t *testing.T) {
	t.Parallel()
	good, where := sample(t)
	dir := filepath.Join(t.TempDir(), "d")
	name := fmt.Sprintf(nameOfFiles, 2)
	masks := []byte{0xff, 1, 2, 4, 8, 16, 32, 64, 128}
	for _, mask := range masks {
		for at := range good[name] {
			damaged := files{}
			for n, b := range good {
				damaged[n] = slices.Clone(b)
			}
			damaged[name][at] ^= mask
			e := expect{aside: []string{name}}
			for _, w := range where {
				hit := w.file == name && w.off <= at && at < w.end
				if !hit {
					e.ids = append(e.ids, w.ids...)
				} else if at >= w.off+batchSize {
					e.lost = w.ids
				}
			}
			damaged.write(t, dir)
			check(t, dir, e, fmt.Sprintf("byte %d ^ %02x", at, mask))
		}
	}
}

func TestBytesMissingInTheMiddle(t *testing.T) {
	t.Parallel()
	good, where := sample(t)
	dir := filepath.Join(t.TempDir(), "d")
	name := fmt.Sprintf(nameOfFiles, 2)
	img := good[name]
	for at := range img {
		for _, n := range []int{1, 7, 100} {
			if at+n >= len(img) {
				continue // that is truncation
			}
			damaged := files{}
			for n, b := range good {
				damaged[n] = b
			}
			damaged[name] = slices.Concat(img[:at], img[at+n:])
			damaged.write(t, dir)
			l, r := openLog(t, options(dir))
			ids, lost := drain(t, l, 3)
			l.Close()
			require.Empty(t, lost)
			require.Equal(t, r.Events, len(ids))
			for _, w := range where {
				untouched := w.file != name || at >= headSize && (w.end <= at || at+n <= w.off)
				for _, id := range w.ids {
					_, delivered := slices.BinarySearch(ids, id)
					if untouched {
						require.True(t, delivered, "%d bytes missing at %d, batch at %d", n, at, w.off)
					}
				}
			}
			require.True(t, slices.IsSorted(ids))
			require.Len(t, slices.Compact(ids), r.Events) // that a whole batch is missing cannot be seen
		}
	}
}

func TestTwoBatchesDamagedInARow(t *testing.T) {
	good, where := sample(t)
	dir := filepath.Join(t.TempDir(), "d")
	name := where[3].file
	for _, w := range where[3:5] {
		good[name][w.end-1]++
	}
	good.write(t, dir)
	check(t, dir, expect{
		ids:   slices.Concat(upTo(1, 6), where[5].ids, upTo(13, 18)),
		lost:  slices.Concat(where[3].ids, where[4].ids),
		aside: []string{name},
	}, "both count")
}
