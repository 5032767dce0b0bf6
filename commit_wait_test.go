package syslog

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCommitThatGivesUpLeavesNothingBehind commits in an outage, which lasts: on disk
// there may be room for millions of events.
func TestCommitThatGivesUpLeavesNothingBehind(t *testing.T) {
	l, err := New(away{}, &Config{SpillDir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	short, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	for range 10 {
		_ = l.Commit(short, Log{Type: "T"})
	}
	s := l.primary.queue.Stats()
	require.NotZero(t, s.Queued+s.Spilled)
	require.Zero(t, s.Waiting)
	cancel()
	require.Error(t, l.Shutdown(short))
}
