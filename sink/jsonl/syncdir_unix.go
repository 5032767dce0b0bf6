//go:build unix

package jsonl

import (
	"errors"
	"os"
	"path/filepath"
)

// syncDir makes the names in the folder of path safe.
func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
