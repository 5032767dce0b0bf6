package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog"
)

// Names of the ways of a child.
const (
	byLogger     = "logger"
	byGoroutines = "goroutines"
	byChannel    = "channel"
)

// mostGoroutines is how many goroutines wait at a time where each event has one: no
// such program has a bound, but the machine of the benchmark has to survive it.
const mostGoroutines = 500_000

// Pauses between tries of what has no logger.
const (
	firstPause = 100 * time.Millisecond
	longPause  = 5 * time.Second
)

var childWays = map[string]func(ctx context.Context, s *childSpec, st *fakeStore) (childWay, error){
	byLogger: inLogger, byGoroutines: inGoroutines, byChannel: inChannel,
}

// inLogger records with a logger whose queue is bounded by bytes alone. Of events of
// all levels, and of CRITICAL ones, which are the lean ones, it is full to the last.
func inLogger(ctx context.Context, s *childSpec, st *fakeStore) (childWay, error) {
	l, err := syslog.New(st, &syslog.Config{
		QueueBytes: s.Bytes, QueueSize: 100_000_000, SpillDir: s.Spill, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	w := childWay{
		call:    func(i int) { _ = record(ctx, l, i) }, // helpers return nothing, so it is the counters that know
		refused: func() int64 { return int64(l.Stats().Refused) },
		end: func(ctx context.Context) (int64, error) {
			err := l.Shutdown(ctx)
			var lost *syslog.LostError
			if errors.As(err, &lost) { // the spill directory was full: that is what dropped tells
				err = nil
			}
			return int64(l.Stats().Dropped), err
		},
	}
	if s.Lean {
		w.call = (&lean{ctx, l, someSaid()}).critical
	}
	return w, err
}

// inGoroutines has a goroutine for each event, which tries to insert it until it is
// stored.
func inGoroutines(ctx context.Context, _ *childSpec, st *fakeStore) (childWay, error) {
	var waiting, refused atomic.Int64
	var all sync.WaitGroup
	return childWay{
		call: func(i int) {
			if waiting.Add(1) > mostGoroutines {
				waiting.Add(-1)
				refused.Add(1)
				return
			}
			row := plainRow(i)
			all.Go(func() {
				defer waiting.Add(-1)
				insert(ctx, st, row)
			})
		},
		refused: refused.Load,
		end: func(context.Context) (int64, error) {
			all.Wait()
			return 0, nil
		},
	}, nil
}

// inChannel has a channel of rows, and one goroutine that inserts them one by one.
func inChannel(ctx context.Context, s *childSpec, st *fakeStore) (childWay, error) {
	var refused atomic.Int64
	rows, ended := make(chan syslog.Log, s.Slots), make(chan struct{})
	go func() {
		defer close(ended)
		for row := range rows {
			insert(ctx, st, row)
		}
	}()
	return childWay{
		call: func(i int) {
			select {
			case rows <- plainRow(i):
			default:
				refused.Add(1)
			}
		},
		refused: refused.Load,
		end: func(context.Context) (int64, error) {
			close(rows)
			<-ended
			return 0, nil
		},
	}, nil
}

// insert tries until the row is stored.
func insert(ctx context.Context, st *fakeStore, row syslog.Log) {
	for pause := firstPause; st.Write(ctx, []syslog.Log{row}) != nil; pause = min(2*pause, longPause) {
		time.Sleep(pause)
	}
}

// plainRow is event i of record as a row, made by hand.
func plainRow(i int) syslog.Log {
	h := scramble(i)
	id := strconv.FormatUint(h>>40, 36)
	row := syslog.Log{
		ID: history{}.id(i), Level: levelAt(h), Type: types[h>>16%uint64(len(types))], CreatedAt: time.Now(),
		Message: "Booking bk_" + id + " confirmed by its creator",
	}
	a := actorOf(h)
	row.Actor, row.ActorID = a.Kind, a.ID
	fields := map[string]any{"bookingId": "bk_" + id, "price": 49.9, "currency": "EUR", "attempt": i % 7, "ip": "203.0.113.9"}
	if i%2 == 1 {
		row.Level, row.Type, row.Message = syslog.LevelInfo, "USER_PROFILE_UPDATED", "Profile of "+id+" updated"
		fields = map[string]any{
			"field": "displayName", "attempt": i % 7, "verified": true, "ip": "203.0.113.9", "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
		}
	}
	row.Metadata, _ = json.Marshal(fields) // plain values always encode
	return row
}
