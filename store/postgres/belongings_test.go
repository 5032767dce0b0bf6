package postgres_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	gormpg "gorm.io/driver/postgres"
)

// TestRepartitionHandsOver the owner and the rights: services that may only read and
// write go on.
func TestRepartitionHandsOver(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	require.NoError(t, st.Close(ctx))
	user := func(dsn string) string {
		u, err := url.Parse(dsn)
		require.NoError(t, err)
		return `"` + u.User.Username() + `"`
	}
	poor, owner := pgtest.Role(t, dsn), pgtest.Role(t, dsn)
	execute(t, db, fmt.Sprintf(`GRANT SELECT, INSERT, DELETE ON system_logs TO %[1]s; GRANT SELECT, INSERT, UPDATE, DELETE ON system_logs_locks, system_logs_migrations TO %[1]s;
		GRANT UPDATE (message) ON system_logs TO PUBLIC; GRANT TRUNCATE ON system_logs TO %[1]s WITH GRANT OPTION; ALTER TABLE system_logs OWNER TO %[2]s`, user(poor), user(owner)))
	t.Cleanup(func() { execute(t, db, "DROP OWNED BY "+user(poor)+", "+user(owner)) })
	app, err := postgres.OpenWithOptions(ctx, poor, &postgres.Options{})
	require.NoError(t, err)
	require.NoError(t, app.Write(ctx, made(syslog.LevelInfo, at, 3)))
	rights := func() (all string) {
		require.NoError(t, db.QueryRowContext(ctx, `SELECT relowner::regrole || ': ' || (SELECT string_agg(a.grantee || ' ' || a.privilege_type || a.is_grantable, ', ' ORDER BY 1) FROM aclexplode(relacl) a)
			|| ' ' || (SELECT string_agg(attname || attacl::text, ', ') FROM pg_attribute WHERE attrelid = c.oid AND attacl IS NOT NULL) FROM pg_class c WHERE oid = 'system_logs'::regclass`).Scan(&all))
		return all
	}
	before := rights()
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
	// Who has granted it is another one: the rights are the same.
	require.Equal(t, strings.Count(before, ","), strings.Count(rights(), ","))
	require.Equal(t, before[:strings.Index(before, ":")], rights()[:strings.Index(rights(), ":")])
	for _, held := range []string{"SELECT", "INSERT", "DELETE", "TRUNCATE WITH GRANT OPTION"} {
		var has bool
		require.NoError(t, db.QueryRowContext(ctx, "SELECT has_table_privilege($1, 'system_logs', $2)", strings.Trim(user(poor), `"`), held).Scan(&has))
		require.True(t, has, held)
	}
	require.NoError(t, app.Write(ctx, made(syslog.LevelInfo, at.Add(day), 4)))
	page, err := app.Query(ctx, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 7)
	require.NoError(t, app.Close(ctx))
	var others int
	require.NoError(t, db.QueryRowContext(ctx, `SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		WHERE i.inhparent = 'system_logs'::regclass AND c.relowner <> (SELECT relowner FROM pg_class WHERE oid = 'system_logs'::regclass)`).Scan(&others))
	require.Zero(t, others, "partitions of another owner")
}

// TestRepartitionStopsAtTheHostsThings, and says which there are.
func TestRepartitionStopsAtTheHostsThings(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	require.NoError(t, st.Close(ctx))
	execute(t, db, "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$")
	for _, c := range []struct{ make, say, drop string }{
		{"ALTER TABLE system_logs ENABLE ROW LEVEL SECURITY", "row level security", "ALTER TABLE system_logs DISABLE ROW LEVEL SECURITY"},
		{"CREATE TRIGGER mine AFTER INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION f()", "trigger mine", "DROP TRIGGER mine ON system_logs"},
		{"CREATE VIEW mine AS SELECT id FROM system_logs", "view mine", "DROP VIEW mine"},
		{"CREATE PUBLICATION mine FOR TABLE system_logs", "publication mine", "DROP PUBLICATION mine"},
		{`CREATE TABLE mine (id text COLLATE "C" CONSTRAINT my_key REFERENCES system_logs)`, "foreign key my_key of mine", "DROP TABLE mine"},
		{"ALTER TABLE system_logs ADD CONSTRAINT mine CHECK (message <> '')", "constraint mine", "ALTER TABLE system_logs DROP CONSTRAINT mine"},
		{"ALTER TABLE system_logs ADD CONSTRAINT mine UNIQUE (message)", "constraint mine", "ALTER TABLE system_logs DROP CONSTRAINT mine"},
		{"CREATE INDEX mine ON system_logs (type)", "index mine", "DROP INDEX mine"},
		{"ALTER TABLE system_logs ADD mine INT", "column mine", "ALTER TABLE system_logs DROP mine"},
	} {
		execute(t, db, c.make)
		before := dump(t, dsn)
		err := postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily())
		require.ErrorContains(t, err, c.say+";", c.make)
		require.Equal(t, before, dump(t, dsn))
		execute(t, db, c.drop)
	}
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
}

// TestRepartitionByManyAtOnce: one does it, the others wait, and who opens the table
// meanwhile does not stop it.
func TestRepartitionByManyAtOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	for i := range 10 {
		logs := made(syslog.LevelInfo, at, 5000)
		for n := range logs {
			logs[n].ID = fmt.Sprint(i, " ", n)
		}
		require.NoError(t, st.Write(ctx, logs))
	}
	require.NoError(t, st.Close(ctx))
	var group errgroup.Group
	for range 4 {
		group.Go(func() error { return postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()) })
	}
	group.Go(func() error {
		for {
			again, err := postgres.Open(ctx, dsn)
			if err != nil { // it is partitioned
				return nil
			}
			if err := again.Close(ctx); err != nil {
				return err
			}
		}
	})
	require.NoError(t, group.Wait())
	require.Contains(t, parts(t, direct(t, dsn), "system_logs"), "past=50000")
}
