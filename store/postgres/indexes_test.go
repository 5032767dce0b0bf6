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
	for _, other := range []string{"USING brin (created_at)", "(created_at) WHERE level = 'CRITICAL'", "(created_at) WHERE level <> 'INFO'", "USING hash (actor_id)", "(lower(actor_id))"} {
		exec("CREATE INDEX other ON system_logs " + other)
		require.Contains(t, told(t, st), " missing created_at;  missing actor_id", "%s does not do their work", other)
		exec("DROP INDEX other")
	}
	exec("CREATE INDEX host_time ON system_logs (created_at)")
	require.NotContains(t, told(t, st), "missing created_at", "any name will do")
	exec("CREATE EXTENSION pg_trgm; CREATE INDEX of_ids ON system_logs USING gin (actor_id gin_trgm_ops)")
	require.Equal(t, "", texts(t, st), "it finds no messages")
	exec("CREATE INDEX of_messages ON system_logs USING gin (type gin_trgm_ops, message public.gin_trgm_ops)")
	require.Equal(t, "of_messages", texts(t, st))

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
	dsn := pgtest.New(t)
	st, err := postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{
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

	// Of those of partitions, it is the one that is not in use which is named.
	db, tables := direct(t, dsn), text[0].Tables
	var newest string
	require.NoError(t, db.QueryRowContext(ctx, "SELECT MAX(relname) FROM pg_class WHERE relname LIKE '%_trigram'").Scan(&newest))
	_, err = db.ExecContext(ctx, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass", newest)
	require.NoError(t, err)
	require.Contains(t, told(t, st), newest+" invalid message,type,actor_id")
	all, err = st.Indexes(ctx)
	require.NoError(t, err)
	for _, i := range all {
		if i.Text && i.State == syslog.IndexReady {
			require.Equal(t, tables-1, i.Tables)
			require.NotEqual(t, newest, i.Name)
		}
	}

	// One partition alone is not the table.
	_, err = db.ExecContext(ctx, "CREATE INDEX alone ON system_logs_past (actor_id, created_at); DROP INDEX system_logs_actor_id")
	require.NoError(t, err)
	require.Contains(t, told(t, st), " missing actor_id")
}

// TestIndexesThatGoMeanwhile: the catalog is read as it was, and functions say what is now.
// Who looks is in the way of nobody who drops a partition.
func TestIndexesThatGoMeanwhile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		partition   postgres.Partition
		come, leave string
	}{
		"index":     {postgres.Unpartitioned, "CREATE INDEX passing ON system_logs (type) WHERE type <> 'X'", "DROP INDEX passing"},
		"partition": {postgres.Daily, "CREATE TABLE passing PARTITION OF system_logs FOR VALUES FROM ('2001-01-01') TO ('2001-01-02'); CREATE INDEX ON passing (type) WHERE type <> 'X'", "DROP TABLE passing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Partition: c.partition})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, st.Close(context.WithoutCancel(ctx))) })
			if c.partition == postgres.Daily { // which has all of the past
				_, err = db.ExecContext(ctx, "DROP TABLE system_logs_past")
				require.NoError(t, err)
			}
			asked, stop := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() {
				var err error
				for err == nil && asked.Err() == nil {
					if _, err = db.ExecContext(ctx, c.come); err == nil {
						_, err = db.ExecContext(ctx, c.leave)
					}
				}
				ended <- err
			}()
			for begun := time.Now(); time.Since(begun) < 4*time.Second; {
				if _, err = st.Indexes(ctx); err != nil {
					break
				}
				if _, err = st.Size(ctx); err != nil {
					break
				}
			}
			stop()
			require.NoError(t, <-ended)
			require.NoError(t, err)
		})
	}
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

// texts are the names of those that find parts of messages.
func texts(t *testing.T, st *store.Store) string {
	t.Helper()
	all, err := st.Indexes(ctx)
	require.NoError(t, err)
	var out []string
	for _, i := range all {
		if i.Text {
			out = append(out, i.Name)
		}
	}
	return strings.Join(out, " ")
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
