package storetest

import (
	"errors"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func testSize(t *testing.T, st syslog.Store) {
	s, ok := st.(syslog.Sizer)
	if !ok {
		return
	}
	before, err := s.Size(ctx)
	if !errors.Is(err, errors.ErrUnsupported) {
		require.NoError(t, err)
		write(t, st, events(500, func(i int, l *syslog.Log) { l.Message = strings.Repeat("x", 1000) })...)
		after, err := s.Size(ctx)
		require.NoError(t, err)
		require.Greater(t, after, before)
		require.Greater(t, after, int64(500*1000), "they have to be somewhere")
	}
	require.NoError(t, st.Close(ctx))
	_, err = s.Size(ctx)
	require.ErrorIs(t, err, syslog.ErrClosed)
}
