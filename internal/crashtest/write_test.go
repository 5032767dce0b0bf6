package crashtest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/sqlite"
)

var ctx = context.Background()

// writeJob is what the program write does: two writers log events numbered from 0
// on, and a third one commits, until it is killed or has logged them all.
type writeJob struct {
	DB         string // a file, or the connection string of PostgreSQL
	Spill      string
	SpillMax   int64
	Durability syslog.Durability
	Run        int  // different for each program with the same database
	Events     int  // of all writers
	Padding    int  // bytes of metadata
	Away       bool // the store refuses everything
	Slow       bool // about 20 000 events a second
}

// sayEvery is how many events of a writer are told of together.
const sayEvery = 100

// openStore opens the database of a job.
func openStore(db string) (syslog.Store, error) {
	if strings.HasPrefix(db, "postgres:") {
		return postgres.Open(ctx, db)
	}
	return sqlite.Open(db)
}

// away is a store that cannot be reached.
type away struct{ syslog.Store }

var errAway = errors.New("connection refused")

func (away) Write(context.Context, []syslog.Log) error {
	return syslog.RetryAfter(errAway, 10*time.Millisecond)
}

func write() {
	j := job[writeJob]()
	st, err := openStore(j.DB)
	must(err)
	if j.Away {
		st = away{st}
	}
	l, err := syslog.New(st, &syslog.Config{
		SpillDir: j.Spill, SpillMaxBytes: j.SpillMax, Durability: j.Durability,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	must(err)
	say("open")
	var writers, committer sync.WaitGroup
	for _, name := range []string{"a", "b"} {
		writers.Go(func() { j.log(l, name) })
	}
	written, cancel := context.WithCancel(ctx)
	committer.Go(func() {
		for i := 0; l.Commit(written, j.event("c", i)) == nil; i++ {
			say("C c %d", i)
		}
	})
	writers.Wait()
	if lost := l.Stats().Dropped; lost > 0 {
		say("lost %d", lost)
	}
	say("written")
	cancel()
	committer.Wait()
	must(l.Close())
	say("closed")
}

// log logs the events of one writer, and says now and then how far it has come.
func (j *writeJob) log(l *syslog.Logger, writer string) {
	begin := time.Now()
	for i := range j.Events / 2 {
		for l.Log(ctx, j.event(writer, i)) != nil {
			time.Sleep(100 * time.Microsecond) // the queue is full
		}
		if i%sayEvery == 0 {
			say("P %s %d %d", writer, i, time.Now().UnixNano())
			if j.Slow {
				time.Sleep(time.Until(begin.Add(time.Duration(i) * 100 * time.Microsecond)))
			}
		}
	}
}

func (j *writeJob) event(writer string, i int) syslog.Log {
	e := syslog.Log{Type: "RUN_" + strconv.Itoa(j.Run), Actor: syslog.ActorUser, ActorID: writer, Message: strconv.Itoa(i)}
	if j.Padding > 0 {
		e.Metadata = []byte(`{"p":"` + strings.Repeat("x", j.Padding) + `"}`)
	}
	return e
}
