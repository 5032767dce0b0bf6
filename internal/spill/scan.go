package spill

import "bytes"

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
	torn    int   // events of a batch at the end that was not written to its end
	end     int64 // behind the last good batch
}

// scan reads a whole segment whose head is good. Behind damage it searches for
// the next batch.
func scan(img []byte, n nonce) (s scanned) {
	off := headSize
	s.end = int64(off)
	for off < len(img) {
		t, ok := readBatch(img[off:], n)
		body := off + batchSize
		if ok && body+t.size <= len(img) && t.holds(img[body:body+t.size]) {
			f := found{int64(off), t, img[body : body+t.size]}
			s.batches = append(s.batches, f)
			off += batchSize + t.size
			s.end = int64(off)
			continue
		}
		g := gap{from: int64(off)}
		next := search(img, off+1, n)
		if next < 0 {
			switch {
			case ok && body+t.size > len(img):
				s.torn = t.events()
				return s
			case len(img)-off < batchSize && bytes.HasPrefix(n[:], img[off:min(off+nonceSize, len(img))]):
				return s // a torn header
			}
			next = len(img)
		}
		g.to = int64(next)
		if ok {
			g.counts = t.counts
		}
		s.gaps = append(s.gaps, g)
		off = next
	}
	return s
}

// search finds the next good batch at or behind off, or -1.
func search(img []byte, off int, n nonce) int {
	for off < len(img) {
		i := bytes.Index(img[off:], n[:])
		if i < 0 {
			return -1
		}
		off += i
		if t, ok := readBatch(img[off:], n); ok {
			body := off + batchSize
			if body+t.size <= len(img) && t.holds(img[body:body+t.size]) {
				return off
			}
		}
		off++
	}
	return -1
}
