package spill

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestASecondLockIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	l, err := LockDir(dir)
	require.NoError(t, err)
	_, err = LockDir(dir)
	require.ErrorIs(t, err, ErrInUse)
	require.ErrorContains(t, err, fmt.Sprintf("by process %d", os.Getpid()))
	_, _, out := start(t, "hold", dir)
	require.Contains(t, line(t, out), fmt.Sprintf("by process %d", os.Getpid()))
	l.Unlock()
	require.NoDirExists(t, dir)
}

func TestTheLockEndsWithItsProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	for range 3 {
		cmd, _, out := start(t, "hold", dir)
		require.Equal(t, "locked", line(t, out))
		_, err := LockDir(dir)
		require.ErrorIs(t, err, ErrInUse)
		require.ErrorContains(t, err, fmt.Sprintf("by process %d", cmd.Process.Pid))
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		l, err := LockDir(dir)
		require.NoError(t, err)
		l.Unlock()
		require.NoDirExists(t, dir)
	}
}

func TestTheLockLeavesOtherFilesAlone(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x"), nil, 0o600))
	l, err := LockDir(dir)
	require.NoError(t, err)
	l.Unlock()
	require.Equal(t, []string{"x"}, names(t, dir))
	require.NoError(t, os.Symlink("nowhere/at/all", filepath.Join(dir, lockName)))
	_, err = LockDir(dir)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NotErrorIs(t, err, ErrInUse)
}

const contention = 500 * time.Millisecond

// takeTurns locks and unlocks, and fails where another one has the lock as well.
func takeTurns(dir string, end time.Time) (n int, err error) {
	mark := dir + ".mark"
	for time.Now().Before(end) {
		l, err := LockDir(dir)
		if errors.Is(err, ErrInUse) {
			continue
		}
		if err != nil {
			return n, err
		}
		f, err := os.OpenFile(mark, os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return n, fmt.Errorf("not alone: %w", err)
		}
		err = errors.Join(f.Close(), os.Remove(mark))
		l.Unlock()
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func TestNeverTwoHolders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	_, _, out := start(t, "contend", dir)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			n, err := takeTurns(dir, time.Now().Add(contention))
			if err != nil || n == 0 {
				t.Errorf("%d turns: %v", n, err)
			}
		})
	}
	require.Equal(t, "true <nil>", line(t, out))
	wg.Wait()
	require.NoDirExists(t, dir)
}
