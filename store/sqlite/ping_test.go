package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

func TestHealthAsksTheDatabase(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	l, err := syslog.New(st, nil)
	require.NoError(t, err)
	require.NoError(t, l.Healthy(ctx))
	//nolint:staticcheck // a nil context is a case of its own
	require.NoError(t, l.Healthy(nil))

	other, err := sqlite.Open(path)
	require.NoError(t, err)
	require.NoError(t, other.Ping(ctx))
	require.NoError(t, other.Close(ctx))
	require.ErrorIs(t, other.Ping(ctx), syslog.ErrClosed)
	db := raw(t, path)
	_, err = db.Exec(`DROP TABLE system_logs`)
	require.NoError(t, err)
	require.ErrorContains(t, l.Healthy(ctx), "no such table")
	require.NoError(t, l.Close())
}
