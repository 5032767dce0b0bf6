package main

import (
	"database/sql"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWrongRowsAreFound says that no side passes with other rows than the logger's.
func TestWrongRowsAreFound(t *testing.T) {
	ctx := t.Context()
	li := &lite{bench: &bench{rows: 20, progress: io.Discard}, events: namedActors(20), made: filepath.Join(t.TempDir(), "made.db")}
	require.NoError(t, fresh(ctx, li.made))
	_, err := li.log(ctx, li.made)
	require.NoError(t, err)

	again := filepath.Join(t.TempDir(), "again.db")
	require.NoError(t, fresh(ctx, again))
	_, err = li.log(ctx, again)
	require.NoError(t, err)
	require.NoError(t, li.check(ctx, again, 20, sameEvents))
	require.Error(t, li.check(ctx, again, 20, sameRows), "another logger's IDs and times are others")

	for name, change := range map[string]string{
		"a row is missing":    "DELETE FROM system_logs WHERE rowid = 20",
		"a row is twice":      "INSERT INTO system_logs SELECT 'other', level, type, actor, actor_id, message, metadata, created_at FROM system_logs WHERE rowid = 1",
		"a row is cut":        "UPDATE system_logs SET message = substr(message, 2) WHERE rowid = 7",
		"an actor is missing": "UPDATE system_logs SET actor_id = NULL WHERE rowid = 7",
		"a time is text":      "UPDATE system_logs SET created_at = '2024-01-15 10:30:00' WHERE rowid = 7",
		"two have swapped":    "UPDATE system_logs SET rowid = CASE rowid WHEN 3 THEN 104 ELSE rowid END; UPDATE system_logs SET rowid = 3 WHERE rowid = 4; UPDATE system_logs SET rowid = 4 WHERE rowid = 104",
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(li.made)
			require.NoError(t, err)
			path := filepath.Join(t.TempDir(), "a.db")
			require.NoError(t, os.WriteFile(path, text, 0o600))
			require.NoError(t, li.check(ctx, path, 20, sameRows))
			require.NoError(t, pooled(ctx, path, func(pool *sql.DB) error {
				_, err := pool.ExecContext(ctx, change)
				return err
			}))
			require.Error(t, li.check(ctx, path, 20, sameRows))
		})
	}
}

// TestRivalsHaveTheStoresSettings reads what the store sets, which it does not export.
func TestRivalsHaveTheStoresSettings(t *testing.T) {
	code := ""
	for _, file := range []string{"sqlite.go", "driver_cgo.go"} {
		text, err := os.ReadFile(filepath.Join("../store/sqlite", file))
		require.NoError(t, err)
		code += string(text)
	}
	require.Regexp(t, `cacheKiB += 16 << 10\n`, code)
	require.Regexp(t, `checkpointPages += 10_000\n`, code)
	require.Contains(t, code, "&_journal_mode=WAL&_synchronous=FULL&_cache_size=-%d")
	require.Equal(t, []string{"journal_mode=WAL", "synchronous=FULL", "cache_size=-16384", "wal_autocheckpoint=10000"}, liteSettings)
}
