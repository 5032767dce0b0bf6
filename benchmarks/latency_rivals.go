package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/callastar/syslog"
)

// attrsOf are the five fields of every event, as lean has them.
func attrsOf(i int) [5]slog.Attr {
	return [5]slog.Attr{
		slog.String("field", "displayName"), slog.Int("attempt", i%7), slog.Bool("verified", true),
		slog.String("ip", "203.0.113.9"), slog.String("userAgent", "Mozilla/5.0 (X11; Linux x86_64)"),
	}
}

// slot is what waits in the channel: no time, no ID and no text of the fields, so
// less than a row needs.
type slot struct {
	level                 syslog.LogLevel
	typ, actorID, message string
	attrs                 [5]slog.Attr
}

// toChannel calls what many have in place of a logger: a channel with as many slots
// as a logger has room for events. One that does not fit is refused.
func toChannel(context.Context, *bench) (func(i int), func() (int, error), error) {
	slots, ended := make(chan slot, syslog.DefaultQueueSize), make(chan int)
	go func() {
		n := 0
		for range slots {
			n++
		}
		ended <- n
	}()
	events := someSaid()
	call := func(i int) {
		e := &events[i%len(events)]
		select {
		case slots <- slot{syslog.LevelInfo, "USER_PROFILE_UPDATED", e.actorID, e.message, attrsOf(i)}:
		default:
		}
	}
	return call, func() (int, error) {
		close(slots)
		return <-ended, nil
	}, nil
}

// toSlogFile calls log/slog, which writes before it returns.
func toSlogFile(ctx context.Context, b *bench) (func(i int), func() (int, error), error) {
	path := filepath.Join(b.dir, "slog.json")
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	l := slog.New(slog.NewJSONHandler(f, nil))
	events := someSaid()
	call := func(i int) {
		e, a := &events[i%len(events)], attrsOf(i)
		l.LogAttrs(ctx, slog.LevelInfo, e.message, slog.String("type", "USER_PROFILE_UPDATED"), slog.String("actorId", e.actorID), a[0], a[1], a[2], a[3], a[4])
	}
	return call, func() (int, error) {
		// Removed, it need not be written by the disk in the turn of another side.
		defer func() { _ = os.Remove(path) }()
		n, err := lines(path)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err == nil && n != b.rows {
			err = fmt.Errorf("%d lines in the file, want %d", n, b.rows)
		}
		return n, err
	}, nil
}

// lines counts the lines of a file.
func lines(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }()
	for buf := make([]byte, 1<<20); ; {
		read, err := f.Read(buf)
		n += bytes.Count(buf[:read], []byte{'\n'})
		if errors.Is(err, io.EOF) {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

// toNothing leaves what the clock and the machine do by themselves.
func toNothing(_ context.Context, b *bench) (func(i int), func() (int, error), error) {
	return func(int) {}, func() (int, error) { return b.rows, nil }, nil
}

// toWork takes about as long as a call of a logger, touches nothing that anybody
// shares, and has the scheduler run one goroutine more, as a logger's worker is: the
// longer a call, the more of what interrupts it falls into it.
func toWork(_ context.Context, b *bench) (func(i int), func() (int, error), error) {
	var over, odd atomic.Bool
	var busy sync.WaitGroup
	busy.Go(func() {
		for !over.Load() {
		}
	})
	call := func(i int) {
		n := 0
		for range 200 {
			n += int(scramble(n + i))
		}
		if n == 0 { // so that it is needed
			odd.Store(true)
		}
	}
	return call, func() (int, error) {
		over.Store(true)
		busy.Wait()
		return b.rows, nil
	}, nil
}
