package sqlite_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func misconfigured(err error) bool {
	var m interface{ IsMisconfigured() bool }
	return errors.As(err, &m) && m.IsMisconfigured()
}

func classOf(err error) store.Class {
	switch {
	case permanent(err):
		return store.Poison
	case misconfigured(err):
		return store.Misconfigured
	}
	return store.Transient
}

// failing is a batch that some of the causes refuse the second event of.
func failing() []syslog.Log {
	return []syslog.Log{
		{ID: "1", Type: "T", Message: "first", ActorID: "u"},
		{ID: "2", Type: "BAD", Message: "the message that is too long for what the host thinks of it"},
		{ID: "3", Type: "T", Message: "third", ActorID: "u"},
	}
}

// TestFailuresAreClassedByWhatTheyNeed provokes each, looks what a logger is told,
// takes the cause away and has the same batch stored, once.
func TestFailuresAreClassedByWhatTheyNeed(t *testing.T) {
	for name, c := range map[string]struct {
		cause, mend []string
		want        store.Class
		hint        string
		say         string
	}{
		"CHECK": {
			cause: []string{"ALTER TABLE system_logs ADD COLUMN host TEXT CHECK (type <> 'BAD')"},
			mend:  []string{"ALTER TABLE system_logs DROP COLUMN host"}, want: store.Poison, say: "CHECK",
		},
		"a trigger that raises": {
			cause: []string{"CREATE TRIGGER host BEFORE INSERT ON system_logs WHEN NEW.type = 'BAD' BEGIN SELECT RAISE(ABORT, 'not with us'); END"},
			mend:  []string{"DROP TRIGGER host"}, want: store.Poison, say: "not with us",
		},
		"a trigger that rolls back": {
			cause: []string{"CREATE TRIGGER host BEFORE INSERT ON system_logs WHEN NEW.type = 'BAD' BEGIN SELECT RAISE(ROLLBACK, 'database is malformed'); END"},
			mend:  []string{"DROP TRIGGER host"}, want: store.Poison, say: "database is malformed",
		},
		"a trigger whose table is missing": {
			cause: []string{"CREATE TRIGGER host AFTER INSERT ON system_logs BEGIN INSERT INTO elsewhere VALUES (NEW.id); END"},
			mend:  []string{"CREATE TABLE elsewhere (id TEXT)"}, want: store.Misconfigured, hint: "MigrateSQL",
		},
		"a trigger whose table declines NULL": {
			cause: []string{"CREATE TABLE elsewhere (who TEXT NOT NULL)", "CREATE TRIGGER host AFTER INSERT ON system_logs BEGIN INSERT INTO elsewhere VALUES (NEW.actor_id); END"},
			mend:  []string{"DROP TRIGGER host"}, want: store.Poison,
		},
		"a trigger whose table has the key": {
			cause: []string{
				"CREATE TABLE elsewhere (id TEXT PRIMARY KEY)", "INSERT INTO elsewhere VALUES ('BAD')",
				"CREATE TRIGGER host AFTER INSERT ON system_logs BEGIN INSERT INTO elsewhere VALUES (NEW.id || NEW.type) ; INSERT INTO elsewhere SELECT 'BAD' WHERE NEW.type = 'BAD'; END",
			},
			mend: []string{"DROP TRIGGER host"}, want: store.Poison,
		},
		"a foreign key": {
			cause: []string{"CREATE TABLE types (name TEXT PRIMARY KEY)", "INSERT INTO types VALUES ('T')", "ALTER TABLE system_logs ADD COLUMN host TEXT",
				"CREATE TRIGGER host AFTER INSERT ON system_logs BEGIN INSERT INTO uses VALUES (NEW.type); END", "CREATE TABLE uses (name TEXT REFERENCES types(name))", "PRAGMA foreign_keys=1"},
			mend: []string{"INSERT INTO types VALUES ('BAD')"}, want: store.Poison,
		},
		"a value too large for a trigger": {
			cause: []string{"CREATE TRIGGER host BEFORE INSERT ON system_logs WHEN NEW.type = 'BAD' BEGIN SELECT zeroblob(2000000000); END"},
			mend:  []string{"DROP TRIGGER host"}, want: store.Poison, say: "too big",
		},
		"a value of the wrong type for a trigger": {
			cause: []string{"CREATE TABLE numbers (n INTEGER PRIMARY KEY)",
				"CREATE TRIGGER host AFTER INSERT ON system_logs WHEN NEW.type = 'BAD' BEGIN INSERT INTO numbers VALUES (NEW.type); END"},
			mend: []string{"DROP TRIGGER host"}, want: store.Poison, say: "mismatch",
		},
		"a unique index of the host's": {
			cause: []string{"INSERT INTO system_logs VALUES ('0', 'INFO', 'BAD', 'SYSTEM', NULL, '', NULL, 0)", "CREATE UNIQUE INDEX host ON system_logs (type) WHERE type <> 'T'"},
			mend:  []string{"DELETE FROM system_logs WHERE id = '0'"}, want: store.Poison, say: "UNIQUE",
		},
		"a column of the host's that may not be NULL": {
			cause: []string{"ALTER TABLE system_logs RENAME TO aside", "CREATE TABLE system_logs AS SELECT * FROM aside",
				"DROP TABLE system_logs", "CREATE TABLE system_logs (id TEXT PRIMARY KEY, level, type, actor, actor_id, message, metadata, created_at, tenant TEXT NOT NULL)"},
			mend: []string{"DROP TABLE system_logs", "ALTER TABLE aside RENAME TO system_logs"}, want: store.Misconfigured, hint: "give it a default",
		},
		"a column of ours that may not be NULL any more": {
			cause: []string{"ALTER TABLE system_logs RENAME TO aside",
				"CREATE TABLE system_logs (id TEXT PRIMARY KEY, level, type, actor, actor_id NOT NULL, message, metadata, created_at)"},
			mend: []string{"DROP TABLE system_logs", "ALTER TABLE aside RENAME TO system_logs"}, want: store.Poison,
		},
		"the table is gone": {
			cause: []string{"ALTER TABLE system_logs RENAME TO aside"},
			mend:  []string{"ALTER TABLE aside RENAME TO system_logs"}, want: store.Misconfigured, hint: "MigrateSQL",
		},
		"a column is gone": {
			cause: []string{"ALTER TABLE system_logs RENAME COLUMN message TO said"},
			mend:  []string{"ALTER TABLE system_logs RENAME COLUMN said TO message"}, want: store.Misconfigured, hint: "MigrateSQL",
		},
		"a column has another type": {
			cause: []string{"ALTER TABLE system_logs RENAME TO aside",
				"CREATE TABLE system_logs (id TEXT PRIMARY KEY, level TEXT, type TEXT, actor TEXT, actor_id TEXT, message INT, metadata TEXT, created_at INT) STRICT"},
			mend: []string{"DROP TABLE system_logs", "ALTER TABLE aside RENAME TO system_logs"}, want: store.Misconfigured, hint: "another type",
		},
		"the disk is full": {
			cause: []string{"PRAGMA max_page_count=1"}, // as many as there are
			mend:  []string{"PRAGMA max_page_count=1000000"}, want: store.Transient, hint: "room", say: "full",
		},
	} {
		for _, portable := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, portable %v", name, portable), func(t *testing.T) {
				ctx := context.Background()
				db := hostDB(t, nil)
				pool, err := db.DB()
				require.NoError(t, err)
				pool.SetMaxOpenConns(1) // settings are a connection's
				st, err := store.New(db, &store.Options{Portable: portable})
				require.NoError(t, err)
				logs := failing()
				if name == "the disk is full" {
					logs[1].Message = strings.Repeat("m", 100_000)
				}
				run(t, pool, c.cause)
				for range 2 { // the first failure changes nothing about the second
					n, err := st.WriteCount(ctx, logs)
					require.Error(t, err)
					require.Zero(t, n)
					require.Equal(t, c.want, classOf(err), "%v", err)
					require.ErrorContains(t, err, c.hint)
					require.ErrorContains(t, err, c.say)
				}
				if c.want == store.Poison {
					require.NoError(t, st.Write(ctx, logs[:1]), "the others are not to blame")
				} else {
					require.Equal(t, c.want, classOf(st.Write(ctx, logs[1:2])))
				}
				run(t, pool, c.mend)
				storedOnce(t, st, logs)
			})
		}
	}
}

func run(t *testing.T, pool *sql.DB, statements []string) {
	t.Helper()
	for _, s := range statements {
		_, err := pool.Exec(s)
		require.NoError(t, err, s)
	}
}

// storedOnce has a batch stored, twice over.
func storedOnce(t *testing.T, st *store.Store, logs []syslog.Log) {
	t.Helper()
	ctx := context.Background()
	for range 2 {
		require.NoError(t, st.Write(ctx, logs))
		page, err := st.Query(ctx, syslog.Query{})
		require.NoError(t, err)
		require.Len(t, page.Logs, len(logs))
	}
}

// opened is a store on a file of its own that others look into.
func opened(t *testing.T) (*store.Store, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(context.Background())) })
	return st, path
}

// TestBusyFilesAreTriedAgain: another process that writes is no fault of anybody.
func TestBusyFilesAreTriedAgain(t *testing.T) {
	ctx := context.Background()
	db := hostDB(t, nil)
	st, err := sqlite.New(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	var path string
	require.NoError(t, pool.QueryRow("SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path))
	other, err := raw(t, path).Conn(ctx)
	require.NoError(t, err)
	_, err = other.ExecContext(ctx, "BEGIN IMMEDIATE")
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
	run(t, pool, []string{"PRAGMA busy_timeout=0"})
	_, err = pool.Exec("BEGIN IMMEDIATE")
	require.ErrorContains(t, err, "locked")
	require.Equal(t, store.Transient, verdict(err).Class)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	err = st.Write(short, failing())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, store.Transient, classOf(err))
	_, err = other.ExecContext(ctx, "ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, other.Close())
	storedOnce(t, st, failing())
}

func verdict(err error) store.Verdict {
	known := store.DialectOf("sqlite", false).Verdict
	return store.Judge(err, func(err error) (store.Verdict, bool) { return known(err, "system_logs") })
}

// TestCancelledWritesAreNobodysFault: what fails because its context ended says
// nothing about the events.
func TestCancelledWritesAreNobodysFault(t *testing.T) {
	st, _ := opened(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := st.Write(ctx, failing())
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, store.Transient, classOf(err))
	storedOnce(t, st, failing())
}

// TestReadOnlyFilesNeedAPerson, and go on by themselves once they are writable.
func TestReadOnlyFilesNeedAPerson(t *testing.T) {
	ctx := context.Background()
	st, path := opened(t)
	require.NoError(t, st.Write(ctx, nil))
	pool := raw(t, path+"?mode=ro")
	db, err := gorm.Open(gormsqlite.Dialector{Conn: pool}, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	only, err := sqlite.New(db, &sqlite.Options{NoMigrate: true})
	require.NoError(t, err)
	err = only.Write(ctx, failing())
	require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
	require.ErrorContains(t, err, "make the file and its folder writable")
	storedOnce(t, st, failing())

	host := hostDB(t, nil)
	st, err = sqlite.New(host, nil)
	require.NoError(t, err)
	pool, err = host.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
	run(t, pool, []string{"PRAGMA query_only=1"})
	err = st.Write(ctx, failing())
	require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
	run(t, pool, []string{"PRAGMA query_only=0"})
	storedOnce(t, st, failing())
}

// TestFilesThatAreNoDatabaseNeedAPerson, damaged ones too.
func TestFilesThatAreNoDatabaseNeedAPerson(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		from, to int
		hint     string
	}{
		"no database": {0, 100, "the file is no database"},
		"damaged":     {100, 60_000, "the file is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			st, path := opened(t)
			require.NoError(t, st.Write(ctx, failing()))
			require.NoError(t, st.Close(ctx))
			whole, err := os.ReadFile(path)
			require.NoError(t, err)
			broken := append([]byte(nil), whole...)
			for i := c.from; i < min(c.to, len(broken)); i++ {
				broken[i] = 0xAA
			}
			// A handle whose connection comes late meets a file that is broken by then.
			pool := raw(t, path)
			pool.SetMaxIdleConns(-1)
			db, err := gorm.Open(gormsqlite.Dialector{Conn: pool}, &gorm.Config{Logger: logger.Discard})
			require.NoError(t, err)
			st, err = sqlite.New(db, &sqlite.Options{NoMigrate: true})
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, broken, 0o600))
			err = st.Write(ctx, failing())
			require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
			require.ErrorContains(t, err, c.hint)
			require.NoError(t, os.WriteFile(path, whole, 0o600))
			storedOnce(t, st, failing())
		})
	}
}
