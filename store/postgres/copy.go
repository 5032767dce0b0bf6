package postgres

import (
	"io"
	"sync"

	"github.com/callastar/syslog"
)

// copyPiece is how much is encoded at a time: what the driver sends at a time.
const copyPiece = 64 << 10

var copyBuffers = sync.Pool{New: func() any { b := make([]byte, 0, copyPiece); return &b }}

// copyReader encodes events as they are read. The driver reads on a goroutine that
// a failed COPY may leave behind: once released it sees no more of the events,
// which are the caller's again.
type copyReader struct {
	mu     sync.Mutex
	logs   []syslog.Log
	layout *layout
	buf    *[]byte
	rest   []byte // of buf, still to be read
	ended  bool
}

func newCopyReader(logs []syslog.Log, l *layout) *copyReader {
	r := &copyReader{logs: logs, layout: l, buf: copyBuffers.Get().(*[]byte)}
	r.rest = append((*r.buf)[:0], copyHeader...)
	return r
}

// Read implements [io.Reader].
func (r *copyReader) Read(p []byte) (n int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for n < len(p) {
		if len(r.rest) == 0 && !r.encode() {
			break
		}
		k := copy(p[n:], r.rest)
		r.rest, n = r.rest[k:], n+k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// encode fills the buffer again, and reports whether there was anything left.
func (r *copyReader) encode() bool {
	if r.ended {
		return false
	}
	b := (*r.buf)[:0]
	for len(r.logs) > 0 && len(b) < copyPiece {
		b = appendRow(b, r.layout.stored(&r.logs[0]))
		r.logs = r.logs[1:]
	}
	if len(r.logs) == 0 {
		b, r.ended = append(b, copyEnd...), true
	}
	*r.buf, r.rest = b, b
	return true
}

// release ends the reading.
func (r *copyReader) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.buf != nil && cap(*r.buf) <= 4*copyPiece { // a large event made it larger
		copyBuffers.Put(r.buf)
	}
	r.logs, r.rest, r.buf, r.ended = nil, nil, nil, true
}
