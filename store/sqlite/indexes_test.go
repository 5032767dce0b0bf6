package sqlite_test

import (
	"context"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestIndexes: those of the table and no other, and those that are missing.
func TestIndexes(t *testing.T) {
	st, path := opened(t)
	db := raw(t, path)
	_, err := db.ExecContext(context.Background(), "DROP INDEX system_logs_level; CREATE INDEX of_errors ON system_logs (level)\nWHERE level = 'ERROR'; DROP INDEX system_logs_actor; CREATE INDEX host ON system_logs (actor) WHERE actor != 'USER'; DROP INDEX system_logs_actor_id; create index host_id on system_logs (\"actor_id\") where \"actor_id\" is not null; CREATE TABLE other (level); CREATE INDEX o ON other (level)")
	require.NoError(t, err)
	all, err := st.Indexes(context.Background())
	require.NoError(t, err)
	index := func(name string, columns ...string) syslog.Index {
		return syslog.Index{Name: name, Columns: columns, Tables: 1, State: syslog.IndexReady}
	}
	require.Equal(t, []syslog.Index{
		index("host", "actor"), index("host_id", "actor_id"), index("of_errors", "level"), index("sqlite_autoindex_system_logs_1", "id"),
		index("system_logs_created_at", "created_at", "id"), {Columns: []string{"level"}, State: syslog.IndexMissing},
	}, all)
}
