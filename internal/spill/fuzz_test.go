package spill

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzLog(f *testing.F) {
	for seed := range uint64(4) {
		ops := make([]byte, 300)
		for i, r := 0, rand.New(rand.NewPCG(seed, seed)); i < len(ops); i++ {
			ops[i] = byte(r.Uint32())
		}
		f.Add(ops)
	}
	f.Fuzz(func(t *testing.T, ops []byte) {
		play(t, ops)
	})
}

func play(t *testing.T, ops []byte) {
	if len(ops) == 0 || len(ops) > 2000 {
		return
	}
	opt := Options{Dir: filepath.Join(t.TempDir(), "d"), MaxBytes: 6000, Sync: Sync(1 + ops[0]%3), Keep: int64(ops[0]%2) * 500}
	(&model{t: t, opt: opt}).play(ops[1:])
}

func TestRandomOperations(t *testing.T) {
	t.Parallel()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		ops := make([]byte, 600)
		for i := range ops {
			ops[i] = byte(r.Uint32())
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) { play(t, ops) })
	}
}

// FuzzOpen takes any bytes for a segment and a cursor. With mend, the checksums of
// both hold as far as their lengths make sense.
func FuzzOpen(f *testing.F) {
	good, _ := sample(f)
	img := good[fmt.Sprintf(nameOfFiles, 2)]
	f.Add(img, []byte{}, false)
	f.Add(img[:len(img)-3], make([]byte, 2*slotSize), true)
	f.Add(newer(), []byte("cursor"), true)
	f.Fuzz(func(t *testing.T, segment, cursor []byte, mend bool) {
		if mend {
			segment, cursor = mended(segment, cursor)
		}
		dir := filepath.Join(t.TempDir(), "d")
		d := files{cursorName: cursor}
		for name, b := range good {
			d[name] = b
		}
		name := fmt.Sprintf(nameOfFiles, 2)
		d[name] = segment
		d.write(t, dir)
		n := 0
		_, err := Read(dir, func(b []byte) bool { n++; return true })
		require.NoError(t, err)
		l, r := openLog(t, options(dir))
		require.Equal(t, r.Events, n)
		total := uint64(0)
		for _, c := range r.Counts {
			total += c
		}
		require.EqualValues(t, r.Events, total)
		for i := 0; ; i++ {
			got, lost, err := l.Next(3, 1000)
			require.NoError(t, err)
			require.Nil(t, lost)
			if got.N == 0 {
				break
			}
			frames := framesOf(got.Views)
			n -= len(frames)
			for _, p := range l.Ack(got.Parts, func(yield func([]byte) bool) {
				for _, b := range frames {
					if !yield(b) {
						return
					}
				}
			}) {
				l.Release(&p)
			}
			l.Tidy()
		}
		require.Zero(t, n)
		require.LessOrEqual(t, l.Bytes(), int64(len(segment)))
		l.Close()
		for _, left := range names(t, dir) {
			if left == name { // of a newer version
				b, err := os.ReadFile(filepath.Join(dir, left))
				require.NoError(t, err)
				require.Equal(t, segment, b)
			} else {
				require.Equal(t, quarantine, left)
			}
		}
	})
}

// mended makes the checksums of a segment and of a cursor hold.
func mended(segment, cursor []byte) ([]byte, []byte) {
	le := binary.LittleEndian
	sum := func(b []byte) {
		le.PutUint32(b[len(b)-4:], crc32.Checksum(b[:len(b)-4], castagnoli))
	}
	segment, cursor = append([]byte{}, segment...), append([]byte{}, cursor...)
	for c := cursor; len(c) >= slotSize; c = c[slotSize:] {
		sum(c[:slotSize])
	}
	if len(segment) < headSize {
		return segment, cursor
	}
	copy(segment, magic)
	le.PutUint16(segment[8:], Version)
	le.PutUint16(segment[10:], headSize)
	sum(segment[:headSize])
	for b := segment[headSize:]; len(b) >= batchSize; {
		copy(b, segment[32:32+nonceSize])
		size := int(le.Uint32(b[nonceSize:]))
		if size <= len(b)-batchSize {
			le.PutUint32(b[batchSize-8:], crc32.Checksum(b[batchSize:batchSize+size], castagnoli))
		}
		sum(b[:batchSize])
		b = b[min(len(b), batchSize+max(size, 0)):]
	}
	return segment, cursor
}
