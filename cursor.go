package syslog

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"time"
)

// Position is a place in the order of events: that of the event with this
// createdAt and id, after Rows others. Stores turn cursors into positions with
// [Query.After] and positions into cursors with [Position.Cursor].
type Position struct {
	CreatedAt time.Time
	ID        string
	Rows      int
}

// cursorVersion changes whenever the form of a cursor does.
const cursorVersion = 1

// Cursor returns the opaque text of p in an order. It is made of URL-safe
// characters.
func (p Position) Cursor(o Order) string {
	b := []byte{cursorVersion, byte(o)}
	b = binary.AppendVarint(b, p.CreatedAt.UnixMilli())
	b = binary.AppendUvarint(b, uint64(max(p.Rows, 0)))
	b = append(b, p.ID...)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// After returns the position that q.Cursor stands for: the page starts with the
// first event behind it in q.Order. It is nil without a cursor. The error is
// [ErrInvalidCursor].
func (q Query) After() (*Position, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || len(b) < 6 {
		return nil, ErrInvalidCursor
	}
	b, sum := b[:len(b)-4], binary.LittleEndian.Uint32(b[len(b)-4:])
	if crc32.ChecksumIEEE(b) != sum || b[0] != cursorVersion || Order(b[1]) != q.Order {
		return nil, ErrInvalidCursor
	}
	b = b[2:]
	ms, n := binary.Varint(b)
	if n <= 0 {
		return nil, ErrInvalidCursor
	}
	b = b[n:]
	rows, n := binary.Uvarint(b)
	if n <= 0 || rows > 1<<53 {
		return nil, ErrInvalidCursor
	}
	id := string(b[n:])
	if id == "" || len(id) > maxIDLen || repairText(id) != id {
		return nil, ErrInvalidCursor
	}
	return &Position{CreatedAt: time.UnixMilli(ms).UTC(), ID: id, Rows: int(rows)}, nil
}
