// Package frame is the form in which an event waits: one run of bytes without a
// pointer, so that a full queue costs the garbage collector nothing, is counted
// in bytes exactly, and can go to disk as it is.
//
// A frame is a fixed head, little endian, and the fields' bytes behind it:
//
//	u32 size of the whole frame    u8  level, as index    i64 createdAt, Unix ms
//	u8 len(id)   u16 len(type)   u8 len(actor)   u16 len(actorId)   u32 len(message)   u32 len(metadata)
package frame

import (
	"encoding/binary"
	"unsafe"
)

// HeadSize is the size of the fixed head in bytes.
const HeadSize = 4 + 1 + 8 + 1 + 2 + 1 + 2 + 4 + 4

// Levels is how many levels of importance there are, 0 the least important.
const Levels = 4

// Head holds the fixed fields of a frame. The lengths add up with HeadSize to
// the frame's size.
type Head struct {
	Level                    uint8
	CreatedAt                int64
	ID, Type, Actor, ActorID int
	Message, Metadata        int
}

// Begin appends room for a head, which End fills in.
func Begin(dst []byte) []byte {
	var head [HeadSize]byte
	return append(dst, head[:]...)
}

// End fills in the head of the frame that is all of b.
func End(b []byte, h Head) {
	le := binary.LittleEndian
	le.PutUint32(b, uint32(len(b)))
	b[4] = h.Level
	le.PutUint64(b[5:], uint64(h.CreatedAt))
	b[13] = uint8(h.ID)
	le.PutUint16(b[14:], uint16(h.Type))
	b[16] = uint8(h.Actor)
	le.PutUint16(b[17:], uint16(h.ActorID))
	le.PutUint32(b[19:], uint32(h.Message))
	le.PutUint32(b[23:], uint32(h.Metadata))
}

// Size is the size of the frame that b starts with.
func Size(b []byte) int { return int(binary.LittleEndian.Uint32(b)) }

// Level is the level index of the frame that b starts with.
func Level(b []byte) int { return int(b[4]) }

// Event is a decoded frame. Its strings and Metadata are views of the frame's
// bytes, which must not change as long as they are in use.
type Event struct {
	Level                             uint8
	CreatedAt                         int64
	ID, Type, Actor, ActorID, Message string
	Metadata                          []byte
}

// Decode reads the frame that b starts with. The frame must be whole and come
// from End; bytes from elsewhere are checked before they get here.
func Decode(b []byte) Event {
	le := binary.LittleEndian
	e := Event{Level: b[4], CreatedAt: int64(le.Uint64(b[5:]))}
	at := HeadSize
	text := func(n int) string {
		s := unsafe.String(unsafe.SliceData(b[at:]), n)
		at += n
		return s
	}
	e.ID = text(int(b[13]))
	e.Type = text(int(le.Uint16(b[14:])))
	e.Actor = text(int(b[16]))
	e.ActorID = text(int(le.Uint16(b[17:])))
	e.Message = text(int(le.Uint32(b[19:])))
	if n := int(le.Uint32(b[23:])); n > 0 {
		e.Metadata = b[at : at+n : at+n]
	}
	return e
}

// Check returns the size of the frame that b starts with, and whether it is whole
// and its lengths add up. It is for bytes from elsewhere.
func Check(b []byte) (size int, ok bool) {
	if len(b) < HeadSize {
		return 0, false
	}
	le := binary.LittleEndian
	want := uint64(HeadSize) + uint64(b[13]) + uint64(le.Uint16(b[14:])) + uint64(b[16]) +
		uint64(le.Uint16(b[17:])) + uint64(le.Uint32(b[19:])) + uint64(le.Uint32(b[23:]))
	got := uint64(le.Uint32(b))
	return int(got), got == want && got <= uint64(len(b)) && b[4] < Levels && b[13] > 0
}
