package postgres_test

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// ofRole is a database whose tables a role makes in the schema public, by the default
// search path. has gives it a schema of its own, which comes first from then on.
func ofRole(t *testing.T) (dsn string, db *sql.DB, has func()) {
	t.Helper()
	all := pgtest.New(t)
	dsn, db = pgtest.Role(t, all), direct(t, all)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	run := func(stmt string) {
		_, err := db.ExecContext(ctx, stmt)
		require.NoError(t, err)
	}
	run("GRANT CREATE ON SCHEMA public TO " + u.User.Username())
	return dsn, db, func() { run("CREATE SCHEMA AUTHORIZATION " + u.User.Username()) }
}

// elsewhere counts what is outside of the schema public.
func elsewhere(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(ctx, `SELECT COUNT(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relname LIKE 'system\_logs%' AND n.nspname <> 'public'`).Scan(&n))
	return n
}

// TestPartitionsAreBesideTheirTable: a schema that comes first since, of the role's name,
// gets none, and what is dropped is gone, wherever it was.
func TestPartitionsAreBesideTheirTable(t *testing.T) {
	t.Parallel()
	for name, gathered := range map[string]int{"split": 3, "close off": 12_000} {
		t.Run(name, func(t *testing.T) {
			dsn, db, has := ofRole(t)
			now, tick := clock(at), make(chan time.Time)
			st := openParts(t, dsn, postgres.Daily, now, tick)
			require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at.Add(4*day), gathered)))
			has()
			require.NoError(t, st.Close(ctx)) // connections know the path as it was
			later := at.Add(5 * day)
			now.Store(&later)
			st = openParts(t, dsn, postgres.Daily, now, tick)
			tick <- time.Time{}
			require.Contains(t, parts(t, db, "system_logs"), "p20260326=0 future=0")
			require.Zero(t, elsewhere(t, db))
			// One that lies elsewhere already.
			u, err := url.Parse(dsn)
			require.NoError(t, err)
			_, err = db.ExecContext(ctx, "ALTER TABLE system_logs_p20260319 SET SCHEMA "+u.User.Username())
			require.NoError(t, err)
			require.NotZero(t, elsewhere(t, db))
			later = at.Add(60 * day)
			now.Store(&later)
			stats, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: day, syslog.LevelWarning: day, syslog.LevelError: day, syslog.LevelCritical: day}, later)
			require.NoError(t, err)
			require.EqualValues(t, gathered, stats.TotalDeleted)
			require.Equal(t, "past=0 future=0", parts(t, db, "system_logs"))
			require.Zero(t, elsewhere(t, db))
			var gone int
			require.NoError(t, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_class WHERE relname LIKE '%gone%'").Scan(&gone))
			require.Zero(t, gone)
		})
	}
}

// TestRepartitionStaysWhereItIs.
func TestRepartitionStaysWhereItIs(t *testing.T) {
	t.Parallel()
	dsn, db, has := ofRole(t)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 3)))
	require.NoError(t, st.Close(ctx))
	has()
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
	require.Zero(t, elsewhere(t, db))
	require.Contains(t, parts(t, db, "public.system_logs"), "past=3 ")
}

// sqlName is a name as it is between quotes.
func sqlName(name string) string { return strings.ReplaceAll(name, `"`, `""`) }

// TestCleanupsOfTwoSchemas: a schema for each customer, named by the connection string,
// has a lock of its own.
func TestCleanupsOfTwoSchemas(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	in := func(schema string) string { return dsn + "&search_path=" + url.QueryEscape(`"`+schema+`"`) }
	clean := func(schema string, progress func(int64)) error {
		st, err := postgres.OpenWithOptions(ctx, in(schema), &postgres.Options{Layout: postgres.PrismaLayout, OnProgress: progress})
		require.NoError(t, err)
		defer func() { require.NoError(t, st.Close(ctx)) }()
		require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 3)))
		_, err = st.Cleanup(ctx, syslog.DefaultRetention(), at.Add(100*day))
		return err
	}
	for _, schema := range []string{"tenant-a", `b."c`} {
		_, err := db.ExecContext(ctx, `CREATE SCHEMA "`+sqlName(schema)+`"`)
		require.NoError(t, err)
	}
	makePrisma(t, in("tenant-a"))
	makePrisma(t, in(sqlName(`b."c`)))
	var inner, same error
	require.NoError(t, clean("tenant-a", func(int64) {
		inner = clean(sqlName(`b."c`), nil)
		same = clean("tenant-a", nil)
	}))
	require.NoError(t, inner)
	require.ErrorIs(t, same, syslog.ErrCleanupRunning)
}
