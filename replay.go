package syslog

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/callastar/syslog/internal/jsonenc"
	"github.com/callastar/syslog/internal/pipeline"
)

// How many dead letters, and of how many bytes, are under way together.
const (
	replayAtOnce = 1000
	replayBytes  = 4 << 20
)

// ReplayDeadLetters records the events of Config.DeadLetterFile again, with their
// IDs and times, for the destinations that refused them, and waits until it is known
// what became of them. It returns how many are stored now. An event that is refused
// again is in the file again, and so is a line that is no dead letter or is for a
// sink that the logger does not have: the error tells of these, [ErrDeadLetter].
//
// When ctx ends, what is not known to be stored by then stays in the file, and the
// error wraps ctx's. Calls one after the other: a second one waits for the first.
// Without a file there is nothing to do. What a crash interrupts the next call takes
// up. A closed logger replays nothing, which is [ErrClosed].
func (l *Logger) ReplayDeadLetters(ctx context.Context) (stored int, err error) {
	ctx = background(ctx)
	if l == nil {
		return 0, ErrClosed
	}
	if l.dead == nil {
		return 0, nil
	}
	select {
	case l.dead.replay <- struct{}{}:
		defer func() { <-l.dead.replay }()
	case <-ctx.Done():
		return 0, fmt.Errorf("syslog: dead letters: another call is at it: %w", ctx.Err())
	}
	if l.primary.queue.Closed() { // the file may be another logger's by now
		return 0, ErrClosed
	}
	r := replay{l: l, ctx: ctx}
	for _, interrupted := range []bool{true, false} {
		path := l.dead.path + ".replay"
		if !interrupted {
			err := os.Rename(l.dead.path, path)
			if errors.Is(err, os.ErrNotExist) {
				break
			}
			if err != nil {
				return r.stored, fmt.Errorf("syslog: dead letters: %w", err)
			}
		}
		if err := r.file(path); err != nil {
			return r.stored, err
		}
	}
	if r.refused > 0 {
		return r.stored, fmt.Errorf("%w: %d of %d were refused again: %w", ErrDeadLetter, r.refused, r.refused+r.stored, r.last)
	}
	return r.stored, nil
}

// replay is one call of ReplayDeadLetters.
type replay struct {
	l               *Logger
	ctx             context.Context
	waiting         []underWay
	size            int // of their lines
	stored, refused int
	last            error // why one was refused
}

type underWay struct {
	line   []byte
	queue  *pipeline.Queue
	stored <-chan error
}

// file replays a file and removes it.
func (r *replay) file(path string) error {
	f, err := os.Open(path) //nolint:gosec // the host's own file
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("syslog: dead letters: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	in := bufio.NewReader(f)
	var rest error // set: lines go back to the file
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if rest == nil {
				rest = r.line(line)
			}
			if rest != nil {
				if err := r.keep(line); err != nil {
					return fmt.Errorf("syslog: dead letters: the rest is in %s: %w", path, err)
				}
			}
		}
		if rest == nil && (len(r.waiting) >= replayAtOnce || r.size >= replayBytes) {
			var kept error
			if rest, kept = r.settle(); kept != nil {
				return fmt.Errorf("syslog: dead letters: the rest is in %s: %w", path, kept)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("syslog: dead letters: %s: %w", path, err)
		}
	}
	ended, kept := r.settle()
	if kept != nil {
		return fmt.Errorf("syslog: dead letters: the rest is in %s: %w", path, kept)
	}
	if rest == nil {
		rest = ended
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("syslog: dead letters: %w", err)
	}
	return rest
}

// line records one event. The error is what keeps the call from going on: the line
// is still to be dealt with then.
func (r *replay) line(line []byte) error {
	var d DeadLetter
	if err := json.Unmarshal(line, &d); err != nil {
		return r.back(line, fmt.Errorf("no dead letter: %w", err))
	}
	o := r.l.outletOf(d.Sink)
	if o == nil {
		return r.back(line, fmt.Errorf("the logger has no sink %q", d.Sink))
	}
	je := r.l.enc.pool.Get().(*jsonenc.Encoder)
	draft := logDraft(&d.Log)
	r.l.enc.frame(je, &draft, d.Log.Level, nil)
	stored, res := o.queue.PushWait(r.ctx, je.Buf)
	je.Reset()
	r.l.enc.pool.Put(je)
	switch res {
	case pipeline.Full:
		return fmt.Errorf("syslog: dead letters: %w", r.ctx.Err())
	case pipeline.IsClosed:
		return ErrClosed
	}
	r.waiting = append(r.waiting, underWay{line, o.queue, stored})
	r.size += len(line)
	return nil
}

// back keeps a line that cannot be replayed.
func (r *replay) back(line []byte, err error) error {
	r.refused++
	r.last = err
	if err := r.keep(line); err != nil {
		return fmt.Errorf("syslog: dead letters: %w", err)
	}
	return nil
}

// keep puts a line back into the file.
func (r *replay) keep(line []byte) error {
	return r.l.dead.put(append(bytes.TrimRight(line, "\n"), '\n'))
}

// settle waits for what is under way, and keeps what is not known to be stored, in the
// file or on disk. What ctx leaves under way may be stored yet: then it comes again,
// which its ID makes harmless. kept says why it cannot be kept.
func (r *replay) settle() (ended, kept error) {
	for i, w := range r.waiting {
		var err error
		select {
		case err = <-w.stored:
		case <-r.ctx.Done():
			select {
			case err = <-w.stored:
			default:
				w.queue.Forget(w.stored)
				err = fmt.Errorf("%d still on their way: %w", len(r.waiting)-i, r.ctx.Err())
				if ended == nil {
					ended = fmt.Errorf("syslog: dead letters: %w", err)
				}
			}
		}
		var aside pipeline.SetAside
		switch {
		case err == nil:
			r.stored++
			continue
		case errors.As(err, &aside), errors.Is(err, pipeline.ErrKept):
		default:
			if kept = r.keep(w.line); kept != nil {
				return ended, kept
			}
		}
		r.refused++
		r.last = err
	}
	r.waiting, r.size = r.waiting[:0], 0
	return ended, nil
}

// outletOf is the destination of a name, or nil.
func (l *Logger) outletOf(sink string) *outlet {
	for _, o := range l.outlets {
		if o.name == sink {
			return o
		}
	}
	return nil
}
