package postgres_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// set is a connection string with a setting of the server's.
func set(dsn, setting string) string {
	return dsn + "&options=" + url.QueryEscape("-c "+setting)
}

// fails asserts the class of a write's failure, twice: the first changes nothing
// about the second.
func fails(t *testing.T, st *store.Store, want store.Class, says ...string) {
	t.Helper()
	for range 2 {
		err := st.Write(ctx, failing())
		require.Equal(t, want, classOf(err), "%v", err)
		for _, say := range says {
			require.ErrorContains(t, err, say)
		}
	}
}

// TestLocksAndTimeoutsAreTriedAgain: nobody has to do anything about them.
func TestLocksAndTimeoutsAreTriedAgain(t *testing.T) {
	for setting, state := range map[string]string{"lock_timeout=50ms": "55P03", "statement_timeout=50ms": "57014"} {
		for way, open := range ways {
			t.Run(setting+", "+way, func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				st := open(t, set(dsn, setting))
				tx, err := direct(t, dsn).BeginTx(ctx, nil)
				require.NoError(t, err)
				_, err = tx.ExecContext(ctx, "LOCK TABLE system_logs")
				require.NoError(t, err)
				fails(t, st, store.Transient, state)
				require.NoError(t, tx.Rollback())
				storedOnce(t, st, failing())
			})
		}
	}
}

// waiting returns once a statement of the database waits for a lock.
func waiting(t *testing.T, db *sql.DB) {
	t.Helper()
	await(t, "the write waits", func() (waits bool) {
		require.NoError(t, db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").Scan(&waits))
		return waits
	})
}

// TestDeadlocksAreTriedAgain: the server chose this transaction to end.
func TestDeadlocksAreTriedAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	// It looks for a deadlock when it has waited for that long, and only then.
	st := hosted(t, gormpg.Config{DSN: set(dsn, "deadlock_timeout=3s")})
	execute(t, db, fmt.Sprintf(raises, "PERFORM pg_advisory_xact_lock(1); PERFORM pg_advisory_xact_lock(2)"))
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "SET LOCAL deadlock_timeout = '1h'; SET LOCAL statement_timeout = '1min'; SELECT pg_advisory_xact_lock(2)")
	require.NoError(t, err)
	wrote := make(chan error)
	go func() { wrote <- st.Write(ctx, failing()) }()
	waiting(t, db)
	_, err = tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(1)")
	require.NoError(t, err, "the other transaction is not ended")
	err = <-wrote
	require.ErrorContains(t, err, "40P01")
	require.Equal(t, store.Transient, classOf(err))
	require.NoError(t, tx.Rollback())
	storedOnce(t, st, failing())
}

// TestSerializationFailuresAreTriedAgain: another transaction was faster.
func TestSerializationFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st := hosted(t, gormpg.Config{DSN: set(dsn, "default_transaction_isolation=serializable")})
	execute(t, db, "CREATE TABLE counted AS SELECT 0 AS n;"+fmt.Sprintf(raises, "UPDATE counted SET n = n + 1"))
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "UPDATE counted SET n = n + 1")
	require.NoError(t, err)
	wrote := make(chan error)
	go func() { wrote <- st.Write(ctx, failing()) }()
	waiting(t, db)
	require.NoError(t, tx.Commit())
	err = <-wrote
	require.ErrorContains(t, err, "40001")
	require.Equal(t, store.Transient, classOf(err))
	storedOnce(t, st, failing())
}

// TestWhatPassesByItselfIsTriedAgain, by whatever code the server tells it.
func TestWhatPassesByItselfIsTriedAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st := hosted(t, gormpg.Config{DSN: dsn})
	for _, state := range []string{"26000", "42P05", "53100", "53200", "53400", "57P01", "57P03", "58030", "XX000"} {
		execute(t, db, "CREATE OR REPLACE FUNCTION host() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE SQLSTATE '"+state+"'; END $$;"+
			"CREATE OR REPLACE TRIGGER host BEFORE INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION host()")
		fails(t, st, store.Transient, state)
	}
	execute(t, db, "DROP TRIGGER host ON system_logs")
	storedOnce(t, st, failing())
}

// TestReadOnlyServersAreTriedAgain: after a failover they take writes.
func TestReadOnlyServersAreTriedAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, name := forgetful(t, dsn)
	execute(t, db, "ALTER DATABASE "+name+" SET default_transaction_read_only = on")
	fails(t, st, store.Transient, "25006", "write to the primary")
	execute(t, db, "SET default_transaction_read_only = off; ALTER DATABASE "+name+" RESET default_transaction_read_only")
	storedOnce(t, st, failing())
}

// forgetful is a store on a host's handle that connects anew for each batch, and the
// name of its database.
func forgetful(t *testing.T, dsn string) (*store.Store, string) {
	t.Helper()
	db := handle(t, gormpg.Config{DSN: dsn})
	st, err := postgres.New(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	pool.SetMaxIdleConns(-1)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	return st, u.Path[1:]
}

// TestStoppedServersAreTriedAgain, and killed ones.
func TestStoppedServersAreTriedAgain(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	st, err := postgres.Open(ctx, server.DSN())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(ctx)) })
	for _, stop := range []func(){server.Stop, server.Kill} {
		stop()
		fails(t, st, store.Transient)
		fails(t, st, store.Transient, "is the server running")
		server.Start()
		await(t, "it writes again", func() bool {
			err := st.Write(ctx, failing())
			require.Equal(t, store.Transient, classOf(err), "%v", err)
			_, readErr := st.Query(ctx, syslog.Query{}) // has connections of its own
			return err == nil && readErr == nil
		})
		storedOnce(t, st, failing())
	}
}

// large is a batch that goes to the server in two halves, of which each has an event
// of a type.
func large(first, second string) []syslog.Log {
	logs := made(syslog.LevelInfo, at, 3000)
	logs[700].Type, logs[2300].Type = first, second
	return logs
}

// TestHalvesOfABatchAreJudgedTogether: an event is at fault only if nothing else
// failed, since the whole batch comes again.
func TestHalvesOfABatchAreJudgedTogether(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	hosted(t, gormpg.Config{DSN: dsn}) // makes the table
	const (
		fine, bad = "FINE", "BAD"
		busy      = "BUSY" // fails by what passes
		lost      = "LOST" // fails by what a person has to change
	)
	for i, c := range []struct {
		first, second string
		want          store.Class
		written       int
	}{
		{bad, fine, store.Poison, 1500},
		{fine, bad, store.Poison, 1500},
		{bad, bad, store.Poison, 0},
		{bad, busy, store.Transient, 0},
		{busy, bad, store.Transient, 0},
		{bad, lost, store.Misconfigured, 0},
		{lost, bad, store.Misconfigured, 0},
		{lost, fine, store.Misconfigured, 1500},
		{busy, lost, store.Transient, 0},
	} {
		execute(t, db, "TRUNCATE system_logs; CREATE OR REPLACE FUNCTION host() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "+
			"IF NEW.type = 'BAD' THEN RAISE EXCEPTION 'not with us'; END IF; IF NEW.type = 'BUSY' THEN RAISE SQLSTATE '40001'; END IF; "+
			"IF NEW.type = 'LOST' THEN RAISE SQLSTATE '42P01'; END IF; RETURN NEW; END $$;"+
			"CREATE OR REPLACE TRIGGER host BEFORE INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION host()")
		st := hosted(t, gormpg.Config{DSN: dsn}) // whose first batch goes by COPY
		logs := large(c.first, c.second)
		n, err := st.WriteCount(ctx, logs)
		require.Equal(t, c.want, classOf(err), "%d: %v", i, err)
		require.Equal(t, c.written, n, i)
		execute(t, db, "DROP TRIGGER host ON system_logs")
		n, err = st.WriteCount(ctx, logs)
		require.NoError(t, err)
		require.Equal(t, len(logs)-c.written, n, "what one half stored is known")
		var rows int
		require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM system_logs").Scan(&rows))
		require.Equal(t, len(logs), rows)
	}
}

// TestUniqueConstraintsInPortableSQL: the key is told from a constraint of the host's.
func TestUniqueConstraintsInPortableSQL(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := store.New(handle(t, gormpg.Config{DSN: dsn}), &store.Options{Portable: true})
	require.NoError(t, err)
	execute(t, db, "CREATE UNIQUE INDEX host ON system_logs (message)")
	logs := failing()
	require.NoError(t, st.Write(ctx, logs[:1]))
	logs[1].Message = logs[0].Message
	err = st.Write(ctx, logs)
	require.Equal(t, store.Poison, classOf(err), "%v", err)
	execute(t, db, "DROP INDEX host")

	// Another process stores the same event, and commits while this one, which has
	// looked what is there, waits.
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "INSERT INTO system_logs VALUES ('2', 'INFO', 'T', 'SYSTEM', NULL, '', NULL, 0)")
	require.NoError(t, err)
	wrote := make(chan error)
	go func() { wrote <- st.Write(ctx, logs) }()
	waiting(t, db)
	require.NoError(t, tx.Commit())
	err = <-wrote
	require.ErrorContains(t, err, "another process")
	require.Equal(t, store.Transient, classOf(err), "%v", err)
	storedOnce(t, st, logs)
}
