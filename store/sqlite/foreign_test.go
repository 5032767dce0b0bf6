package sqlite_test

import (
	"context"
	"io"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// Rows of another program must neither break a page nor survive DeleteAll.
func TestRowsOfAnotherProgram(t *testing.T) {
	ctx := context.Background()
	db := hostDB(t, nil)
	st, err := sqlite.New(db, nil)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: textLogger(io.Discard)})
	require.NoError(t, err)
	require.NoError(t, db.Exec(`INSERT INTO system_logs VALUES
		('1', 'DEBUG', 'T', 'someone', NULL, 'm', 'no json', 1705312800000),
		('2', 'info', '', '', '', '', '[1]', 1705312800001)`).Error)
	p, err := l.Query(ctx, syslog.Query{Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, p.Logs, 2)
	require.Equal(t, syslog.LevelError, p.Logs[0].Level, "a level that is none of ours")
	require.JSONEq(t, `{"_value":"no json"}`, string(p.Logs[0].Metadata))
	require.Equal(t, syslog.LevelInfo, p.Logs[1].Level)
	n, err := l.DeleteAll(ctx)
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	require.NoError(t, l.Close())
}
