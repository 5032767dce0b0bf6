package spill

import (
	"crypto/rand"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"time"

	"github.com/callastar/syslog/internal/frame"
)

// segment is one file of the log.
type segment struct {
	head
	path    string
	w       *os.File // the appender's, while it appends
	f       *os.File // the reader's, while it reads
	end     int64    // of what was written, and of the file
	at      place    // what is not consumed begins here
	first   uint64   // number of the first event that is not consumed
	last    uint64   // number of the last event
	n       int      // events that are not consumed; fewer than first to last after damage
	left    [Levels]uint64
	pins    int             // reasons for which it must not be dropped
	held    [Levels]uint64  // events of it that are in memory, too
	damaged bool            // to be put aside when it is consumed
	jumps   map[int64]int64 // over what cannot be read
	gone    bool            // removed
}

// create makes a segment on disk, with a number or the next one that no file has.
func create(dir string, number uint64, sync bool) (*segment, uint64, error) {
	s := &segment{end: headSize}
	_, _ = rand.Read(s.nonce[:]) // never fails
	var err error
	for ; ; number++ {
		s.path = filepath.Join(dir, fmt.Sprintf(nameOfFiles, number))
		s.w, err = os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, filePerm)
		if !errors.Is(err, os.ErrExist) {
			break
		}
	}
	if err != nil {
		return nil, number, err
	}
	s.number, s.created = number, time.Now().UnixMilli()
	s.at = place{number, headSize, 0}
	_, err = s.w.WriteAt(s.head.append(nil), 0)
	if err == nil && sync {
		err = errors.Join(syncDir(dir), syncDir(filepath.Dir(dir))) // the directory may be new, too
	}
	if err != nil {
		_ = s.w.Close()
		_ = os.Remove(s.path)
		return nil, number, err
	}
	return s, number, nil
}

// close ends reading.
func (s *segment) close() {
	if s.f != nil {
		_ = s.f.Close()
		s.f = nil
	}
}

// seal ends appending.
func (s *segment) seal(sync bool) {
	if s.w != nil {
		if sync {
			_ = s.w.Sync() // what it would tell, the checksums tell
		}
		_ = s.w.Close()
		s.w = nil
	}
}

// remove takes the file away, or aside if there is damage in it to be looked at. It
// reports whether it is gone.
func (s *segment) remove() bool {
	if s.damaged && putAside(s.path) == nil {
		return true
	}
	err := os.Remove(s.path)
	return err == nil || errors.Is(err, os.ErrNotExist)
}

// putAside moves a file into the quarantine beside it.
func putAside(path string) error {
	dir := filepath.Join(filepath.Dir(path), quarantine)
	if err := os.MkdirAll(dir, folderPerm); err != nil {
		return err
	}
	err := os.Rename(path, filepath.Join(dir, filepath.Base(path)))
	if err != nil {
		_ = os.Remove(dir) // fails unless it is empty
	}
	return err
}

// write appends a batch at off, and takes back what a failure left of it.
func (s *segment) write(off int64, b *Batch, sync bool) (err error) {
	t := batch{counts: b.counts()}
	for _, v := range b.Views {
		t.size += len(v)
		t.crc = crc32.Update(t.crc, castagnoli, v)
	}
	at := off
	write := func(p []byte) {
		if err == nil {
			_, err = s.w.WriteAt(p, at)
			at += int64(len(p))
		}
	}
	write(t.append(make([]byte, 0, batchSize), s.nonce))
	for _, v := range b.Views {
		write(v)
	}
	if err == nil && sync {
		err = s.w.Sync()
	}
	if err != nil {
		_ = s.w.Truncate(off) // where that fails too, the batch's checksum does not hold
	}
	return err
}

var errUnreadable = errors.New("a batch on disk cannot be read any more")

// read reads the batch at off, which was good when it was written or found.
func (s *segment) read(off int64) (t batch, frames []byte, err error) {
	if s.f == nil {
		if s.f, err = os.Open(s.path); err != nil {
			return t, nil, err
		}
	}
	var b [batchSize]byte
	if _, err = s.f.ReadAt(b[:], off); err != nil {
		return t, nil, err
	}
	t, ok := readBatch(b[:], s.nonce)
	if !ok {
		return t, nil, errUnreadable
	}
	frames = make([]byte, t.size)
	if _, err = s.f.ReadAt(frames, off+batchSize); err != nil {
		return t, nil, err
	}
	if !t.holds(frames) {
		return t, nil, errUnreadable
	}
	return t, frames, nil
}

// next is where the batch behind one that ends at off begins.
func (s *segment) next(off int64) int64 {
	for {
		to, ok := s.jumps[off]
		if !ok {
			return off
		}
		off = to
	}
}

// consume books a frame as delivered.
func (s *segment) consume(f []byte, held bool) {
	s.n--
	s.first++
	s.left[frame.Level(f)]--
	if held {
		s.held[frame.Level(f)]--
	}
}

// add counts a batch that was found, without the events that were consumed.
func (s *segment) add(f found, skip int) {
	s.n += f.batch.events() - skip
	frames := f.frames
	for i := 0; len(frames) > 0; i++ {
		if i >= skip {
			s.left[frame.Level(frames)]++
		}
		frames = frames[frame.Size(frames):]
	}
}
