package sqlite_test

import (
	"context"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// TestUniqueConstraintOfTheHost: an event that meets one is told, not taken for one
// that is there already.
func TestUniqueConstraintOfTheHost(t *testing.T) {
	ctx := context.Background()
	db := hostDB(t, nil)
	st, err := sqlite.New(db, nil)
	require.NoError(t, err)
	require.NoError(t, db.Exec("CREATE UNIQUE INDEX host ON system_logs (message)").Error)
	first := syslog.Log{ID: "1", Type: "T", Message: "a"}
	n, err := st.WriteCount(ctx, []syslog.Log{first, {ID: "2", Type: "T", Message: "b"}, first})
	require.NoError(t, err)
	require.Equal(t, 2, n, "what comes again is no error")
	err = st.Write(ctx, []syslog.Log{first, {ID: "3", Type: "T", Message: "a"}})
	require.ErrorContains(t, err, "UNIQUE constraint failed: system_logs.message")
	require.True(t, permanent(err))
}
