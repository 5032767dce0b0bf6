package sqlite_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// steps is a schema of several migrations: that of the library, and two more.
func steps(t *testing.T, n int) fs.FS {
	t.Helper()
	text, err := store.MigrateSQL(hostDB(t, nil), nil)
	text, _, _ = strings.Cut(text, "-- What has been done")
	require.NoError(t, err)
	all := []string{
		"0001_create_log.up.sql", text, "0001_create_log.down.sql", "DROP TABLE {{table}};\nDROP TABLE {{locks}};",
		"0002_add_note.up.sql", "ALTER TABLE {{table}} ADD COLUMN note TEXT;", "0002_add_note.down.sql", "ALTER TABLE {{table}} DROP COLUMN note;",
		"0010_more.up.sql", "-- a comment; with a semicolon\nCREATE TABLE more (\n\ta TEXT\n);\nCREATE INDEX more_a ON more (a);", "0010_more.down.sql", "DROP TABLE more;",
	}
	files := fstest.MapFS{}
	for i := 0; i < 4*n; i += 2 {
		files[all[i]] = &fstest.MapFile{Data: []byte(all[i+1])}
	}
	return files
}

func TestMigrationsOneByOne(t *testing.T) {
	ctx := context.Background()
	db := hostDB(t, nil)
	pool, err := db.DB()
	require.NoError(t, err)
	open := func(n int) (*store.Store, error) {
		d := store.DialectOf("sqlite", false)
		d.Migrations = steps(t, n)
		return store.Open(ctx, db, store.Handles{Dialect: &d}, nil)
	}
	var schemas []string
	for n := 1; n <= 3; n++ {
		st, err := open(n)
		require.NoError(t, err)
		require.NoError(t, st.Write(ctx, nil))
		schemas = append(schemas, objects(t, pool))
	}
	require.Contains(t, schemas[2], "index more_a")
	st, err := open(3)
	require.NoError(t, err)
	_, err = open(2)
	require.ErrorIs(t, err, store.ErrSchemaNewer)
	require.Equal(t, schemas[2], objects(t, pool), "nothing is changed")
	for _, to := range []struct{ version, schema int }{{2, 1}, {1, 0}} {
		require.NoError(t, st.MigrateDown(ctx, to.version))
		require.Equal(t, schemas[to.schema], objects(t, pool))
	}
	_, err = open(3)
	require.NoError(t, err)
	require.Equal(t, schemas[2], objects(t, pool), "and up again from the middle")
	require.NoError(t, st.MigrateDown(ctx, 0))
	require.Equal(t, "table system_logs_migrations", objects(t, pool))
}

func TestDialectOfAnotherPackage(t *testing.T) {
	ctx := context.Background()
	var got store.Batch
	var fail error
	d := store.DialectOf("sqlite", false)
	d.Write = func(_ context.Context, b store.Batch) (int, error) {
		got = b
		return len(b.Logs), fail
	}
	refused := errors.New("no such value")
	d.Verdict = func(err error, table string) (store.Verdict, bool) {
		return store.Verdict{Class: store.Poison}, err == refused && table == "system_logs"
	}
	st, err := store.Open(ctx, hostDB(t, nil), store.Handles{Dialect: &d}, nil)
	require.NoError(t, err)
	logs := []syslog.Log{{Type: "T"}, syslog.Normalize(syslog.Log{ID: "kept"})}
	n, err := st.WriteCount(ctx, logs)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NotEmpty(t, got.Logs[0].ID, "events come whole")
	require.Empty(t, logs[0].ID, "in a copy")
	require.Equal(t, logs[1], got.Logs[1])
	require.NotNil(t, got.DB)
	require.Equal(t, "`system_logs`", got.Table)
	fail = refused
	_, err = st.WriteCount(ctx, logs)
	require.ErrorIs(t, err, refused)
	require.True(t, permanent(err))
}
