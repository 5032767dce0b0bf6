package sqlite_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// raw opens a file with the driver alone.
func raw(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open(sqlite.DriverName, "file:"+path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func made(t *testing.T, statements ...string) string {
	path := filepath.Join(t.TempDir(), "a.db")
	db := raw(t, path)
	for _, s := range statements {
		_, err := db.Exec(s)
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())
	return path
}

func TestOpenSaysWhatToDoAndChangesNothing(t *testing.T) {
	garbage := filepath.Join(t.TempDir(), "garbage")
	require.NoError(t, os.WriteFile(garbage, []byte(strings.Repeat("this is no database ", 1000)), 0o600))
	damaged := made(t, "CREATE TABLE a (b TEXT)", "INSERT INTO a VALUES ('x')")
	b, err := os.ReadFile(damaged)
	require.NoError(t, err)
	for i := 100; i < 4000; i++ {
		b[i] = 0xAA
	}
	require.NoError(t, os.WriteFile(damaged, b, 0o600))
	newer := made(t, "CREATE TABLE system_logs_migrations (version INTEGER, name TEXT, applied_at INTEGER)",
		"INSERT INTO system_logs_migrations VALUES (99, 'future', 0)")
	other := made(t, "CREATE TABLE system_logs (something TEXT)")
	readOnly := "file:" + made(t, "CREATE TABLE a (b TEXT)") + "?mode=ro"

	for name, c := range map[string]struct {
		path, want string
		is         error
	}{
		"empty":      {"", "the path is empty", nil},
		"no folder":  {filepath.Join(t.TempDir(), "no", "a.db"), "does not exist: make it first", nil},
		"folder":     {t.TempDir(), "it is a folder", nil},
		"garbage":    {garbage, "choose another path", nil},
		"damaged":    {damaged, "restore it from a backup", nil},
		"newer":      {newer, "upgrade the program", store.ErrSchemaNewer},
		"not ours":   {other, "Options.Table", nil},
		"read-only":  {readOnly, "without mode=ro", nil},
		"none to ro": {"file:" + filepath.Join(t.TempDir(), "none") + "?mode=ro", "without mode=ro", nil},
		"NUL":        {"a\x00b", "NUL", nil},
	} {
		t.Run(name, func(t *testing.T) {
			file, _, _ := strings.Cut(strings.TrimPrefix(c.path, "file:"), "?")
			before := folder(t, file)
			st, err := sqlite.Open(c.path)
			require.Nil(t, st)
			require.ErrorContains(t, err, c.want)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
			require.Equal(t, before, folder(t, file), "nothing is changed")
		})
	}
	var n int
	require.NoError(t, raw(t, other).QueryRow("SELECT COUNT(*) FROM sqlite_master").Scan(&n))
	require.Equal(t, 1, n, "a failed migration leaves nothing")
}

// folder is the content of the files beside path.
func folder(t *testing.T, path string) map[string][32]byte {
	t.Helper()
	out := map[string][32]byte{}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	require.NoError(t, err)
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil {
			out[f] = sha256.Sum256(b)
		}
	}
	return out
}

func TestReopenKeepsEvents(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	for i := range 3 {
		st, err := sqlite.Open(path)
		require.NoError(t, err)
		require.NoError(t, st.Write(ctx, []syslog.Log{syslog.Normalize(syslog.Log{Type: "T"})}))
		page, err := st.Query(ctx, syslog.Query{})
		require.NoError(t, err)
		require.Len(t, page.Logs, i+1)
		require.NoError(t, st.Close(ctx))
	}
	files, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	require.Equal(t, []string{path}, files, "no -wal or -shm is left")
}
