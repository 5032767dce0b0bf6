package crashtest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/callastar/syslog"
)

// serveJob is what the program serve does: eight goroutines log until it is told to
// end, and then it takes no more time for that than Patience.
type serveJob struct {
	DB         string
	Spill      string
	Durability syslog.Durability
	Hangs      string // what never returns from Write: "store", "sink" or "nothing"
	Patience   time.Duration
}

// hook is the name of the sink of the program serve.
const hook = "hook"

// endless is a store, or a sink, that never returns from Write.
type endless struct{ syslog.Store }

func (endless) Write(context.Context, []syslog.Log) error { select {} }
func (e endless) Close(ctx context.Context) error {
	if e.Store == nil {
		return nil
	}
	return e.Store.Close(ctx)
}

func serve() {
	j := job[serveJob]()
	st, err := openStore(j.DB)
	must(err)
	cfg := syslog.Config{SpillDir: j.Spill, Durability: j.Durability, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
	switch j.Hangs {
	case "store":
		st = endless{st}
	case "sink":
		cfg.Sinks = []syslog.SinkConfig{{Name: hook, Sink: endless{}}}
	}
	l, err := syslog.New(st, &cfg)
	must(err)
	told, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	say("open")
	var accepted atomic.Uint64
	var writers sync.WaitGroup
	for range 8 {
		writers.Go(func() {
			for i := 0; ; i++ {
				err := l.Log(ctx, syslog.Log{Type: "SERVED"}, syslog.Metadata{"i": i})
				if errors.Is(err, syslog.ErrClosed) {
					return
				}
				if err == nil {
					accepted.Add(1)
				}
				if i%10 == 0 || err != nil {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	<-told.Done()
	short, cancel := context.WithTimeout(ctx, j.Patience)
	defer cancel()
	begin := time.Now()
	err = l.Shutdown(short)
	writers.Wait()
	say("accepted %d %d %d", accepted.Load(), l.Stats().Sinks[hook].Accepted, l.Stats().Sinks[hook].Refused)
	say("%v after %v", err, time.Since(begin))
}
