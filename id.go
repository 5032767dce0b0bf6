package syslog

import (
	"crypto/rand"
	"encoding/binary"
	"sync/atomic"
)

// idSize is the length of an ID that the library makes: 26 characters of
// Crockford's base 32, which sort as the 16 bytes behind them, as a ULID's do.
//
// The bytes are the time in milliseconds (6), a counter (5) and random bytes of
// this process (5). The counter starts at random and makes the events of one
// process unique and, within a millisecond, ordered; counter and random bytes
// keep processes apart.
const idSize = 26

const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var (
	idCounter atomic.Uint64
	idRandom  uint64 // as eight characters
)

func init() {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	idCounter.Store(binary.BigEndian.Uint64(b[:8]) >> 25)
	idRandom = base32(binary.BigEndian.Uint64(b[8:]))
}

// appendID appends a new ID for an event of the time ms.
func appendID(dst []byte, ms int64) []byte {
	t := uint64(min(max(ms, 0), 1<<48-1))
	var id [idSize]byte
	be := binary.BigEndian
	be.PutUint64(id[2:], base32(t))
	id[0], id[1] = digits[t>>45], digits[t>>40&31]
	be.PutUint64(id[10:], base32(idCounter.Add(1)))
	be.PutUint64(id[18:], idRandom)
	return append(dst, id[:]...)
}

// base32 is the last 40 bits of n as eight characters, all of them at the same time.
func base32(n uint64) uint64 {
	const each = 0x0101010101010101
	n = n>>20&0xFFFFF<<32 | n&0xFFFFF
	n = n>>10&0x3FF_000003FF<<16 | n&0x3FF_000003FF
	n = n>>5&0x1F001F_001F001F<<8 | n&0x1F001F_001F001F
	from := func(digit uint64) uint64 { return (n + (128-digit)*each) >> 7 & each } // 1 for those that are not below
	// Letters lie 7 behind the digits, and I, L, O and U are none.
	return n + '0'*each + 7*from(10) + from(18) + from(20) + from(22) + from(27)
}
