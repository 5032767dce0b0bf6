package spill

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// place is where reading goes on: frames behind the first skip of the batch at off.
type place struct {
	number uint64 // of the segment
	off    int64
	skip   int
}

// cursor keeps a place in a file of two slots that are written in turn, so that a
// crash in the middle of one leaves the other.
type cursor struct {
	f   *os.File
	gen uint64
}

const slotSize = 8 + 8 + 8 + 4 + 4

func readCursor(dir string) (p place, gen uint64) {
	f, err := os.Open(filepath.Join(dir, cursorName)) //nolint:gosec // the host's own directory
	if err != nil {
		return place{}, 0
	}
	defer f.Close() //nolint:errcheck // only read
	b := make([]byte, 2*slotSize)
	n, _ := io.ReadFull(f, b)
	b = b[:n]
	le := binary.LittleEndian
	for ; len(b) >= slotSize; b = b[slotSize:] {
		if le.Uint32(b[slotSize-4:]) != crc32.Checksum(b[:slotSize-4], castagnoli) {
			continue
		}
		if g := le.Uint64(b); g > gen {
			gen = g
			p = place{le.Uint64(b[8:]), int64(le.Uint64(b[16:])), int(le.Uint32(b[24:]))}
		}
	}
	return p, gen
}

// write is not synced: a place that is lost means that events come again, which
// their IDs make harmless.
func (c *cursor) write(dir string, p place) error {
	if c.f == nil {
		f, err := os.OpenFile(filepath.Join(dir, cursorName), os.O_RDWR|os.O_CREATE, filePerm)
		if err != nil {
			return err
		}
		c.f = f
	}
	c.gen++
	le := binary.LittleEndian
	b := make([]byte, 0, slotSize)
	b = le.AppendUint64(b, c.gen)
	b = le.AppendUint64(b, p.number)
	b = le.AppendUint64(b, uint64(p.off))
	b = le.AppendUint32(b, uint32(p.skip))
	b = le.AppendUint32(b, crc32.Checksum(b, castagnoli))
	_, err := c.f.WriteAt(b, int64(c.gen%2)*slotSize)
	return err
}

// close ends the cursor, and removes it where nothing is left that it could point into.
func (c *cursor) close(dir string, remove bool) {
	if c.f != nil {
		_ = c.f.Close()
		c.f = nil
	}
	if remove {
		_ = os.Remove(filepath.Join(dir, cursorName))
	}
}
