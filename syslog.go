package syslog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog/internal/jsonenc"
	"github.com/callastar/syslog/internal/pipeline"
	"github.com/callastar/syslog/internal/redact"
	"github.com/callastar/syslog/internal/spill"
)

// Logger records events. Its methods may be called concurrently, also on a nil
// Logger, which records nothing. The methods that write never wait for I/O, never
// fail and never panic, whatever they are given; a cancelled ctx changes nothing
// for them.
//
// A Logger owns goroutines, so it must be ended with Shutdown or Close.
type Logger struct {
	cfg     Config
	store   Store
	enc     *encoder
	outlets []*outlet // the store's first, if there is one
	primary *outlet   // the store's, else the first sink's
	report  *reporter
	subs    subscriptions
	stderr  *stderrWriter // instead of outlets, in the logger that prints

	critical lastResort
	dead     *deadLetters   // nil is none
	lock     *spill.DirLock // of Config.SpillDir, if it could be taken

	pinging chan struct{} // one slot: one Ping of the store at a time

	gaveUp atomic.Pointer[error] // why what was left is on disk

	ending chan struct{} // one slot: who closes the storage, and may touch what is below
	ended  bool
	endIs  error
}

// New starts a logger that stores in st. A nil cfg is the documented default. A
// nil st needs Config.Sinks, and makes a logger whose Query, Delete and Cleanup
// return [ErrNoStore]. The error is a [ConfigError] with every wrong field, or
// [ErrSpillDirInUse]; nothing was started then, and st stays the caller's to close.
//
// On success the logger owns st: Shutdown closes it.
func New(st Store, cfg *Config) (*Logger, error) {
	if isNil(st) {
		st = nil
	}
	c, err := cfg.withDefaults(st != nil)
	if err != nil {
		return nil, err
	}
	names := c.Redact
	if !c.NoDefaultRedaction {
		names = append(redact.Default(), names...)
	}
	l := &Logger{cfg: c, store: st, enc: newEncoder(redact.New(names...), c.MaxMetadata, c.Now), ending: make(chan struct{}, 1), pinging: make(chan struct{}, 1)}
	if n, ok := st.(interface{ SetNormalizer(func(Log) Log) }); ok {
		n.SetNormalizer(l.enc.normalize)
	}
	cannot, err := l.lockSpill()
	if err != nil {
		return nil, err
	}
	l.report = newReporter(&c)
	for _, level := range c.Retention.brief() {
		l.report.say(slog.LevelWarn, "syslog: Retention keeps events for less than a minute",
			"events", level, "age", c.Retention[level], "hint", "a day is 24*time.Hour")
	}
	if c.DeadLetterFile != "" {
		l.dead = &deadLetters{path: c.DeadLetterFile, max: c.DeadLetterMax, replay: make(chan struct{}, 1)}
		l.dead.look(l.report)
	}
	if st != nil {
		l.outlets = append(l.outlets, newOutlet(l, SinkConfig{Sink: st}, cannot))
	}
	for _, s := range c.Sinks {
		l.outlets = append(l.outlets, newOutlet(l, s, cannot))
	}
	if l.lock != nil {
		l.strangers()
	}
	l.primary = l.outlets[0]
	l.report.start(l.outlets)
	return l, nil
}

// now is the time by Config.Now.
func (l *Logger) now() time.Time { return l.enc.clock() }

// Log records any event. Zero fields are filled in: ID, CreatedAt, Actor (SYSTEM)
// and Type (UNSPECIFIED). The error is nil, [ErrQueueFull] or [ErrClosed]; an
// event below Config.MinLevel is not recorded, which is no error.
func (l *Logger) Log(ctx context.Context, event Log, details ...Detail) error {
	d := logDraft(&event)
	return l.record(ctx, &d, details)
}

// Commit records an event and waits until it is stored: nil says that it is. Use
// it for what must not be lost, since it waits for the database.
//
// Where the queue is full it waits for room. When ctx ends first, the error wraps
// ctx's and says whether the event is still on its way. Other errors are
// [ErrQueueFull], [ErrClosed], [ErrBelowMinLevel] for an event that
// Config.MinLevel leaves out, [ErrNoStore], and with the store's reason [ErrLost],
// or [ErrDeadLetter]. An event that Shutdown left in Config.SpillDir has an error
// that says so. Extra sinks get the event too, but are not waited for.
//
// Inside a transaction of the host's on the same SQLite database Commit, as Flush,
// would wait for a write that waits for the transaction: use WriteTx of the store.
func (l *Logger) Commit(ctx context.Context, event Log, details ...Detail) error {
	ctx = background(ctx)
	switch {
	case l == nil:
		return ErrClosed
	case l.store == nil:
		return ErrNoStore
	}
	d := logDraft(&event)
	level := levelOf(&d, details)
	if level.Valid() && level < l.cfg.MinLevel {
		return ErrBelowMinLevel
	}
	d.context = attrsOf(ctx)
	je := l.enc.pool.Get().(*jsonenc.Encoder)
	l.enc.frame(je, &d, level, details)
	stored, res := l.primary.queue.PushWait(ctx, je.Buf)
	if res == pipeline.Accepted {
		l.copyToSinks(je.Buf)
	}
	je.Reset()
	l.enc.pool.Put(je)
	switch res {
	case pipeline.Full:
		return fmt.Errorf("%w, and no room came: %w", ErrQueueFull, ctx.Err())
	case pipeline.IsClosed:
		return ErrClosed
	}
	select {
	case err := <-stored:
		return lostError(err)
	default:
	}
	select {
	case err := <-stored:
		return lostError(err)
	case <-ctx.Done():
		l.primary.queue.Forget(stored)
		return fmt.Errorf("syslog: event accepted, but not stored yet: %w", ctx.Err())
	}
}

func lostError(err error) error {
	var aside pipeline.SetAside
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pipeline.ErrKept):
		return fmt.Errorf("syslog: not stored: %w", err)
	case errors.As(err, &aside):
		return fmt.Errorf("%w: %w", ErrDeadLetter, aside.Err)
	}
	return fmt.Errorf("%w: %w", ErrLost, err)
}

// levelOf is the level that the details leave a draft at.
func levelOf(d *draft, details []Detail) LogLevel {
	level := d.level
	for _, det := range details {
		if at, ok := det.(atLevel); ok {
			level = LogLevel(at)
		}
	}
	return level
}

// record is the way of every event but those of Commit.
func (l *Logger) record(ctx context.Context, d *draft, details []Detail) error {
	if l == nil {
		return ErrClosed
	}
	level := levelOf(d, details)
	if level.Valid() && level < l.cfg.MinLevel {
		return nil
	}
	d.context = attrsOf(ctx)
	je := l.enc.pool.Get().(*jsonenc.Encoder)
	l.enc.frame(je, d, level, details)
	var err error
	if l.stderr != nil {
		l.stderr.write(je.Buf)
	} else {
		err = l.push(je.Buf)
	}
	je.Reset()
	l.enc.pool.Put(je)
	return err
}

func (l *Logger) push(f []byte) error {
	res := pipeline.Accepted
	if l.store != nil {
		res = l.primary.queue.Push(f)
	}
	if len(l.cfg.Sinks) > 0 {
		if first := l.copyToSinks(f); l.store == nil {
			res = first
		}
	}
	switch res {
	case pipeline.Full:
		return ErrQueueFull
	case pipeline.IsClosed:
		return ErrClosed
	}
	return nil
}

// copyToSinks pushes a frame to the extra sinks that want it, and returns what
// became of it at the first one.
func (l *Logger) copyToSinks(f []byte) (first pipeline.Result) {
	sinks := l.outlets[len(l.outlets)-len(l.cfg.Sinks):]
	for i, o := range sinks {
		if !o.wants(f) {
			continue
		}
		if res := o.queue.Push(f); i == 0 {
			first = res
		}
	}
	return first
}

// Flush waits until every event that was accepted before the call is stored, and
// delivered to every extra sink that is not BestEffort. nil says that it is, and
// Query finds them, but for those that were refused for good and are in
// Config.DeadLetterFile. The error wraps ctx's when that ends first; it is a
// [LostError] when events were accepted, but lost, that no Flush told of before. When
// Shutdown left events in Config.SpillDir the error says so.
func (l *Logger) Flush(ctx context.Context) error {
	ctx = background(ctx)
	if l == nil {
		return nil
	}
	errs := make([]error, len(l.outlets))
	var wg sync.WaitGroup
	for i, o := range l.outlets {
		if !o.bestEffort {
			wg.Go(func() { errs[i] = o.flush(ctx) })
		}
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Close is Shutdown within [DefaultCloseTimeout].
func (l *Logger) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), DefaultCloseTimeout)
	defer cancel()
	return l.Shutdown(ctx)
}

var defaultLogger atomic.Pointer[Logger]

// printing is the default logger as long as none is set.
var printing = sync.OnceValue(func() *Logger {
	return &Logger{enc: plainEncoder(), stderr: newStderrWriter(os.Stderr)}
})

// SetDefault makes l the logger of the package-level helpers and returns a
// function that puts the one before back in place. Without a default logger, or
// with nil, the helpers print to stderr, a line an event, and do wait for that.
func SetDefault(l *Logger) (restore func()) {
	old := defaultLogger.Swap(l)
	return func() { defaultLogger.Store(old) }
}

// Default returns the logger of the package-level helpers. It is never nil.
func Default() *Logger {
	if l := defaultLogger.Load(); l != nil {
		return l
	}
	return printing()
}

// background is ctx, or one that never ends for a nil one.
func background(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
