package spill

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
)

// found is a good batch of a segment.
type found struct {
	off    int64 // of its header in the file
	batch  batch
	frames []byte
}

// gap is a part of a segment that cannot be read.
type gap struct {
	from, to int64
	counts   [Levels]uint32 // events known to have been in it
}

// scanned is what a segment holds.
type scanned struct {
	batches []found
	gaps    []gap
	torn    bool // the last gap is what the crash of a writer leaves
}

// loaded is a segment that was read.
type loaded struct {
	head
	scanned
	size int64 // of the file
}

// load reads a segment into buf, which the next one is read into, too.
func load(path string, buf *[]byte) (s loaded, err error) {
	f, err := os.Open(path) //nolint:gosec // in the host's own directory
	if err != nil {
		return s, err
	}
	defer f.Close() //nolint:errcheck // only read
	info, err := f.Stat()
	if err != nil {
		return s, err
	}
	s.size = info.Size()
	n := int(min(s.size, maxSegment))
	*buf = slices.Grow((*buf)[:0], n)
	img := (*buf)[:n]
	n, err = io.ReadFull(f, img)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) { // these: it became shorter
		return s, err
	}
	img = img[:n]
	if s.head, err = readHead(img); err == nil {
		s.scanned = scan(img, s.nonce)
	} else if n, ok := firstNonce(img); ok && !errors.Is(err, errNewer) {
		s.nonce, err = n, nil
		s.scanned = scan(img, n)
		s.gaps = append([]gap{{to: headSize}}, s.gaps...)
	}
	return s, err
}

// scan reads a whole segment. Behind damage it goes on with the next header of a
// batch, which only this segment's nonce makes one.
func scan(img []byte, n nonce) (s scanned) {
	for off := headSize; off < len(img); {
		t, ok := readBatch(img[off:], n)
		body := off + batchSize
		end := body + t.size
		if ok && end <= len(img) && t.holds(img[body:end]) {
			s.batches = append(s.batches, found{int64(off), t, img[body:end]})
			off = end
			continue
		}
		next := search(img, off+1, n)
		if next < 0 {
			next = len(img)
			s.torn = ok && end > next ||
				!ok && next < body && bytes.HasPrefix(n[:], img[off:min(off+nonceSize, next)])
		}
		g := gap{from: int64(off), to: int64(next)}
		if ok {
			g.counts = t.counts
		}
		s.gaps = append(s.gaps, g)
		off = next
	}
	return s
}

// search finds the next header of a batch at or behind off, or -1.
func search(img []byte, off int, n nonce) int {
	for off < len(img) {
		i := bytes.Index(img[off:], n[:])
		if i < 0 {
			return -1
		}
		off += i
		if _, ok := readBatch(img[off:], n); ok {
			return off
		}
		off++
	}
	return -1
}
