package admin_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestAllowUnauthenticated gives no more than was said, and does not do so silently.
func TestAllowUnauthenticated(t *testing.T) {
	var told bytes.Buffer
	s := open(t, admin.Options{Authorize: admin.AllowUnauthenticated(admin.PermView), Logger: slog.New(slog.NewTextHandler(&told, nil))})
	s.write(some(1)...)
	for range 3 {
		require.Equal(t, 200, s.do("GET", logs, "").Code)
	}
	require.Equal(t, 403, s.do("DELETE", logs, `{"deleteType":"filters","level":"INFO"}`).Code)
	require.Equal(t, 1, strings.Count(told.String(), "AllowUnauthenticated"), told.String())
	require.Contains(t, told.String(), "[view]")
	require.Equal(t, 1, s.total())
}
