package spill

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/callastar/syslog/internal/frame"
)

// Levels is how many levels of importance frames have.
const Levels = frame.Levels

// Version is the newest format of segments that this package reads, and the one
// that it writes.
const Version = 1

const (
	magic       = "SYSLOGSP"
	headSize    = 8 + 2 + 2 + 4 + 8 + 8 + nonceSize + 4
	batchSize   = nonceSize + 4 + 4*Levels + 4 + 4
	nonceSize   = 16
	maxPayload  = 16 << 20 // of a batch: far above what is written
	maxSegment  = 64 << 20 // far above what is written; more is not read
	suffix      = ".seg"
	cursorName  = "cursor"
	quarantine  = "quarantine"
	lockName    = "LOCK"
	filePerm    = 0o600 // events hold personal data
	folderPerm  = 0o700
	nameOfFiles = "%016x" + suffix
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// nonce is what the batches of one segment begin with. It is random, so that the
// text of an event cannot pass for a batch where damage is searched over.
type nonce [nonceSize]byte

// head is what a segment begins with.
type head struct {
	number  uint64
	created int64 // Unix milliseconds, for people
	nonce   nonce
}

func (h *head) append(b []byte) []byte {
	start := len(b)
	le := binary.LittleEndian
	b = append(b, magic...)
	b = le.AppendUint16(b, Version)
	b = le.AppendUint16(b, headSize)
	b = le.AppendUint32(b, 0)
	b = le.AppendUint64(b, h.number)
	b = le.AppendUint64(b, uint64(h.created))
	b = append(b, h.nonce[:]...)
	return le.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

var (
	errNewer  = errors.New("it was written by a newer version of this library")
	errNoHead = errors.New("its first bytes are damaged")
)

// readHead reads a head. That of every version has its size at 10, and a checksum
// at its end.
func readHead(b []byte) (h head, err error) {
	le := binary.LittleEndian
	if len(b) < 16 || string(b[:8]) != magic {
		return h, errNoHead
	}
	v, size := le.Uint16(b[8:]), int(le.Uint16(b[10:]))
	if size < 16 || size > len(b) || le.Uint32(b[size-4:]) != crc32.Checksum(b[:size-4], castagnoli) {
		return h, errNoHead
	}
	if v > Version {
		return h, fmt.Errorf("%w (format %d, known is %d)", errNewer, v, Version)
	}
	if v != Version || size != headSize {
		return h, errNoHead
	}
	h.number, h.created = le.Uint64(b[16:]), int64(le.Uint64(b[24:]))
	copy(h.nonce[:], b[32:])
	return h, nil
}

// firstNonce finds the nonce of a segment whose head is damaged. It stands in the
// header of the first batch, too, which no event has an influence on.
func firstNonce(b []byte) (n nonce, ok bool) {
	if len(b) < headSize {
		return n, false
	}
	copy(n[:], b[headSize:])
	_, ok = readBatch(b[headSize:], n)
	return n, ok
}

// batch is what stands before the frames that were written together.
type batch struct {
	size   int // of the frames, in bytes
	counts [Levels]uint32
	crc    uint32 // of the frames
}

func (t *batch) events() int { return total(t.counts) }

func total(counts [Levels]uint32) (n int) {
	for _, c := range counts {
		n += int(c)
	}
	return n
}

func (t *batch) append(b []byte, n nonce) []byte {
	start := len(b)
	le := binary.LittleEndian
	b = append(b, n[:]...)
	b = le.AppendUint32(b, uint32(t.size))
	for _, c := range t.counts {
		b = le.AppendUint32(b, c)
	}
	b = le.AppendUint32(b, t.crc)
	return le.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

func readBatch(b []byte, n nonce) (t batch, ok bool) {
	le := binary.LittleEndian
	if len(b) < batchSize || !bytes.Equal(b[:nonceSize], n[:]) ||
		le.Uint32(b[batchSize-4:]) != crc32.Checksum(b[:batchSize-4], castagnoli) {
		return t, false
	}
	t.size = int(le.Uint32(b[nonceSize:]))
	events := uint64(0)
	for lv := range t.counts {
		t.counts[lv] = le.Uint32(b[nonceSize+4+4*lv:])
		events += uint64(t.counts[lv])
	}
	t.crc = le.Uint32(b[batchSize-8:])
	return t, t.size > 0 && t.size <= maxPayload && events > 0 && events <= uint64(t.size)/frame.HeadSize
}

// holds reports whether b is the frames that the batch speaks of.
func (t *batch) holds(b []byte) bool {
	if len(b) != t.size || crc32.Checksum(b, castagnoli) != t.crc {
		return false
	}
	var counts [Levels]uint32
	for len(b) > 0 {
		n, ok := frame.Check(b)
		if !ok {
			return false
		}
		counts[frame.Level(b)]++
		b = b[n:]
	}
	return counts == t.counts
}
