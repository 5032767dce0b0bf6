package syslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// DeadLetter is a line of the dead-letter file: an event that a destination refused
// for good.
type DeadLetter struct {
	Time  time.Time `json:"time"`  // of the refusal
	Sink  string    `json:"sink"`  // "" is the store
	Error string    `json:"error"` // why
	Log   Log       `json:"log"`
}

// deadLetters is the file of such events. It is opened for each of them: they are
// rare, and the host may move the file away.
type deadLetters struct {
	path string
	max  int64

	mu     sync.Mutex
	replay chan struct{} // one slot: one ReplayDeadLetters at a time
}

// look says at the start what a person should know: that the file cannot be written, or
// that events wait in it.
func (d *deadLetters) look(r *reporter) {
	err := os.MkdirAll(filepath.Dir(d.path), 0o700)
	if err == nil {
		err = d.probe()
	}
	if err != nil {
		r.say(slog.LevelWarn, "syslog: the dead-letter file cannot be written: events that are refused for good would be lost", "error", err.Error())
	}
	if info, err := os.Stat(d.path); err == nil && info.Size() > 0 {
		r.say(slog.LevelWarn, "syslog: events that were refused for good wait in the dead-letter file: ReplayDeadLetters tries them again",
			"file", d.path, "bytes", info.Size())
	}
}

// probe fails if nothing can be written to the file. It makes none.
func (d *deadLetters) probe() error {
	f, err := os.OpenFile(d.path, os.O_WRONLY|os.O_APPEND, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		if f, err = os.CreateTemp(filepath.Dir(d.path), ".dead-letters-*"); err == nil {
			err = os.Remove(f.Name())
		}
	}
	if f != nil {
		err = errors.Join(err, f.Close())
	}
	return err
}

// idle waits a moment until no ReplayDeadLetters is at work.
func (d *deadLetters) idle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, closeGrace)
	defer cancel()
	select {
	case d.replay <- struct{}{}:
		<-d.replay
	case <-ctx.Done():
	}
}

var errDeadLettersFull = errors.New("the dead-letter file is full")

// add writes an event, or says why it cannot.
func (d *deadLetters) add(l *DeadLetter) error {
	line, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return d.write(append(line, '\n'), d.max)
}

// put puts a line back that was in the file before: the cap has let it in already.
func (d *deadLetters) put(line []byte) error { return d.write(line, math.MaxInt64) }

// write appends a line, all of it or nothing, to a file of at most a size.
func (d *deadLetters) write(lines []byte, most int64) (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(d.path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(d.path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	last := []byte{'\n'}
	if n, _ := f.ReadAt(last, info.Size()-1); n == 1 && last[0] != '\n' {
		lines = append([]byte{'\n'}, lines...) // behind what a crash has left half-written
	}
	if int64(len(lines)) > most-info.Size() {
		return fmt.Errorf("%w: %s has %d bytes of %d; replay it, move it away, or raise Config.DeadLetterMax",
			errDeadLettersFull, d.path, info.Size(), d.max)
	}
	if _, err = f.Write(lines); err != nil {
		_ = f.Truncate(info.Size()) // a half of a line would spoil the next
	}
	return err
}

// setAside puts an event that the destination refuses into the dead letters.
func (o *outlet) setAside(f []byte, err error) bool {
	text := "?"
	func() {
		defer func() { _ = recover() }() // an error of the host's
		text = err.Error()
	}()
	if o.dead == nil {
		o.report.note(o.name, noteDead, text+"; with Config.DeadLetterFile it would be kept")
		return false
	}
	failed := o.dead.add(&DeadLetter{Time: o.enc.clock().UTC(), Sink: o.name, Error: repairText(text), Log: fromFrame(f)})
	if failed != nil {
		o.report.note(o.name, noteDead, failed.Error())
	} else {
		o.report.note(o.name, noteAside, text+"; it is in "+o.dead.path)
	}
	return failed == nil
}
