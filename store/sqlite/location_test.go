package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

func TestPaths(t *testing.T) {
	ctx := context.Background()
	t.Chdir(t.TempDir())
	dir, err := os.Getwd()
	require.NoError(t, err)
	for path, file := range map[string]string{
		"plain.db": "plain.db", "./a b.db": "a b.db", "100%.db": "100%.db", "%41.db": "%41.db",
		"what?.db": "what?.db", "#1.db": "#1.db", "é🙂.db": "é🙂.db", "?mode=memory": "?mode=memory",
		"/" + dir + "/slashes.db": "slashes.db", dir + "//twice.db": "twice.db", "a&b=c.db": "a&b=c.db",
		"file:uri.db": "uri.db", "file:" + dir + "/uri%20é%25.db": "uri é%.db", "file://" + dir + "/three.db": "three.db",
		"file://localhost" + dir + "/host.db?mode=rwc#x": "host.db",
		":memory:": "", "file::memory:": "", "file:any?mode=memory": "", "file:any?mode=memory&cache=shared": "",
	} {
		t.Run(path, func(t *testing.T) {
			st, err := sqlite.Open(path)
			require.NoError(t, err)
			other, err := sqlite.Open(path)
			require.NoError(t, err)
			require.NoError(t, st.Write(ctx, []syslog.Log{{Type: "T"}}))
			page, err := st.Query(ctx, syslog.Query{})
			require.NoError(t, err)
			require.Len(t, page.Logs, 1)
			page, err = other.Query(ctx, syslog.Query{})
			require.NoError(t, err)
			if file == "" && path != "file:any?mode=memory&cache=shared" {
				require.Empty(t, page.Logs, "a database in memory is private")
			} else {
				require.Len(t, page.Logs, 1)
			}
			require.NoError(t, st.Close(ctx))
			require.NoError(t, other.Close(ctx))
			found, err := filepath.Glob("*")
			require.NoError(t, err)
			if file == "" {
				require.Empty(t, found, "no file is made")
				return
			}
			require.Equal(t, []string{file}, found)
			require.NoError(t, os.Remove(file))
		})
	}
	for path, want := range map[string]string{
		"file://elsewhere/a.db": "host", "file:a%zz.db": "path", "file:a.db?x=%zz": "parameters", "file:no/a.db": "make it first",
	} {
		_, err := sqlite.Open(path)
		require.ErrorContains(t, err, want, path)
	}
	found, err := filepath.Glob("*")
	require.NoError(t, err)
	require.Empty(t, found)
}
