package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

func classOf(err error) store.Class {
	var p interface{ IsPermanent() bool }
	var m interface{ IsMisconfigured() bool }
	switch {
	case errors.As(err, &p) && p.IsPermanent():
		return store.Poison
	case errors.As(err, &m) && m.IsMisconfigured():
		return store.Misconfigured
	}
	return store.Transient
}

// ways are those in which a batch can get to the server.
var ways = map[string]func(t *testing.T, dsn string) *store.Store{
	"copy": func(t *testing.T, dsn string) *store.Store { return hosted(t, gormpg.Config{DSN: dsn}) },
	"simple protocol": func(t *testing.T, dsn string) *store.Store {
		return hosted(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true})
	},
	"another driver": func(t *testing.T, dsn string) *store.Store {
		st, err := postgres.New(hiddenHandle(t, dsn), nil)
		require.NoError(t, err)
		return st
	},
	"store": func(t *testing.T, dsn string) *store.Store {
		st, err := store.New(handle(t, gormpg.Config{DSN: dsn}), nil)
		require.NoError(t, err)
		return st
	},
}

func hosted(t *testing.T, cfg gormpg.Config) *store.Store {
	t.Helper()
	st, err := postgres.New(handle(t, cfg), nil)
	require.NoError(t, err)
	return st
}

// failing is a batch that some of the causes refuse the second event of.
func failing() []syslog.Log {
	event := func(id, typ, who, message string) syslog.Log {
		return syslog.Log{ID: id, Type: typ, Actor: syslog.ActorSystem, ActorID: who, Message: message, Metadata: []byte(`{"k":1}`), CreatedAt: at}
	}
	return []syslog.Log{event("1", "T", "u", "first"), event("2", "BAD", "", "too long for what the host thinks of it"), event("3", "T", "u", "third")}
}

// long is text that no compression makes short.
func long(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		fmt.Fprintf(&b, "%08x", x)
	}
	return b.String()
}

func execute(t *testing.T, db *sql.DB, statements string) {
	t.Helper()
	_, err := db.ExecContext(ctx, statements)
	require.NoError(t, err)
}

const raises = `CREATE FUNCTION host() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN %s; RETURN NEW; END';
	CREATE TRIGGER host BEFORE INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION host()`

// TestFailuresAreClassedByWhatTheyNeed provokes each, looks what a logger is told,
// takes the cause away and has the same batch stored, once.
func TestFailuresAreClassedByWhatTheyNeed(t *testing.T) {
	const dropTrigger = "DROP TRIGGER host ON system_logs"
	for name, c := range map[string]struct {
		cause, mend string
		want        store.Class
		hint, say   string
		message     string // of the second event
	}{
		"CHECK": {
			cause: "ALTER TABLE system_logs ADD CONSTRAINT host CHECK (type <> 'BAD')",
			mend:  "ALTER TABLE system_logs DROP CONSTRAINT host", want: store.Poison, say: "23514",
		},
		"a trigger that raises": {
			cause: fmt.Sprintf(raises, "IF NEW.type = ''BAD'' THEN RAISE EXCEPTION ''not with us''; END IF"),
			mend:  dropTrigger, want: store.Poison, say: "not with us",
		},
		"a trigger that takes a column away": {
			cause: fmt.Sprintf(raises, "IF NEW.type = ''BAD'' THEN NEW.message := NULL; END IF"),
			mend:  dropTrigger, want: store.Poison, say: "23502",
		},
		"a trigger whose table declines NULL": {
			cause: "CREATE TABLE audit (who TEXT NOT NULL);" + fmt.Sprintf(raises, "INSERT INTO audit VALUES (NEW.actor_id)"),
			mend:  dropTrigger, want: store.Poison, say: "23502",
		},
		"a trigger whose table is missing": {
			cause: fmt.Sprintf(raises, "INSERT INTO audit VALUES (NEW.actor_id)"),
			mend:  "CREATE TABLE audit (who TEXT)", want: store.Misconfigured, hint: "is missing", say: "42P01",
		},
		"a unique constraint of the host's": {
			cause: "INSERT INTO system_logs VALUES ('0', 'INFO', 'BAD', 'SYSTEM', NULL, '', NULL, now()); CREATE UNIQUE INDEX host ON system_logs (type) WHERE type <> 'T'",
			mend:  "DELETE FROM system_logs WHERE id = '0'", want: store.Poison, say: "23505",
		},
		"a foreign key": {
			cause: "CREATE TABLE types (name TEXT PRIMARY KEY); INSERT INTO types VALUES ('T'); ALTER TABLE system_logs ADD CONSTRAINT host FOREIGN KEY (type) REFERENCES types",
			mend:  "INSERT INTO types VALUES ('BAD')", want: store.Poison, say: "23503",
		},
		"an exclusion constraint": {
			cause: "ALTER TABLE system_logs ADD CONSTRAINT host EXCLUDE USING btree (type WITH =) WHERE (type <> 'T'); INSERT INTO system_logs VALUES ('0', 'INFO', 'BAD', 'SYSTEM', NULL, '', NULL, now())",
			mend:  "DELETE FROM system_logs WHERE id = '0'", want: store.Poison, say: "23P01",
		},
		"a column of the host's that may not be NULL": {
			cause: "ALTER TABLE system_logs ADD tenant TEXT NOT NULL",
			mend:  "ALTER TABLE system_logs ALTER tenant SET DEFAULT ''", want: store.Misconfigured, hint: "give it a default", say: "tenant",
		},
		"a column that the host shortened": {
			cause: "ALTER TABLE system_logs ALTER message TYPE VARCHAR(10)",
			mend:  "ALTER TABLE system_logs ALTER message TYPE TEXT", want: store.Poison, say: "22001",
		},
		"an index with too large a row": {
			cause: "CREATE INDEX host ON system_logs (message)", message: long(12_000),
			mend: "DROP INDEX host", want: store.Poison, say: "54000",
		},
		"the table is gone": {
			cause: "ALTER TABLE system_logs RENAME TO aside",
			mend:  "ALTER TABLE aside RENAME TO system_logs", want: store.Misconfigured, hint: "MigrateSQL", say: "42P01",
		},
		"a view is in its place": {
			cause: "ALTER TABLE system_logs RENAME TO aside; CREATE VIEW system_logs AS SELECT DISTINCT * FROM aside",
			mend:  "DROP VIEW system_logs; ALTER TABLE aside RENAME TO system_logs", want: store.Misconfigured, hint: "MigrateSQL",
		},
		"a column is gone": {
			cause: "ALTER TABLE system_logs RENAME message TO said",
			mend:  "ALTER TABLE system_logs RENAME said TO message", want: store.Misconfigured, hint: "a column is missing", say: "42703",
		},
		"a column is generated": {
			cause: "ALTER TABLE system_logs RENAME message TO said; ALTER TABLE system_logs ALTER said DROP NOT NULL, ADD message TEXT GENERATED ALWAYS AS (said) STORED",
			mend:  "ALTER TABLE system_logs DROP message; ALTER TABLE system_logs RENAME said TO message", want: store.Misconfigured, hint: "MigrateSQL",
		},
		"text became a number": {
			cause: "ALTER TABLE system_logs ALTER message TYPE INT USING 0",
			mend:  "ALTER TABLE system_logs ALTER message TYPE TEXT", want: store.Misconfigured, hint: "another type", say: "42804",
		},
		"text became an array": {
			cause: "ALTER TABLE system_logs ALTER type TYPE TEXT[] USING NULL",
			mend:  "ALTER TABLE system_logs ALTER type TYPE TEXT USING ''", want: store.Misconfigured, hint: "another type", say: "42804",
		},
		"the time became a number": {
			cause: "ALTER TABLE system_logs ALTER created_at TYPE INT USING 0",
			mend:  "ALTER TABLE system_logs ALTER created_at TYPE TIMESTAMPTZ(3) USING now()", want: store.Misconfigured, hint: "another type", say: "42804",
		},
		"the key is gone": {
			cause: "ALTER TABLE system_logs ADD CONSTRAINT host CHECK (type <> 'BAD'), DROP CONSTRAINT system_logs_pkey",
			mend:  "ALTER TABLE system_logs DROP CONSTRAINT host, ADD PRIMARY KEY (id)", want: keyGone,
		},
	} {
		for way, open := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				db := direct(t, dsn)
				st := open(t, dsn)
				logs := failing()
				if c.message != "" {
					logs[1].Message = c.message
				}
				want := c.want
				if want == keyGone { // only naming it finds out
					if want = store.Poison; way == "copy" {
						want = store.Misconfigured
					}
					execute(t, db, c.cause)
					require.Error(t, st.Write(ctx, logs)) // the COPY meets the CHECK
				} else {
					execute(t, db, c.cause)
				}
				for range 2 { // the first failure changes nothing about the second
					n, err := st.WriteCount(ctx, logs)
					require.Error(t, err)
					require.Zero(t, n)
					require.Equal(t, want, classOf(err), "%v", err)
					require.ErrorContains(t, err, c.hint)
					require.ErrorContains(t, err, c.say)
				}
				if want == store.Poison {
					require.NoError(t, st.Write(ctx, logs[:1]), "the others are not to blame")
				} else {
					require.Equal(t, want, classOf(st.Write(ctx, logs[1:2])))
				}
				execute(t, db, c.mend)
				storedOnce(t, st, logs)
			})
		}
	}
}

// keyGone depends on the way.
const keyGone store.Class = -1

// storedOnce has a batch stored, twice over.
func storedOnce(t *testing.T, st *store.Store, logs []syslog.Log) {
	t.Helper()
	for range 2 {
		require.NoError(t, st.Write(ctx, logs))
		page, err := st.Query(ctx, syslog.Query{})
		require.NoError(t, err)
		require.Len(t, page.Logs, len(logs))
	}
}

// TestTablesThatStillFitAreWrittenTo: COPY has no types, but an INSERT turns what
// comes into what the column is.
func TestTablesThatStillFitAreWrittenTo(t *testing.T) {
	for name, change := range map[string]string{
		"metadata is json":    "ALTER TABLE system_logs ALTER metadata TYPE JSON",
		"a view":              "ALTER TABLE system_logs RENAME TO aside; CREATE VIEW system_logs AS SELECT * FROM aside",
		"row-level security":  "ALTER TABLE system_logs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY all_of_it ON system_logs USING (true)",
		"the message is long": "ALTER TABLE system_logs ALTER message TYPE VARCHAR(1000)",
	} {
		for way, open := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				st := open(t, dsn)
				execute(t, direct(t, dsn), change)
				storedOnce(t, st, failing())
				n, err := st.Delete(ctx, syslog.Filter{To: time.Now().Add(time.Hour)})
				require.NoError(t, err)
				require.Positive(t, n)
			})
		}
	}
}

// TestRightsThatAreMissingNeedAPerson, and nothing else: the table is as it was.
func TestRightsThatAreMissingNeedAPerson(t *testing.T) {
	for way, open := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			execute(t, db, "GRANT CREATE ON SCHEMA public TO PUBLIC")
			poor := pgtest.Role(t, dsn)
			st := open(t, poor)
			u, err := url.Parse(poor)
			require.NoError(t, err)
			execute(t, db, "ALTER TABLE system_logs OWNER TO CURRENT_USER; GRANT SELECT ON system_logs TO "+u.User.Username())
			err = st.Write(ctx, failing())
			require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
			require.ErrorContains(t, err, "GRANT the right")
			execute(t, db, "GRANT INSERT ON system_logs TO "+u.User.Username())
			storedOnce(t, st, failing())
		})
	}
}

// TestMissingPartitionsNeedAPerson: no event has a place then.
func TestMissingPartitionsNeedAPerson(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	st := openParts(t, dsn, postgres.Daily, clock(at), make(chan time.Time))
	db := direct(t, dsn)
	storedOnce(t, st, failing())
	var name, bounds string
	require.NoError(t, db.QueryRowContext(ctx, "SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = (SELECT max(tableoid) FROM system_logs)").Scan(&name, &bounds))
	execute(t, db, "TRUNCATE system_logs; ALTER TABLE system_logs DETACH PARTITION "+name)
	for range 2 {
		err := st.Write(ctx, failing())
		require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
		require.ErrorContains(t, err, "attach one")
	}
	execute(t, db, "ALTER TABLE system_logs ATTACH PARTITION "+name+" "+bounds)
	execute(t, db, "ALTER TABLE system_logs ADD CONSTRAINT host CHECK (type <> 'BAD')")
	require.Equal(t, store.Poison, classOf(st.Write(ctx, failing())))
	execute(t, db, "ALTER TABLE system_logs DROP CONSTRAINT host; ALTER TABLE system_logs ADD tenant TEXT NOT NULL")
	for range 2 {
		err := st.Write(ctx, failing())
		require.Equal(t, store.Misconfigured, classOf(err), "%v", err)
	}
	execute(t, db, "ALTER TABLE system_logs DROP tenant")
	storedOnce(t, st, failing())
}

// TestFailuresOfPrismasTable: its columns have other names and types.
func TestFailuresOfPrismasTable(t *testing.T) {
	for _, simple := range []bool{false, true} {
		t.Run(fmt.Sprintf("simple protocol %v", simple), func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			makePrisma(t, dsn)
			db := direct(t, dsn)
			st, err := postgres.New(handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: simple}), prisma)
			require.NoError(t, err)
			for _, c := range []struct {
				cause, mend string
				want        store.Class
				hint        string
			}{
				{`ALTER TABLE "Log" ALTER "actorId" SET NOT NULL`, `ALTER TABLE "Log" ALTER "actorId" DROP NOT NULL`, store.Poison, "23502"},
				{`ALTER TABLE "Log" ADD tenant TEXT NOT NULL`, `ALTER TABLE "Log" DROP tenant`, store.Misconfigured, "give it a default"},
				{`ALTER TABLE "Log" ALTER message TYPE INT USING 0`, `ALTER TABLE "Log" ALTER message TYPE TEXT`, store.Misconfigured, "another type"},
				{`ALTER TABLE "Log" ALTER level DROP DEFAULT, ALTER level TYPE BIGINT USING 0`, `ALTER TABLE "Log" ALTER level TYPE "LogLevel" USING 'INFO'`, store.Misconfigured, "another type"},
				{`ALTER TABLE "Log" ALTER message TYPE VARCHAR(10)`, `ALTER TABLE "Log" ALTER message TYPE TEXT`, store.Poison, "22001"},
			} {
				execute(t, db, c.cause)
				fails(t, st, c.want, c.hint)
				execute(t, db, c.mend)
			}
			storedOnce(t, st, failing())
		})
	}
}
