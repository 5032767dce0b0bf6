package main

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// Names of what is called.
const (
	healthy     = "logger, healthy store"
	slow        = "logger, slow store"
	hanging     = "logger, hanging store"
	bareChannel = "channel of structs"
	syncSlog    = "slog to a file"
	onlyClock   = "control: nothing"
	busyClock   = "control: a microsecond of work beside a busy goroutine"
)

// slowBatch is how long the slow store takes for a batch.
const slowBatch = 50 * time.Millisecond

// startWay makes ready what is called. call may be called concurrently; end says
// how many calls were taken, not refused.
type startWay func(ctx context.Context, b *bench) (call func(i int), end func() (taken int, err error), err error)

var latencyWays = []struct {
	name  string
	start startWay
}{
	{healthy, toLogger(func(context.Context, <-chan struct{}) error { return nil })},
	{slow, toLogger(func(ctx context.Context, over <-chan struct{}) error {
		return waitFor(ctx, over, time.After(slowBatch))
	})},
	{hanging, toLogger(func(ctx context.Context, over <-chan struct{}) error { return waitFor(ctx, over, nil) })},
	{bareChannel, toChannel},
	{syncSlog, toSlogFile},
	{onlyClock, toNothing},
	{busyClock, toWork},
}

// waitFor ends with the attempt, the turn or, if there is one, the time.
func waitFor(ctx context.Context, over <-chan struct{}, after <-chan time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-over:
	case <-after:
	}
	return nil
}

// said is what a call is given, made before: to make it is the host's time.
type said struct{ actorID, message string }

func someSaid() (all [1024]said) {
	for i := range all {
		h := scramble(i)
		all[i] = said{"usr_" + strconv.Itoa(100_000 + int(h>>32%actorIDs))[1:], "Profile of " + strconv.FormatUint(h>>40, 36) + " updated"}
	}
	return all
}

// lean has a logger record what was made before, and allocates nothing: in a method,
// since in a closure of a function that is inlined itself Attrs is not.
type lean struct {
	ctx    context.Context
	logger *syslog.Logger
	events [1024]said
}

func (l *lean) call(i int) {
	e := &l.events[i%len(l.events)]
	l.logger.UserAction(l.ctx, "PROFILE_UPDATED", e.actorID, e.message, syslog.Attrs(
		slog.String("field", "displayName"), slog.Int("attempt", i%7), slog.Bool("verified", true),
		slog.String("ip", "203.0.113.9"), slog.String("userAgent", "Mozilla/5.0 (X11; Linux x86_64)")))
}

// critical does so at the level that may fill the last of a queue.
func (l *lean) critical(i int) {
	e := &l.events[i%len(l.events)]
	l.logger.Critical(l.ctx, "USER_PROFILE_UPDATED", syslog.User(e.actorID), e.message, syslog.Attrs(
		slog.String("field", "displayName"), slog.Int("attempt", i%7), slog.Bool("verified", true),
		slog.String("ip", "203.0.113.9"), slog.String("userAgent", "Mozilla/5.0 (X11; Linux x86_64)")))
}

// toLogger calls a logger of default settings. write is what its store does with a
// batch; over is closed when all calls are done.
func toLogger(write func(ctx context.Context, over <-chan struct{}) error) startWay {
	return func(ctx context.Context, b *bench) (func(i int), func() (int, error), error) {
		over := make(chan struct{})
		st := &fakeStore{write: func(ctx context.Context, _ []syslog.Log) error { return write(ctx, over) }}
		l, err := syslog.New(st, &syslog.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		if err != nil {
			return nil, nil, err
		}
		return (&lean{ctx, l, someSaid()}).call, func() (int, error) {
			taken := b.rows - int(l.Stats().Refused)
			close(over)
			return taken, l.Close()
		}, nil
	}
}
