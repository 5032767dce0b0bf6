package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// maxTail is how far back from its end a file is searched for the end of a
// line. No line of ours is as long.
const maxTail = 16 << 20

// repair makes a file of this size end with a whole line. What a crash left of
// a line of ours, or the zeros that a loss of power leaves, is cut off; anything
// else that has no end, also an event, is ended and kept.
func repair(h handle, size int64) error {
	tail, err := lastLine(h, size)
	if err != nil || len(tail) == 0 {
		return err
	}
	zeros := len(bytes.Trim(tail, "\x00")) == 0
	ours := tail[0] == '{' && !json.Valid(tail)
	if len(tail) < maxTail && (zeros || ours) {
		return h.Truncate(size - int64(len(tail)))
	}
	if _, err := writeAll(h, []byte{'\n'}); err != nil {
		return err
	}
	return nil
}

// lastLine reads what follows the last '\n', at most maxTail bytes.
func lastLine(h handle, size int64) ([]byte, error) {
	var tail []byte
	for block := int64(4 << 10); ; block *= 8 {
		block = min(block, size, maxTail)
		tail = make([]byte, block)
		if _, err := h.ReadAt(tail, size-block); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if i := bytes.LastIndexByte(tail, '\n'); i >= 0 {
			return tail[i+1:], nil
		}
		if block == size || block == maxTail {
			return tail, nil
		}
	}
}
