package spill

import (
	"errors"
	"os"
	"slices"
	"sync"

	"github.com/callastar/syslog/internal/frame"
)

// Sync says when what is written outlasts a power cut. The end of the process it
// outlasts at once.
type Sync int

// The policies.
const (
	SyncBatch  Sync = iota + 1 // before Append returns
	SyncSecond                 // when Log.Sync is called
	SyncNever                  // when the system sees fit
)

// Options of a Log.
type Options struct {
	Dir      string
	MaxBytes int64 // of all segments together
	Sync     Sync
	// Keep is the size above which a segment is not appended to any more once
	// all of it is consumed; below, it stays for what comes next.
	Keep int64
}

// Errors of Append.
var (
	ErrFull   = errors.New("the spill directory has all that Config.SpillMaxBytes lets it hold")
	errClosed = errors.New("the spill is closed")
)

// Log is the events of one destination on disk. Append and Sync are for one
// goroutine at a time, and Next for another one; the other methods may be called
// concurrently with all. Head, Unbooked, Booked,
// Bytes, Ack and Release never wait for I/O.
type Log struct {
	opt Options

	mu      sync.Mutex
	segs    []*segment
	active  *segment // the last of segs, while it is appended to
	busy    bool     // Append is at work
	bytes   int64
	number  uint64 // of the newest segment
	closed  bool
	reading *segment // by Next, now
	at      place    // how far Ack has come
	untidy  bool     // that is not written down yet
	lost    []uint64 // first numbers of losses that are not booked

	tidying sync.Mutex
	cur     cursor
	stale   []*segment // of which nothing is left, but which could not be removed

	dirty bool // the appender's: written, not synced

	cached struct { // the reader's: the batch that it read last
		seg    *segment
		off    int64
		batch  batch
		frames []byte
	}
}

// Batch is frames to append, in their order. First is the number of the first one:
// events are numbered one by one, in the order in which they are delivered. Keep says
// that it is to be refused rather than to have others dropped for it.
type Batch struct {
	Views [][]byte
	N     int
	First uint64
	Keep  bool
}

func (b *Batch) size() (n int64) {
	for _, v := range b.Views {
		n += int64(len(v))
	}
	return n
}

func (b *Batch) counts() (c [Levels]uint32) {
	for _, v := range b.Views {
		for len(v) > 0 {
			c[frame.Level(v)]++
			v = v[frame.Size(v):]
		}
	}
	return c
}

// Part is where events in memory are on disk: frames of one batch behind the first
// skip.
type Part struct {
	seg    *segment
	off    int64
	batch  batch
	skip   int
	pinned bool // it was appended, and its events were in memory all along
}

// Len is the number of events.
func (p *Part) Len() int { return p.batch.events() - p.skip }

// Lost tells of events that are on disk no more.
type Lost struct {
	First, Last uint64 // events between these numbers
	Counts      [Levels]uint64
	Top         [][]byte // frames of the highest level among them, as far as they could be read
}

// Head is the number of the first event on disk that is not consumed.
func (l *Log) Head() (first uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.segs {
		if s.n > 0 {
			return s.first, true
		}
	}
	return 0, false
}

// Unbooked is the number of the first event that is on disk no more, while that is
// not booked yet.
func (l *Log) Unbooked() (first uint64, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lost) == 0 {
		return 0, false
	}
	return slices.Min(l.lost), true
}

// Booked says that a loss is booked.
func (l *Log) Booked(lost *Lost) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.lost, lost.First); i >= 0 {
		l.lost = slices.Delete(l.lost, i, i+1)
	}
}

// Bytes is the size of all segments.
func (l *Log) Bytes() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes
}

// segmentBytes is the size at which a segment ends.
func (l *Log) segmentBytes() int64 { return min(16<<20, l.opt.MaxBytes/8) }

// MaxBatch is the size in bytes that a batch to append should have at most.
func (l *Log) MaxBatch() int64 { return min(4<<20, l.opt.MaxBytes/16) }

// Release says that the events of a part, which Ack has not come to yet, are in
// memory no more. It reports whether they are on disk: where their segment was
// found damaged meanwhile they are not, and must be kept.
func (l *Log) Release(p *Part) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.seg.gone {
		return false
	}
	p.seg.pins--
	if p.pinned {
		for lv, n := range p.batch.counts {
			p.seg.held[lv] -= uint64(n)
		}
	}
	return true
}

// Sync makes what was appended outlast a power cut.
func (l *Log) Sync() error {
	l.mu.Lock()
	if !l.dirty || l.opt.Sync == SyncNever || l.active == nil || l.closed {
		l.mu.Unlock()
		return nil
	}
	l.busy = true
	seg := l.active
	l.mu.Unlock()
	err := seg.w.Sync()
	l.mu.Lock()
	l.busy = false
	if seg.gone { // the reader found it damaged meanwhile
		seg.seal(false)
	}
	l.mu.Unlock()
	l.dirty = err != nil
	l.Tidy() // it leaves alone what is busy
	return err
}

// Close ends the use of the files, after the last Append. What is consumed is
// removed. Ack does nothing afterwards.
func (l *Log) Close() {
	_ = l.Sync()
	l.mu.Lock()
	segs, closed, reading := l.segs, l.closed, l.reading
	l.closed = true
	l.active, l.segs = nil, nil
	l.mu.Unlock()
	if closed {
		return
	}
	l.tidying.Lock()
	defer l.tidying.Unlock()
	if l.untidy {
		_ = l.cur.write(l.opt.Dir, l.at)
	}
	left := false
	for _, s := range segs {
		s.seal(false)
		if s != reading { // else Next does it, which a slow disk holds up
			s.close()
		}
		left = s.n > 0 || !s.remove() || left
	}
	for _, s := range l.stale {
		left = !s.remove() || left // the cursor says that it is delivered
	}
	l.cur.close(l.opt.Dir, !left)
	if !left {
		_ = os.Remove(l.opt.Dir) // fails unless it is empty
	}
}
