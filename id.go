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

var (
	idCounter atomic.Uint64
	idRandom  uint64 // 40 bits
)

func init() {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	idCounter.Store(binary.BigEndian.Uint64(b[:8]) >> 25)
	idRandom = binary.BigEndian.Uint64(b[8:]) >> 24
}

// appendID appends a new ID for an event of the time ms.
func appendID(dst []byte, ms int64) []byte {
	const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	const mask40 = 1<<40 - 1
	t := uint64(min(max(ms, 0), 1<<48-1))
	count := idCounter.Add(1) & mask40
	hi := t<<16 | count>>24
	lo := count<<40 | idRandom
	var id [idSize]byte
	for i := idSize - 1; i >= 0; i-- {
		id[i] = digits[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return append(dst, id[:]...)
}
