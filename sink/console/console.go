// Package console shows events to a person: one line an event, in aligned
// columns, in colour on a terminal.
//
//	2024-01-31T12:00:00.123Z  INFO      BOOKING_CREATED           USER u_1              Booking bk_1 created
//
// Nothing in an event can start a line of its own or reach the terminal's
// controls: what is not plainly visible is written as an escape such as \n,
// \u001b or \u202e.
//
// [New] is a destination beside the store. [Fallback] is the last resort: it
// shows only the events that the store could not take.
package console

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/textline"
)

// Color says whether lines are coloured.
type Color int

// The choices. The zero value is Auto, and so is any other number.
const (
	Auto   Color = iota // when the writer is a terminal
	Always              // for pagers and containers that show colour
	Never
)

// Options set the appearance. The environment is not read: a host that honours
// NO_COLOR sets Color itself.
type Options struct {
	Color Color
	// Location is the zone that times are shown in; nil is UTC.
	Location *time.Location
}

// Sink writes events to an io.Writer. Make it with [New]. It may be used
// concurrently.
type Sink struct {
	mu       sync.Mutex
	w        io.Writer
	color    bool
	location *time.Location
	buf      []byte
	torn     bool // the last write ended within a line
	closed   bool
}

// New makes a sink that writes to w, which it never closes; a nil w is
// os.Stderr and nil options are their zero value.
func New(w io.Writer, opts *Options) *Sink {
	if w == nil {
		w = os.Stderr
	}
	if opts == nil {
		opts = &Options{}
	}
	s := &Sink{w: w, location: opts.Location}
	if s.location == nil {
		s.location = time.UTC
	}
	s.color = opts.Color == Always || opts.Color != Never && terminal(w)
	return s
}

// terminal reports whether w is a character device other than the null device,
// which is how a terminal looks without asking the system for more.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || f == nil || f.Name() == os.DevNull {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&fs.ModeCharDevice != 0
}

// Write shows the events, in one call of the writer. An event that is written
// again after an error is shown again. The error is the writer's, or
// syslog.ErrClosed after Close.
//
// A writer that blocks, such as a terminal that is stopped, blocks Write beyond
// the end of ctx.
func (s *Sink) Write(ctx context.Context, logs []syslog.Log) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("console: %w", syslog.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for i := range logs {
		s.add(&logs[i])
	}
	return s.send()
}

// Close ends the sink and leaves the writer open. It returns nil.
func (s *Sink) Close(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed, s.buf = true, nil
	return nil
}

// add puts the line of an event into the buffer.
func (s *Sink) add(l *syslog.Log) {
	s.buf = textline.Append(s.buf, textline.Event{
		Time: l.CreatedAt.In(s.location), Level: l.Level.String(), Type: l.Type,
		Actor: string(l.Actor), ActorID: l.ActorID, Message: l.Message, Metadata: l.Metadata,
	}, s.color)
}

// keepBuf is how large a buffer is kept from one batch for the next, in bytes.
const keepBuf = 64 << 10

// send writes the buffer and empties it.
func (s *Sink) send() error {
	buf := s.buf
	if s.buf = buf[:0]; cap(buf) > keepBuf {
		s.buf = nil
	}
	if len(buf) == 0 {
		return nil
	}
	if s.torn {
		buf = append([]byte{'\n'}, buf...)
	}
	n, err := s.w.Write(buf)
	if err == nil && n < len(buf) {
		err = io.ErrShortWrite
	}
	if n > 0 {
		s.torn = buf[min(n, len(buf))-1] != '\n'
	}
	if err != nil {
		return fmt.Errorf("console: %w", err)
	}
	return nil
}
