package syslog

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/textline"
)

// stderrWriter prints events where there is no logger to take them. It does wait
// for the terminal: a program that has not set a logger up yet is better off with
// an event on the screen than with one lost in a queue.
type stderrWriter struct {
	mu    sync.Mutex
	w     io.Writer
	color bool
	buf   []byte
}

func newStderrWriter(f *os.File) *stderrWriter {
	info, err := f.Stat()
	return &stderrWriter{w: f, color: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (s *stderrWriter) write(f []byte) {
	e := frame.Decode(f)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.buf = textline.Append(s.buf[:0], textline.Event{
		Time: time.UnixMilli(e.CreatedAt), Level: levelAt(int(e.Level)).String(), Type: e.Type,
		Actor: e.Actor, ActorID: e.ActorID, Message: e.Message, Metadata: e.Metadata,
	}, s.color)
	_, _ = s.w.Write(s.buf) // there is nowhere left to report a failure to
}

// print prints a line that is no event.
func (s *stderrWriter) print(line []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _ = s.w.Write(line)
}
