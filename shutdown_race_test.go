package syslog

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// away is a store that cannot be reached.
type away struct{}

func (away) Write(context.Context, []Log) error                  { return errors.New("away") }
func (away) Close(context.Context) error                         { return nil }
func (away) Query(context.Context, Query) (p Page, err error)    { return }
func (away) All(context.Context, Filter) iter.Seq2[Log, error]   { return nil }
func (away) Delete(context.Context, Filter) (n int64, err error) { return }
func (away) Cleanup(context.Context, RetentionPolicy, time.Time) (s CleanupStats, err error) {
	return
}

// TestAnotherShutdownEndsWhatOneHasParked has one call put what is left on disk, and
// another one close everything.
func TestAnotherShutdownEndsWhatOneHasParked(t *testing.T) {
	dir := t.TempDir()
	l, err := New(away{}, &Config{SpillDir: dir, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	l.Info(context.Background(), "T", System(), "m")
	l.ending <- struct{}{}
	expired, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorContains(t, l.Shutdown(expired), "another call")
	<-l.ending
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var left *ShutdownError
	require.ErrorAs(t, l.Shutdown(ctx), &left)
	require.EqualValues(t, 1, left.Left)
	require.Equal(t, dir, left.OnDisk)
	require.ErrorIs(t, left, context.Canceled)
}
