package syslog

import (
	"io"
	"sync"

	"github.com/callastar/syslog/internal/frame"
)

// stderrWriter prints events where there is no logger to take them.
type stderrWriter struct {
	mu  sync.Mutex
	w   io.Writer
	buf []byte
}

func (s *stderrWriter) write(f []byte) {
	e := frame.Decode(f)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf = append(s.buf[:0], e.Type...)
	_, _ = s.w.Write(s.buf)
}
