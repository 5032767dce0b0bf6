package spill

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/callastar/syslog/internal/frame"
)

// Read yields the frames in a directory of segments that are not consumed, oldest
// first, and changes nothing. It may read beside a process that uses them: what
// that removes meanwhile is left out. Notes tell of what cannot be read. A frame is
// good until yield returns.
func Read(dir string, yield func(f []byte) bool) (notes []string, err error) {
	numbers, err := list(dir)
	if err != nil {
		return nil, err
	}
	at, _ := readCursor(dir)
	var buf []byte
	for _, number := range numbers {
		path := filepath.Join(dir, fmt.Sprintf(nameOfFiles, number))
		found, err := load(path, &buf)
		if errors.Is(err, os.ErrNotExist) || found.size == 0 && errors.Is(err, errNoHead) {
			continue
		}
		if err != nil {
			notes = append(notes, fmt.Sprintf("%s: %v", path, err))
			continue
		}
		if number < at.number {
			continue
		}
		for _, g := range found.gaps {
			notes = append(notes, fmt.Sprintf("%s: %d bytes at %d are damaged", path, g.to-g.from, g.from))
		}
		for _, f := range found.batches {
			if number == at.number && f.off < at.off {
				continue
			}
			for i, rest := 0, f.frames; len(rest) > 0; i++ {
				n := frame.Size(rest)
				if done := number == at.number && f.off == at.off && i < at.skip; !done && !yield(rest[:n:n]) {
					return notes, nil
				}
				rest = rest[n:]
			}
		}
	}
	return notes, nil
}
