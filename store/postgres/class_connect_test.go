package postgres_test

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
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

// poorStore is a store of a role without rights but those on its table, which
// connects anew for each batch.
func poorStore(t *testing.T) (st *store.Store, db *sql.DB, role, database string) {
	t.Helper()
	dsn := pgtest.New(t)
	db = direct(t, dsn)
	execute(t, db, "GRANT CREATE ON SCHEMA public TO PUBLIC")
	poor := pgtest.Role(t, dsn)
	u, err := url.Parse(poor)
	require.NoError(t, err)
	st, database = forgetful(t, poor)
	return st, db, u.User.Username(), database
}

// TestCrowdedServersAreTriedAgain: connections end.
func TestCrowdedServersAreTriedAgain(t *testing.T) {
	t.Parallel()
	st, db, role, _ := poorStore(t)
	execute(t, db, "ALTER ROLE "+role+" CONNECTION LIMIT 0")
	fails(t, st, store.Transient, "53300", "no connection left")
	execute(t, db, "ALTER ROLE "+role+" CONNECTION LIMIT -1")
	storedOnce(t, st, failing())
}

// TestRefusedConnectionsNeedAPerson, whatever the server says: there is no event in
// it yet.
func TestRefusedConnectionsNeedAPerson(t *testing.T) {
	for name, c := range map[string]struct{ cause, mend, say, hint string }{
		"login":   {"ALTER ROLE %[1]s NOLOGIN", "ALTER ROLE %[1]s LOGIN", "28000", "pg_hba.conf"},
		"right":   {"REVOKE CONNECT ON DATABASE %[2]s FROM PUBLIC", "GRANT CONNECT ON DATABASE %[2]s TO PUBLIC", "42501", "GRANT"},
		"setting": {"ALTER ROLE %[1]s SET search_path = nowhere", "ALTER ROLE %[1]s RESET search_path", "42P01", "MigrateSQL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, db, role, database := poorStore(t)
			conn, err := db.Conn(ctx)
			require.NoError(t, err)
			defer conn.Close()
			_, err = conn.ExecContext(ctx, fmt.Sprintf(c.cause, role, database))
			require.NoError(t, err)
			fails(t, st, store.Misconfigured, c.say, c.hint)
			_, err = conn.ExecContext(ctx, fmt.Sprintf(c.mend, role, database))
			require.NoError(t, err)
			storedOnce(t, st, failing())
		})
	}
}

// TestMissingDatabasesNeedAPerson, and those that let nobody in.
func TestMissingDatabasesNeedAPerson(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	st, name := forgetful(t, dsn)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.Path = "/postgres"
	db := direct(t, u.String())
	execute(t, db, "ALTER DATABASE "+name+" RENAME TO "+name+"_aside")
	fails(t, st, store.Misconfigured, "3D000", "create the database first")
	execute(t, db, "ALTER DATABASE "+name+"_aside RENAME TO "+name)
	execute(t, db, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	fails(t, st, store.Misconfigured, "55000", "settings of the user and the database")
	execute(t, db, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")
	storedOnce(t, st, failing())
}

// TestWrongPasswordsNeedAPerson, and are not told.
func TestWrongPasswordsNeedAPerson(t *testing.T) {
	dsn := pgtest.WithPassword(t, "s3cr3t")
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	role := u.User.Username()
	u.User = url.User("test")
	db := direct(t, u.String())
	execute(t, db, "ALTER ROLE "+role+" PASSWORD 's3cr3t'; GRANT CREATE ON SCHEMA public TO PUBLIC")
	t.Cleanup(func() { execute(t, db, "DROP OWNED BY "+role) })
	st, _ := forgetful(t, dsn)
	execute(t, db, "ALTER ROLE "+role+" PASSWORD 'another'")
	fails(t, st, store.Misconfigured, "28P01", "the password is wrong")
	err = st.Write(ctx, failing())
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "s3cr3t")
	execute(t, db, "ALTER ROLE "+role+" PASSWORD 's3cr3t'")
	storedOnce(t, st, failing())
}

// TestConnectionStringsAreNotQuoted: a driver that reads the string for each
// connection meets a file that is gone, and quotes what it cannot read.
func TestConnectionStringsAreNotQuoted(t *testing.T) {
	for way, open := range map[string]func(t *testing.T, dsn string) *store.Store{
		"by name": func(t *testing.T, dsn string) *store.Store {
			pool, err := sql.Open("pgx", dsn)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, pool.Close()) })
			pool.SetMaxIdleConns(-1)
			return hosted(t, gormpg.Config{Conn: pool})
		},
		"another driver": func(t *testing.T, dsn string) *store.Store {
			db := hiddenHandle(t, dsn)
			pool, err := db.DB()
			require.NoError(t, err)
			pool.SetMaxIdleConns(-1)
			st, err := postgres.New(db, nil)
			require.NoError(t, err)
			return st
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "service")
			content := []byte("[events]\nconnect_timeout=10\n")
			require.NoError(t, os.WriteFile(file, content, 0o600))
			u, err := url.Parse(pgtest.New(t))
			require.NoError(t, err)
			// Of such a form pgx does not see the password.
			dsn := fmt.Sprintf("host=%s port=%s user=%s dbname=%s sslmode=disable password = s3cr3t service=events servicefile=%s",
				u.Hostname(), u.Port(), u.User.Username(), u.Path[1:], file)
			st := open(t, dsn)
			require.NoError(t, os.Remove(file))
			fails(t, st, store.Misconfigured, "its service is not in the service file", "put the file back")
			for name, do := range map[string]func() error{
				"write": func() error { return st.Write(ctx, failing()) },
				"ping":  func() error { return st.Ping(ctx) },
				"query": func() error { _, err := st.Query(ctx, syslog.Query{}); return err },
				"all": func() (err error) {
					for _, err = range st.All(ctx, syslog.Filter{}) {
					}
					return err
				},
				"delete":  func() error { _, err := st.Delete(ctx, syslog.Filter{Type: "x"}); return err },
				"cleanup": func() error { _, err := st.Cleanup(ctx, syslog.RetentionPolicy{}, time.Now()); return err },
			} {
				err := do()
				require.Error(t, err, name)
				require.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "s3cr3t", name)
			}
			require.NoError(t, os.WriteFile(file, content, 0o600))
			storedOnce(t, st, failing())
		})
	}
}

// TestConnectionsAreJudgedByTheLastAttempt: the driver tries other addresses, and to
// do without TLS, until an answer is final.
func TestConnectionsAreJudgedByTheLastAttempt(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(pgtest.New(t))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "service")
	service := func(settings ...string) {
		content := fmt.Sprintf("[events]\nuser=%s\ndbname=%s\n", u.User.Username(), u.Path[1:])
		require.NoError(t, os.WriteFile(file, []byte(content+strings.Join(settings, "\n")+"\n"), 0o600))
	}
	host, port := "host="+u.Hostname(), "port="+u.Port()
	fine := []string{host, port, "sslmode=disable"}
	service(fine...)
	pool, err := sql.Open("pgx", "service=events servicefile="+file)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	pool.SetMaxIdleConns(-1)
	st := hosted(t, gormpg.Config{Conn: pool})
	for _, c := range []struct {
		settings []string
		want     store.Class
		say      string
	}{
		{[]string{host, port, "sslmode=require"}, store.Misconfigured, "switch ssl on"},
		{[]string{host, "port=1", "sslmode=require"}, store.Transient, "is the server running"},
		{[]string{host, "port=1", "sslmode=prefer"}, store.Transient, "is the server running"},
		{[]string{host, port, "sslmode=prefer", "dbname=nowhere"}, store.Misconfigured, "create the database first"},
		{[]string{host, port, "sslmode=prefer", "user=nobody"}, store.Misconfigured, "pg_hba.conf"},
		{[]string{host, port, "sslmode=disable", "TimeZone=nowhere"}, store.Misconfigured, "correct the connection string"},
		{[]string{host, port, "sslmode=disable", "no_such_setting=1"}, store.Misconfigured, "leave it out"},
		{[]string{host + ",127.0.0.1", "port=1," + u.Port(), "sslmode=disable", "dbname=nowhere"}, store.Misconfigured, "3D000"},
		{[]string{"host=nowhere.invalid", port, "sslmode=disable"}, store.Transient, "not known here"},
	} {
		service(c.settings...)
		fails(t, st, c.want, c.say)
	}
	service(fine...)
	storedOnce(t, st, failing())
}
