package postgres_test

import (
	"io"
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestLostProcessIsRemembered has the process of a lost COPY wait for a lock when it is
// first looked after: it is not to be forgotten before it is gone.
func TestLostProcessIsRemembered(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	connect := func() *pgx.Conn {
		c, err := pgx.Connect(ctx, dsn)
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close(ctx) })
		return c
	}
	const statement = "COPY target FROM STDIN (FORMAT binary)"
	blocker, copier, other := connect(), connect(), connect()
	_, err := other.Exec(ctx, "CREATE TABLE target (id text)")
	require.NoError(t, err)
	_, err = blocker.Exec(ctx, "BEGIN; LOCK TABLE target IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	var l postgres.Lost
	l.Add(copier.PgConn().PID())
	rows, never := io.Pipe()
	defer never.Close()
	ended := make(chan error, 1)
	go func() {
		_, err := copier.PgConn().CopyFrom(ctx, rows, statement)
		ended <- err
	}()
	state := func(event string) func() bool {
		return func() (is bool) {
			require.NoError(t, other.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query = $1 AND "+event+")", statement).Scan(&is))
			return is
		}
	}
	await(t, "the COPY waits for the table", state("wait_event_type = 'Lock'"))
	l.End(ctx, other.PgConn(), statement)
	require.Equal(t, 1, l.Len(), "it was forgotten")
	_, err = blocker.Exec(ctx, "COMMIT")
	require.NoError(t, err)
	await(t, "the COPY waits for its client", state("wait_event = 'ClientRead'"))
	l.End(ctx, other.PgConn(), "COPY another")
	require.Zero(t, l.Len(), "a process that does something else is not ours")
	l.Add(copier.PgConn().PID())
	l.End(ctx, other.PgConn(), statement)
	require.Error(t, <-ended)
	await(t, "it is gone", func() bool {
		l.End(ctx, other.PgConn(), statement)
		return l.Len() == 0
	})
}
