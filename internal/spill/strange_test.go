package spill

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCursorDamaged(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 5, ""))
	put(t, l, run(6, 5, ""))
	ack := func(n int) {
		r, _, err := l.Next(n, 1<<20)
		require.NoError(t, err)
		l.Ack(r.Parts, slices.Values(framesOf(r.Views)))
		l.Tidy()
	}
	ack(3)
	ack(4) // to the middle of the second batch
	good := snapshot(t, dir)
	l.Close()
	require.Len(t, good[cursorName], 2*slotSize)

	try := func(cursor []byte, what string) int {
		good.write(t, dir)
		require.NoError(t, os.WriteFile(filepath.Join(dir, cursorName), cursor, 0o600))
		l, r := openLog(t, options(dir))
		ids, lost := drain(t, l, 100)
		l.Close()
		require.Empty(t, lost)
		require.Len(t, ids, r.Events, what)
		require.Equal(t, upTo(11-len(ids), 10), ids, what)
		require.NoDirExists(t, dir)
		return len(ids)
	}
	img := good[cursorName]
	require.Equal(t, 3, try(img, "whole"))
	for size := range img {
		require.Contains(t, []int{3, 7, 10}, try(img[:size], fmt.Sprint("cursor of ", size, " bytes")))
	}
	for at := range img {
		for bit := range 8 {
			damaged := slices.Clone(img)
			damaged[at] ^= 1 << bit
			require.Contains(t, []int{3, 7}, try(damaged, fmt.Sprint("bit ", bit, " of ", at)))
		}
	}
	require.Equal(t, 3, try(append(img, bytes.Repeat([]byte{1}, 1<<20)...), "with a tail"))
	require.Equal(t, 10, try(nil, "empty"))
}

func TestDamageOfWhatIsDeliveredIsNoLoss(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	var ends []int64
	for i := range 3 {
		put(t, l, run(1+5*i, 5, ""))
		ends = append(ends, l.Bytes())
	}
	r, _, _ := l.Next(7, 1<<20)
	l.Ack(r.Parts, slices.Values(framesOf(r.Views)))
	l.Close()
	good := snapshot(t, dir)
	name := fmt.Sprintf(nameOfFiles, 1)

	good[name][ends[0]-1]++
	good.write(t, dir)
	check(t, dir, expect{ids: upTo(8, 15), aside: []string{name}}, "delivered")

	good[name][ends[1]-1]++
	good.write(t, dir)
	_, rec := openLog(t, options(dir))
	n := uint64(0)
	for _, c := range rec.Lost {
		n += c
	}
	require.EqualValues(t, 3, n, "two of five were delivered")
}

// newer makes a segment of a newer version.
func newer() []byte {
	le := binary.LittleEndian
	b := append([]byte(magic), 2, 0, 30, 0)
	b = append(b, "what a newer v"...)
	b = le.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return append(b, "whatever"...)
}

func TestWhatIsNotOursStays(t *testing.T) {
	good, _ := sample(t)
	outside := t.TempDir()
	dir := filepath.Join(outside, "d")
	moved := files{}
	for i := range 3 {
		moved[fmt.Sprintf(nameOfFiles, 10*(i+1))] = good[fmt.Sprintf(nameOfFiles, i+1)]
	}
	moved[fmt.Sprintf(nameOfFiles, 1)] = newer()
	moved[fmt.Sprintf(nameOfFiles, 15)] = newer()
	moved[fmt.Sprintf(nameOfFiles, 16)] = nil
	moved["notes.txt"] = []byte("mine")
	moved["1"+suffix] = []byte("no segment's name")
	moved.write(t, dir)
	require.NoError(t, os.Mkdir(filepath.Join(dir, fmt.Sprintf(nameOfFiles, 17)), 0o700))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(dir, fmt.Sprintf(nameOfFiles, 18))))
	for _, n := range []int{31, 32, 33} { // in the way of what is appended
		path := filepath.Join(dir, fmt.Sprintf(nameOfFiles, n))
		if n == 32 {
			require.NoError(t, os.Symlink(filepath.Join(outside, "not made"), path))
		} else {
			require.NoError(t, os.Mkdir(path, 0o700))
		}
	}
	before := names(t, dir)

	for round := range 3 {
		l, r := openLog(t, options(dir))
		first := 1
		if round == 0 {
			require.Equal(t, 18, r.Events)
			first = 19
		} else {
			require.Zero(t, r.Events)
		}
		require.Len(t, r.Notes, 2)
		for _, n := range r.Notes {
			require.Contains(t, n, "newer version")
		}
		put(t, l, run(first, 4, ""))
		ids, lost := drain(t, l, 100)
		require.Empty(t, lost)
		require.Equal(t, upTo(1, first+3), ids)
		if round == 1 { // as a crash leaves it: with the cursor
			continue
		}
		l.Close()
	}
	gone := []string{fmt.Sprintf(nameOfFiles, 10), fmt.Sprintf(nameOfFiles, 16), fmt.Sprintf(nameOfFiles, 20), fmt.Sprintf(nameOfFiles, 30)}
	require.Equal(t, slices.DeleteFunc(before, func(n string) bool { return slices.Contains(gone, n) }), names(t, dir))
	for _, n := range []int{1, 15} {
		b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf(nameOfFiles, n)))
		require.NoError(t, err)
		require.Equal(t, newer(), b)
	}
	require.NoFileExists(t, filepath.Join(outside, "not made"))
	notes, err := Read(dir, func([]byte) bool { t.Error("nothing of ours is left"); return true })
	require.NoError(t, err)
	require.Len(t, notes, 2)
}

func TestHugeSparseFiles(t *testing.T) {
	good, _ := sample(t)
	dir := filepath.Join(t.TempDir(), "d")
	good.write(t, dir)
	sparse := filepath.Join(dir, fmt.Sprintf(nameOfFiles, 0))
	require.NoError(t, os.WriteFile(sparse, nil, 0o600))
	require.NoError(t, os.Truncate(sparse, 1<<40))
	require.NoError(t, os.WriteFile(filepath.Join(dir, cursorName), nil, 0o600))
	require.NoError(t, os.Truncate(filepath.Join(dir, cursorName), 1<<40))
	name := fmt.Sprintf(nameOfFiles, 2)
	require.NoError(t, os.Truncate(filepath.Join(dir, name), 1<<30))
	check(t, dir, expect{ids: upTo(1, 18), aside: []string{filepath.Base(sparse), name}}, "sparse")
}

func TestOnlyAnUnreadableDirectoryIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, _, err := Open(options(path))
	require.Error(t, err)
	_, err = Read(path, nil)
	require.Error(t, err)
}

// A message that holds a whole batch, header and all, is no batch: not where damage
// is searched over, and not where the head is damaged, too.
func TestForgedBatches(t *testing.T) {
	forged := run(666, 1, "")
	header := func(n nonce) string {
		f := batch{size: int(forged.size()), counts: forged.counts(), crc: crc32.Checksum(forged.Views[0], castagnoli)}
		return string(append(f.append(nil, n), forged.Views[0]...))
	}
	message := header(nonce{}) + header(nonce(bytes.Repeat([]byte{0xff}, nonceSize)))
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 1, message))
	put(t, l, run(2, 1, message))
	end := l.Bytes()
	put(t, l, run(3, 1, message))
	l.Close()
	good := snapshot(t, dir)
	name := fmt.Sprintf(nameOfFiles, 1)
	for _, fill := range []byte{0, 0xff} {
		for _, span := range []struct {
			from, to int
			ids      []int
		}{
			{0, headSize, []int{1, 2, 3}},
			{0, headSize + batchSize, nil}, // nothing tells the nonce
			{nonceSize, headSize + batchSize + 10, nil},
			{int(end) / 2, int(end) - 10, nil},
			{headSize, headSize + batchSize, []int{2, 3}},
			{headSize + batchSize, headSize + batchSize + 1, []int{2, 3}},
		} {
			damaged := files{name: slices.Clone(good[name])}
			for i := span.from; i < span.to; i++ {
				damaged[name][i] = fill
			}
			damaged.write(t, dir)
			l, _ := openLog(t, options(dir))
			ids, _ := drain(t, l, 10)
			l.Close()
			require.NotContains(t, ids, 666)
			if span.ids != nil || span.from == 0 {
				require.Equal(t, span.ids, ids)
			}
			require.Equal(t, []string{name}, names(t, filepath.Join(dir, quarantine)))
			require.NoError(t, os.RemoveAll(dir))
		}
	}
}
