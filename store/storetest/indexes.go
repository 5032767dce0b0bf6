package storetest

import (
	"errors"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// testIndexes: those by which lists and an actor are found are there.
func testIndexes(t *testing.T, st syslog.Store) {
	s, ok := st.(syslog.Indexer)
	if !ok {
		return
	}
	write(t, st, events(10, func(int, *syslog.Log) {})...)
	all, err := s.Indexes(ctx)
	if !errors.Is(err, errors.ErrUnsupported) {
		require.NoError(t, err)
		require.NotEmpty(t, all)
		for _, i := range all {
			require.Contains(t, []syslog.IndexState{syslog.IndexReady, syslog.IndexBuilding}, i.State, "%+v", i)
			require.NotEmpty(t, i.Name)
			require.NotEmpty(t, i.Columns)
			require.GreaterOrEqual(t, i.Tables, 1)
			require.GreaterOrEqual(t, i.Bytes, int64(0))
		}
	}
	require.NoError(t, st.Close(ctx))
	_, err = s.Indexes(ctx)
	require.ErrorIs(t, err, syslog.ErrClosed)
}
