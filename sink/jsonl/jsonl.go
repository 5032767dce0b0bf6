// Package jsonl writes events as JSON lines: one line an event, exactly what
// json.Marshal makes of a [syslog.Log].
//
// [New] writes to any io.Writer. [Open] writes to a file that it repairs after
// a crash and rotates by size and age.
//
// Delivery is at least once: a batch that failed is written again, and after a
// timeout it may have been written before. Readers who mind recognise an event
// by its id.
package jsonl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/callastar/syslog"
)

// Sink writes JSON lines. Make it with [New] or [Open]. It may be used
// concurrently.
type Sink struct {
	mu     sync.Mutex
	out    output
	buf    []byte
	ends   []int // where each line in buf ends
	closed bool
	err    error // what Close answered
}

// output is where whole lines go. ends holds the end of each line in buf.
type output interface {
	write(buf []byte, ends []int) error
	reopen() error
	close() error
}

// New makes a sink that writes to w, one call a batch, and never closes it. A w
// that takes only a part of a line gets the rest of that line first the next
// time. A w that blocks, blocks Write beyond the end of its ctx. New(nil)
// discards everything.
func New(w io.Writer) *Sink {
	if w == nil {
		w = io.Discard
	}
	return &Sink{out: &stream{w: w}}
}

// Write writes the events and returns when the operating system, or with
// SyncAlways the disk, has them. On an error no half line is left in a file;
// write the batch again. An event that cannot be written as JSON, which no
// logger lets through, is a [syslog.Permanent] error before anything is
// written. After Close the error is syslog.ErrClosed.
func (s *Sink) Write(ctx context.Context, logs []syslog.Log) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("jsonl: %w", syslog.ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.buf, s.ends = s.buf[:0], s.ends[:0]
	for i := range logs {
		line, err := json.Marshal(logs[i])
		if err != nil {
			return syslog.Permanent(fmt.Errorf("jsonl: event %.80q: %w", logs[i].ID, err))
		}
		s.buf = append(append(s.buf, line...), '\n')
		s.ends = append(s.ends, len(s.buf))
	}
	err := s.out.write(s.buf, s.ends)
	if cap(s.buf) > keepBuf {
		s.buf, s.ends = nil, nil
	}
	if err != nil {
		return fmt.Errorf("jsonl: %w", err)
	}
	return nil
}

// keepBuf is how large a buffer is kept from one batch for the next, in bytes.
const keepBuf = 1 << 20

// Reopen closes the file and opens its path again: call it when another program
// has renamed the file. After an error the next Write tries again. A sink made
// by New has nothing to reopen and returns errors.ErrUnsupported.
func (s *Sink) Reopen() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("jsonl: %w", syslog.ErrClosed)
	}
	if err := s.out.reopen(); err != nil {
		return fmt.Errorf("jsonl: %w", err)
	}
	return nil
}

// Close closes the file that Open opened, and only that. The error also tells
// of rotated files that could not be removed. Further calls return the same.
func (s *Sink) Close(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed, s.buf, s.ends = true, nil, nil
		if err := s.out.close(); err != nil {
			s.err = fmt.Errorf("jsonl: %w", err)
		}
	}
	return s.err
}

// stream is an output that cannot take back what it wrote.
type stream struct {
	w    io.Writer
	rest []byte // of the line that the last write tore
}

func (o *stream) write(buf []byte, ends []int) error {
	if len(o.rest) > 0 {
		n, err := writeAll(o.w, o.rest)
		if o.rest = o.rest[n:]; err != nil {
			return err
		}
	}
	n, err := writeAll(o.w, buf)
	if err == nil {
		return nil
	}
	from := 0
	for _, end := range ends {
		if from < n && n < end {
			o.rest = append([]byte(nil), buf[n:end]...)
		}
		from = end
	}
	return err
}

func (o *stream) reopen() error { return errors.ErrUnsupported }
func (o *stream) close() error  { return nil }

// writeAll is one Write whose n is within bounds and whose err is never missing.
func writeAll(w io.Writer, p []byte) (int, error) {
	n, err := w.Write(p)
	n = max(0, min(n, len(p)))
	if err == nil && n < len(p) {
		err = io.ErrShortWrite
	}
	return n, err
}
