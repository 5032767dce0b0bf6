package sqlite_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// impatient is a host's handle whose statements do not wait for other writers.
func impatient(t *testing.T, path string) *gorm.DB {
	t.Helper()
	pool := raw(t, path)
	pool.SetMaxOpenConns(1)
	_, err := pool.Exec("PRAGMA busy_timeout=0")
	require.NoError(t, err)
	db, err := gorm.Open(gormsqlite.Dialector{Conn: pool}, &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	return db
}

// TestWaitForAnotherWriter has somebody else hold the database's only write lock.
func TestWaitForAnotherWriter(t *testing.T) {
	ctx := context.Background()
	for name, open := range map[string]func(path string) (*store.Store, error){
		"own file": sqlite.Open,
		"host":     func(path string) (*store.Store, error) { return sqlite.New(impatient(t, path), nil) },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.db")
			st, err := open(path)
			require.NoError(t, err)
			other, err := raw(t, path).Conn(ctx)
			require.NoError(t, err)
			_, err = other.ExecContext(ctx, "BEGIN IMMEDIATE")
			require.NoError(t, err)

			short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
			start := time.Now()
			err = st.Write(short, []syslog.Log{{Type: "T"}})
			cancel()
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Less(t, time.Since(start), 5*time.Second, "the wait ends with the context")

			written := make(chan error)
			go func() { written <- st.Write(ctx, []syslog.Log{{Type: "T"}}) }()
			_, err = other.ExecContext(ctx, "COMMIT")
			require.NoError(t, err)
			require.NoError(t, other.Close())
			require.NoError(t, <-written)
			page, err := st.Query(ctx, syslog.Query{})
			require.NoError(t, err)
			require.Len(t, page.Logs, 1, "the one that was cancelled is not there")
			require.NoError(t, st.Close(ctx))
		})
	}
}

// TestMemoryOutlivesFailures: a database in memory is gone with its connection.
func TestMemoryOutlivesFailures(t *testing.T) {
	ctx := context.Background()
	st, err := sqlite.Open(":memory:")
	require.NoError(t, err)
	require.NoError(t, st.Write(ctx, []syslog.Log{{Type: "T"}}))
	for i := range 200 {
		short, cancel := context.WithTimeout(ctx, time.Duration(i)*20*time.Microsecond)
		logs := make([]syslog.Log, 200)
		for j := range logs {
			logs[j].Type = "MAYBE"
		}
		_ = st.Write(short, logs)
		_, _ = st.Delete(short, syslog.Filter{Type: "MAYBE"})
		_, _ = st.Query(short, syslog.Query{Filter: syslog.Filter{Search: "é"}})
		cancel()
	}
	page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Type: "T"}})
	require.NoError(t, err)
	require.NotEmpty(t, page.Logs)
	require.NoError(t, st.Close(ctx))
}
