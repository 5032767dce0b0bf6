package postgres_test

import (
	"database/sql"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// named is the name of the role of a connection string.
func named(t testing.TB, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	return u.User.Username()
}

// rights are who owns the table, and what others may, also by column.
func rights(t testing.TB, db *sql.DB) (all string) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(ctx, `SELECT string_agg(a, E'\n' ORDER BY a) FROM (
		SELECT 'owner ' || relowner::regrole FROM pg_class WHERE oid = 'system_logs'::regclass
		UNION ALL SELECT concat_ws(' ', x.grantee::regrole, x.privilege_type, x.is_grantable)
			FROM pg_class c, aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner))) x WHERE c.oid = 'system_logs'::regclass
		UNION ALL SELECT concat_ws(' ', a.attname, x.grantee::regrole, x.privilege_type, x.is_grantable)
			FROM pg_attribute a, aclexplode(a.attacl) x WHERE a.attrelid = 'system_logs'::regclass) AS s(a)`).Scan(&all))
	return all
}

// TestRepartitionKeepsRights: a role that writes and one that reads some columns go
// on, the owner stays the owner, whoever runs it, and nobody gets more than before.
func TestRepartitionKeepsRights(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"owner", "superuser"} {
		for _, granted := range []bool{true, false} {
			t.Run(by+map[bool]string{true: " with grants", false: " without"}[granted], func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				db := direct(t, dsn)
				do := func(stmts ...string) {
					for _, stmt := range stmts {
						_, err := db.ExecContext(ctx, stmt)
						require.NoError(t, err, stmt)
					}
				}
				owner, app, reader, stranger := pgtest.Role(t, dsn), pgtest.Role(t, dsn), pgtest.Role(t, dsn), pgtest.Role(t, dsn)
				do("GRANT CREATE ON SCHEMA public TO " + named(t, owner))
				first, err := postgres.Open(ctx, owner)
				require.NoError(t, err)
				require.NoError(t, first.Close(ctx))
				runner := map[string]string{"owner": owner, "superuser": dsn}[by]
				if granted {
					do("GRANT SELECT, INSERT, DELETE ON system_logs TO "+named(t, app),
						"GRANT SELECT ON system_logs TO "+named(t, app)+" WITH GRANT OPTION",
						"GRANT SELECT, INSERT, UPDATE, DELETE ON system_logs_locks TO "+named(t, app),
						"GRANT SELECT ON system_logs_migrations TO "+named(t, app),
						"REVOKE TRUNCATE ON system_logs FROM "+named(t, owner),
						"GRANT SELECT (id, level), REFERENCES (id) ON system_logs TO "+named(t, reader),
						"GRANT TRIGGER ON system_logs TO PUBLIC")
				}
				do("ALTER DEFAULT PRIVILEGES FOR ROLE " + named(t, runner) + " GRANT ALL ON TABLES TO " + named(t, stranger))
				before := rights(t, db)
				writer := openPlain(t, owner)
				if granted {
					writer = openPlain(t, app)
				}
				require.NoError(t, writer.Write(ctx, made(syslog.LevelInfo, at, 3)))

				require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: runner}), daily()))

				require.Equal(t, before, rights(t, db))
				require.NoError(t, writer.Write(ctx, made(syslog.LevelInfo, at, 5)))
				_, err = writer.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: day}, at)
				require.NoError(t, err)
				if granted {
					_, err = direct(t, reader).ExecContext(ctx, "SELECT id, level FROM system_logs")
					require.NoError(t, err)
				}
				_, err = direct(t, stranger).ExecContext(ctx, "SELECT id FROM system_logs")
				require.ErrorContains(t, err, "42501")
				_, err = direct(t, stranger).ExecContext(ctx, "SELECT id FROM system_logs_past")
				require.ErrorContains(t, err, "42501")

				// The owner makes partitions, as New has it do.
				now, tick := clock(at.Add(5*day)), make(chan time.Time)
				openParts(t, owner, postgres.Daily, now, tick)
				tick <- time.Time{}
				require.Contains(t, parts(t, db, "system_logs"), "p20260325=0")
			})
		}
	}
}

func openPlain(t testing.TB, dsn string) *store.Store {
	t.Helper()
	st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, st.Close(ctx)) })
	return st
}
