package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestOutageKilledServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	f := newFlow(t, server.DSN(), server.DSN())
	f.begin()
	server.Kill()
	require.Less(t, f.stored(), begun, "the server was not killed in the middle")
	<-f.pushed
	f.push(begun, outageEvents)
	server.Start()
	f.end()
}

// stopTime is longer than two attempts of the logger.
const stopTime = 20 * time.Second

func TestOutagePausedServer(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	f := newFlow(t, server.DSN(), server.DSN())
	f.begin()
	server.Pause()
	over := time.NewTimer(stopTime)
	stored := f.stored()
	require.Less(t, stored, begun, "the server was not stopped in the middle")
	<-f.pushed
	f.push(begun, outageEvents)
	await(t, "an attempt ends without an answer", func() bool {
		return strings.Contains(f.logger.Stats().LastError, "context deadline exceeded")
	})
	<-over.C
	// An answer may have been on its way.
	require.LessOrEqual(t, f.stored(), stored+outageBatch, "the server went on")
	server.Resume()
	f.end()
}

// terminations is how often connections are taken away within a load.
const terminations = 25

func TestOutageTerminatedConnections(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	f := newFlow(t, dsn, dsn)
	pushed := make(chan struct{})
	go func() {
		defer close(pushed)
		f.push(0, outageEvents)
	}()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	for range terminations {
		await(t, "a connection is taken away while it writes", func() bool {
			var n int
			require.NoError(t, conn.QueryRow(ctx, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE datname = current_database() AND application_name = 'syslog' AND state = 'active'`).Scan(&n))
			return n > 0
		})
		stored := f.stored()
		require.Less(t, stored, outageEvents, "the load was over")
		await(t, "it goes on", func() bool { return f.stored() > stored })
	}
	<-pushed
	f.end()
}
