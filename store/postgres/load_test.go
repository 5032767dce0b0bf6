package postgres_test

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// outageEvents is how many events go through an outage, outageBatch how many of
// them at a time.
const (
	outageEvents = 200_000
	outageBatch  = 1000
)

// patience is how long something may take on a busy machine.
const patience = 3 * time.Minute

// await polls until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !holds(); <-tick.C {
		require.True(t, time.Now().Before(end), "not in %v: %s", patience, what)
	}
}

// flow is a logger before a database that fails, with room for everything.
type flow struct {
	t      *testing.T
	logger *syslog.Logger
	direct string        // connection string of the database, not through anything
	pushed chan struct{} // closed: begin has pushed all
}

func newFlow(t *testing.T, dsn, direct string) *flow {
	t.Helper()
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{
		QueueSize: 2 * outageEvents, QueueBytes: 1 << 30, BatchSize: outageBatch,
		FlushInterval: patience, // batches are full: of smaller ones the server keeps rows to itself until their end
		Logger:        slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() }) // again, where the test got to its end
	return &flow{t, l, direct, make(chan struct{})}
}

// push logs the events with these numbers.
func (f *flow) push(from, to int) {
	for i := from; i < to; i++ {
		f.logger.Info(ctx, "OUTAGE", syslog.User(strconv.Itoa(i)), "Event number "+strconv.Itoa(i), syslog.Metadata{"number": i})
	}
}

// stored is how many events the logger knows to be stored.
func (f *flow) stored() int {
	s := f.logger.Stats()
	return int(s.Written + s.Duplicate)
}

// begun is how many events begin pushes.
const begun = outageEvents * 3 / 4

// begin has most events pushed, and returns in the middle of their being stored.
func (f *flow) begin() {
	f.t.Helper()
	go func() {
		defer close(f.pushed)
		f.push(0, begun)
	}()
	await(f.t, "a part of the events is stored", func() bool { return f.stored() >= outageEvents/8 })
}

// rows is how many rows there are.
func (f *flow) rows() (n int) {
	f.t.Helper()
	f.row("SELECT count(*) FROM system_logs", &n)
	return n
}

// row asks the database past the store, on a connection that no outage can have
// hit before.
func (f *flow) row(query string, into ...any) {
	f.t.Helper()
	conn, err := pgx.Connect(ctx, f.direct)
	require.NoError(f.t, err)
	defer func() { require.NoError(f.t, conn.Close(ctx)) }()
	require.NoError(f.t, conn.QueryRow(ctx, query).Scan(into...))
}

// end checks that each event is there once, and that the counters say so.
func (f *flow) end() {
	f.t.Helper()
	require.NoError(f.t, f.logger.Flush(ctx))
	s := f.logger.Stats()
	require.EqualValues(f.t, outageEvents, s.Produced)
	require.EqualValues(f.t, outageEvents, s.Accepted)
	require.EqualValues(f.t, outageEvents, s.Written+s.Duplicate, fmt.Sprintf("%+v", s))
	require.Zero(f.t, s.Refused+s.Dropped+s.DeadLetter+s.Queued+s.Spilled, fmt.Sprintf("%+v", s))
	require.NotEmpty(f.t, s.LastError, "no attempt failed")
	require.NoError(f.t, f.logger.Close())

	var rows, ids, numbers, first, last int
	f.row(`SELECT count(*), count(DISTINCT id), count(DISTINCT actor_id), min(actor_id::int), max(actor_id::int)
		FROM system_logs WHERE metadata->>'number' = actor_id`, &rows, &ids, &numbers, &first, &last)
	require.Equal(f.t, []int{outageEvents, outageEvents, outageEvents, 0, outageEvents - 1}, []int{rows, ids, numbers, first, last})
	require.Equal(f.t, outageEvents, f.rows(), "rows of nobody's")
}
