package console

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// The limits of a fallback.
const (
	// FallbackRate is how many events a second are shown while the store is
	// down, after a first burst of FallbackBurst.
	FallbackRate  = 100
	FallbackBurst = 1000
	// FallbackMemory is of how many events a fallback remembers that they were
	// shown, in about 40 bytes each. In an outage with more events in flight
	// the oldest of them may be shown again.
	FallbackMemory = 16384
)

// Fallback returns st with a last resort: the events of a Write that fails are
// shown on w, which is os.Stderr if nil, so that nothing happens unseen while
// the database is down.
//
//	logger, err := syslog.New(console.Fallback(st, os.Stderr, nil), nil)
//
// Write still returns the store's error, so the logger keeps the events and
// tries again. An event is shown once however often it is tried, and at most
// [FallbackRate] of them a second; a line says why, and how many are not shown.
// What w itself fails at is ignored, but w must not block: while it does, so
// does Write. Close closes st once and leaves w open. Every other method is
// that of st.
//
// The result is a [syslog.CountingSink] too. What else st can do is reached by
// Unwrap() syslog.Store. Fallback(nil, w, opts) is nil.
func Fallback(st syslog.Store, w io.Writer, opts *Options) syslog.Store {
	if v := reflect.ValueOf(st); st == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil // also the nil of a store whose Open failed, so that New reports it
	}
	return &fallbackStore{Store: st, fallback: newFallback(st, w, opts)}
}

// FallbackSink is [Fallback] for a sink that is not a store. FallbackSink(nil,
// w, opts) is nil.
func FallbackSink(s syslog.Sink, w io.Writer, opts *Options) syslog.Sink {
	if s == nil {
		return nil
	}
	return &fallbackSink{Sink: s, fallback: newFallback(s, w, opts)}
}

type fallbackStore struct {
	syslog.Store
	fallback *fallback
}

func (f *fallbackStore) Unwrap() syslog.Store { return f.Store }

// SetNormalizer hands on what a logger tells its store.
func (f *fallbackStore) SetNormalizer(normalize func(syslog.Log) syslog.Log) {
	if n, ok := f.Store.(interface {
		SetNormalizer(func(syslog.Log) syslog.Log)
	}); ok {
		n.SetNormalizer(normalize)
	}
}

// Ping asks the store, if it can be asked.
func (f *fallbackStore) Ping(ctx context.Context) error {
	if p, ok := f.Store.(syslog.Pinger); ok {
		return p.Ping(ctx)
	}
	return nil
}

func (f *fallbackStore) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := f.fallback.write(ctx, logs)
	return err
}

func (f *fallbackStore) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	return f.fallback.write(ctx, logs)
}

type fallbackSink struct {
	syslog.Sink
	fallback *fallback
}

func (f *fallbackStore) Close(ctx context.Context) error { return f.fallback.close(ctx) }

func (f *fallbackSink) Unwrap() syslog.Sink { return f.Sink }

func (f *fallbackSink) Write(ctx context.Context, logs []syslog.Log) error {
	_, err := f.fallback.write(ctx, logs)
	return err
}

func (f *fallbackSink) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	return f.fallback.write(ctx, logs)
}

func (f *fallbackSink) Close(ctx context.Context) error { return f.fallback.close(ctx) }

// fallback shows what primary fails to take.
type fallback struct {
	primary  syslog.Sink
	counting syslog.CountingSink // primary, if it counts
	out      *Sink               // its mutex guards shown and limit
	shown    memory
	limit    limiter
	now      func() time.Time
	once     sync.Once
	closed   error // the answer of the first Close
}

func newFallback(primary syslog.Sink, w io.Writer, opts *Options) *fallback {
	f := &fallback{primary: primary, out: New(w, opts), now: time.Now}
	f.counting, _ = primary.(syslog.CountingSink)
	return f
}

// write is WriteCount; where the primary does not count, every event is new.
func (f *fallback) write(ctx context.Context, logs []syslog.Log) (n int, err error) {
	if f.counting != nil {
		n, err = f.counting.WriteCount(ctx, logs)
	} else if err = f.primary.Write(ctx, logs); err == nil {
		n = len(logs)
	}
	f.out.mu.Lock()
	defer f.out.mu.Unlock()
	if err != nil {
		f.show(logs, err)
	} else {
		f.shown.forget(logs)
	}
	return n, err
}

func (f *fallback) close(ctx context.Context) error {
	f.once.Do(func() { f.closed = f.primary.Close(ctx) })
	return f.closed
}

// show prints the events not shown yet, as far as the rate allows, under a line
// that gives the reason.
func (f *fallback) show(logs []syslog.Log, cause error) {
	now := f.now()
	var chosen []int
	hidden := 0
	for i := range logs {
		switch {
		case f.shown.has(logs[i].ID):
		case f.limit.take(now):
			f.shown.add(logs[i].ID)
			chosen = append(chosen, i)
		default:
			hidden++
		}
	}
	if len(chosen) == 0 {
		return
	}
	about := fmt.Sprintf("Write failed, shown here instead: %d event(s)", len(chosen))
	if hidden > 0 {
		about += fmt.Sprintf(", %d more not shown", hidden)
	}
	f.out.add(&syslog.Log{
		CreatedAt: now, Level: syslog.LevelError, Type: "SYSTEM_LOG_FALLBACK", Actor: syslog.ActorSystem,
		Message: about + ": " + cause.Error(),
	})
	for _, i := range chosen {
		f.out.add(&logs[i])
	}
	_ = f.out.send() // the last resort has none of its own
}
