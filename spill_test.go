package syslog_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// numbered are the actor ids of the events of type T, in the order of the store.
func numbered(m *memory) (out []string) {
	for _, g := range m.all() {
		if g.Type == "T" {
			out = append(out, g.ActorID)
		}
	}
	return out
}

func upTo(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

func entries(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if !errors.Is(err, os.ErrNotExist) {
		require.NoError(t, err)
	}
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

var errAway = errors.New("connection refused")

func TestOutageGoesToDiskAndComesBackInOrder(t *testing.T) {
	for _, durability := range []syslog.Durability{syslog.Spill, syslog.Journal} {
		const n = 20_000
		dir := t.TempDir()
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return syslog.RetryAfter(errAway, 10*time.Millisecond) })
		l := open(t, st, syslog.Config{SpillDir: dir, Durability: durability, QueueSize: 2000, BatchSize: 300})
		for i := range n {
			for l.Log(ctx(), syslog.Log{Type: "T", ActorID: fmt.Sprint(i)}) != nil {
				time.Sleep(time.Millisecond) // the disk is slower than this loop
			}
			if i%1000 == 0 {
				conserved(t, l)
			}
		}
		s := l.Stats()
		require.Greater(t, s.Spilled, uint64(n/2))
		require.NotZero(t, s.SpilledBytes)
		require.LessOrEqual(t, s.Queued, uint64(2000))
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		require.Equal(t, upTo(n), numbered(st))
		s = l.Stats()
		require.Zero(t, s.Spilled)
		require.Zero(t, s.Duplicate)
		require.NoError(t, l.Close())
		require.Empty(t, entries(t, dir))
	}
}

func TestWhatIsLeftAtShutdownIsDeliveredByTheNextStart(t *testing.T) {
	for _, durability := range []syslog.Durability{syslog.Spill, syslog.Journal} {
		const n = 5000
		dir := t.TempDir()
		cfg := syslog.Config{SpillDir: dir, Durability: durability, Logger: quiet()}
		st := &memory{}
		entered := make(chan struct{}, 100)
		st.setHook(func(context.Context, []syslog.Log) error { entered <- struct{}{}; return errAway })
		l, err := syslog.New(st, &cfg)
		require.NoError(t, err)
		for i := range n {
			require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", ActorID: fmt.Sprint(i)}))
		}
		<-entered
		expired, cancel := context.WithCancel(ctx())
		cancel()
		err = l.Shutdown(expired)
		var left *syslog.ShutdownError
		require.ErrorAs(t, err, &left)
		require.EqualValues(t, n, left.Left)
		require.Equal(t, dir, left.OnDisk)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, err, l.Shutdown(ctx()), "it stays true")
		require.Equal(t, 1, st.closed)
		conserved(t, l)
		require.EqualValues(t, n, l.Stats().Spilled)

		st.setHook(nil)
		l = open(t, st, cfg)
		require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", ActorID: fmt.Sprint(n)}))
		require.NoError(t, l.Flush(ctx()))
		require.Equal(t, upTo(n+1), numbered(st))
		require.EqualValues(t, n+1, l.Stats().Written)
		require.NoError(t, l.Close())
		require.Empty(t, entries(t, dir))
	}
}

func TestOneLoggerForADirectory(t *testing.T) {
	dir := t.TempDir()
	l := open(t, discard{}, syslog.Config{SpillDir: dir})
	_, err := syslog.New(discard{}, &syslog.Config{SpillDir: dir})
	require.ErrorIs(t, err, syslog.ErrSpillDirInUse)
	require.ErrorContains(t, err, fmt.Sprintf("by process %d", os.Getpid()))
	require.NoError(t, l.Close())
	l = open(t, discard{}, syslog.Config{SpillDir: dir})
	require.NoError(t, l.Close())
}

func TestWhatWaitsGoesToDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return errAway })
		l := open(t, st, syslog.Config{SpillDir: dir})
		l.Info(ctx(), "T", syslog.User("0"), "m")
		time.Sleep(200 * time.Millisecond)
		require.Empty(t, syslogSegments(t, dir), "not at once")
		time.Sleep(time.Second)
		require.Len(t, syslogSegments(t, dir), 1, "also what is being tried")
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		synctest.Wait()
		require.Empty(t, syslogSegments(t, dir))
		require.Equal(t, upTo(1), numbered(st))
	})
}

func syslogSegments(t *testing.T, dir string) (names []string) {
	t.Helper()
	for _, name := range entries(t, dir+"/store") {
		if name != "cursor" {
			names = append(names, name)
		}
	}
	return names
}
