package syslog_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func hang(ctx context.Context, _ []syslog.Log) error { <-ctx.Done(); return ctx.Err() }

// TestReplayKeepsWhatIsNotKnownToBeStored ends the process, as it were, while events
// of the file are in memory.
func TestReplayKeepsWhatIsNotKnownToBeStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "dead.jsonl")
		st := &memory{}
		refuse(st, "*")
		l := open(t, st, syslog.Config{DeadLetterFile: file})
		for range 10 {
			require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T"}), syslog.ErrDeadLetter)
		}
		before := letters(t, file)
		st.setHook(hang)
		short, cancel := context.WithTimeout(ctx(), time.Second)
		defer cancel()
		n, err := l.ReplayDeadLetters(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, n)
		require.Equal(t, before, letters(t, file))
		st.setHook(nil)
	})
}

func TestReplayToASinkThatIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "dead.jsonl")
		web := &memory{}
		refuse(web, "*")
		l, err := syslog.New(&memory{}, &syslog.Config{
			DeadLetterFile: file, Logger: quiet(),
			Sinks: []syslog.SinkConfig{{Name: "web", Sink: web, BestEffort: true}},
		})
		require.NoError(t, err)
		l.Info(ctx(), "T", syslog.User("0"), "m")
		synctest.Wait()
		time.Sleep(time.Second)
		before := letters(t, file)
		require.Len(t, before, 1)
		web.setHook(hang)
		replayed := make(chan error, 1)
		go func() { _, err := l.ReplayDeadLetters(ctx()); replayed <- err }()
		synctest.Wait()
		require.NoError(t, l.Close())
		require.Error(t, <-replayed)
		require.Equal(t, before, letters(t, file))
		_, err = l.ReplayDeadLetters(ctx())
		require.ErrorIs(t, err, syslog.ErrClosed)
	})
}

func TestSecondReplayWaitsNoLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "dead.jsonl")
		st := &memory{}
		refuse(st, "*")
		l := open(t, st, syslog.Config{DeadLetterFile: file})
		require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T"}), syslog.ErrDeadLetter)
		st.setHook(hang)
		first := make(chan error, 1)
		go func() { _, err := l.ReplayDeadLetters(ctx()); first <- err }()
		synctest.Wait()
		short, cancel := context.WithTimeout(ctx(), time.Second)
		defer cancel()
		started := time.Now()
		_, err := l.ReplayDeadLetters(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, time.Second, time.Since(started))
		st.setHook(nil)
		require.NoError(t, <-first)
	})
}

// TestHalfALineSpoilsNoOther has a crash leave half a line.
func TestHalfALineSpoilsNoOther(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dead.jsonl")
	require.NoError(t, os.WriteFile(file, []byte(`{"time":"2024`), 0o600))
	st := &memory{}
	refuse(st, "*")
	l := open(t, st, syslog.Config{DeadLetterFile: file})
	require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T"}), syslog.ErrDeadLetter)
	refuse(st)
	n, err := l.ReplayDeadLetters(ctx())
	require.ErrorContains(t, err, "1 of 2")
	require.Equal(t, 1, n)
}
