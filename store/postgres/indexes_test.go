package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

// TestIndexes are told with their state: those that are missing, cut short, being built, of
// partitions, and the host's own.
func TestIndexes(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(context.WithoutCancel(ctx))) })
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 500)))
	const whole = "system_logs_actor ready actor,created_at; system_logs_actor_id ready actor_id,created_at; system_logs_created_at ready created_at,id; " +
		"system_logs_level ready level,created_at; system_logs_pkey ready id"
	require.Equal(t, whole, told(t, st))
	all, err := st.Indexes(ctx)
	require.NoError(t, err)
	var bytes int64
	require.NoError(t, db.QueryRowContext(ctx, "SELECT pg_indexes_size('system_logs')").Scan(&bytes))
	for _, i := range all {
		bytes -= i.Bytes
	}
	require.InDelta(t, 0, bytes, 5*5*8192, "but for their maps of free space")

	exec := func(text string) {
		t.Helper()
		_, err := db.ExecContext(ctx, text)
		require.NoError(t, err)
	}
	exec("DROP INDEX system_logs_actor_id")
	exec("DROP INDEX system_logs_created_at")
	_, err = db.ExecContext(ctx, "CREATE UNIQUE INDEX CONCURRENTLY host_own ON system_logs (lower(type), level)")
	require.ErrorContains(t, err, "could not create unique index")
	require.Equal(t, "host_own invalid ,level; system_logs_actor ready actor,created_at; system_logs_level ready level,created_at; system_logs_pkey ready id; "+
		" missing created_at;  missing actor_id", told(t, st))
	_, err = db.ExecContext(ctx, "CREATE UNIQUE INDEX CONCURRENTLY system_logs_created_at ON system_logs (created_at)")
	require.NoError(t, err)

	tx, err := db.BeginTx(ctx, nil) // what is being built waits for it
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "UPDATE system_logs SET message = message")
	require.NoError(t, err)
	built := make(chan error, 1)
	go func() {
		_, err := direct(t, dsn).ExecContext(ctx, "CREATE INDEX CONCURRENTLY system_logs_actor_id ON system_logs (actor_id, created_at)")
		built <- err
	}()
	require.Eventually(t, func() bool { return strings.Contains(told(t, st), "system_logs_actor_id building") }, 20*time.Second, 10*time.Millisecond)
	require.NotContains(t, told(t, st), "missing")
	require.NoError(t, tx.Rollback())
	require.NoError(t, <-built)
	require.Contains(t, told(t, st), "system_logs_actor_id ready actor_id,created_at")
}

// TestIndexesOfPartitions: one of the table is told once, and those for text that partitions
// have by themselves together.
func TestIndexesOfPartitions(t *testing.T) {
	t.Parallel()
	now, tick := clock(at), make(chan time.Time)
	st, err := postgres.OpenWithOptions(ctx, pgtest.New(t), postgres.WithClock(postgres.Options{
		Partition: postgres.Daily, Trigram: true, Logger: slog.New(slog.DiscardHandler),
	}, func() time.Time { return *now.Load() }, tick))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(context.WithoutCancel(ctx))) })
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 100)))
	later := at.Add(2 * day)
	now.Store(&later)
	tick <- time.Time{}
	tick <- time.Time{} // the round before is done
	all, err := st.Indexes(ctx)
	require.NoError(t, err)
	var text []syslog.Index
	for _, i := range all {
		require.Equal(t, syslog.IndexReady, i.State, "%+v", i)
		require.Positive(t, i.Bytes, "%+v", i)
		if i.Text {
			text = append(text, i)
		} else {
			require.Equal(t, 1, i.Tables, "%+v", i)
		}
	}
	require.Len(t, text, 1)
	require.Equal(t, []string{"message", "type", "actor_id"}, text[0].Columns)
	require.Greater(t, text[0].Tables, 1)
}

// TestIndexesOfPrisma are those that its schema has.
func TestIndexesOfPrisma(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	st, err := postgres.OpenWithOptions(ctx, dsn, prisma)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(context.WithoutCancel(ctx))) })
	text := told(t, st)
	require.Contains(t, text, "ready createdAt")
	require.Contains(t, text, "ready actorId")
	require.NotContains(t, text, "missing")
}

func told(t *testing.T, st *store.Store) string {
	t.Helper()
	all, err := st.Indexes(ctx)
	require.NoError(t, err)
	var out []string
	for _, i := range all {
		out = append(out, fmt.Sprint(i.Name, " ", i.State, " ", strings.Join(i.Columns, ",")))
	}
	return strings.Join(out, "; ")
}
