package spill

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ErrInUse is the error of LockDir for a directory that another process, or
// another logger of this one, has locked.
var ErrInUse = errors.New("spill directory in use")

// DirLock is held for as long as the segments below a directory are in use.
type DirLock struct {
	f    *os.File
	path string
}

// LockDir makes the directory, if it is missing, and locks it. The lock ends with
// the process, however that ends.
func LockDir(dir string) (*DirLock, error) {
	path := filepath.Join(dir, lockName)
	for tries := 0; ; tries++ {
		err := os.MkdirAll(dir, folderPerm)
		var f *os.File
		if err == nil {
			f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, filePerm)
		}
		if (errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrExist)) && tries < 1000 {
			continue // who held the lock before has just removed the directory
		}
		if err != nil {
			return nil, err
		}
		if err := lock(f); err != nil {
			holder := who(f)
			_ = f.Close()
			if errors.Is(err, errLocked) {
				return nil, fmt.Errorf("%w: %s is locked%s", ErrInUse, dir, holder)
			}
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// Who held the lock before may have removed the file since we opened it.
		mine, err := f.Stat()
		if now, err2 := os.Stat(path); err == nil && err2 == nil && os.SameFile(mine, now) {
			_ = syncDir(filepath.Dir(dir)) // the directory may be new
			_ = f.Truncate(0)
			_, _ = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0) // for people: the lock does not depend on it
			return &DirLock{f, path}, nil
		}
		_ = f.Close()
	}
}

// who names the process that holds the lock, as far as it said so.
func who(f *os.File) string {
	b, err := io.ReadAll(io.LimitReader(f, 20))
	if pid := strings.TrimSpace(string(b)); err == nil && pid != "" {
		return " by process " + pid
	}
	return ""
}

// Unlock removes the lock, and the directory if nothing else is in it.
func (l *DirLock) Unlock() {
	err := os.Remove(l.path) // while it is held: else the next one's file might go
	_ = l.f.Close()
	if err == nil {
		_ = os.Remove(filepath.Dir(l.path)) // fails unless it is empty
	}
}
