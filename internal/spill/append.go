package spill

import (
	"errors"
	"os"

	"github.com/callastar/syslog/internal/frame"
)

// Append writes a batch behind all others and says where it is, for Ack or
// Release. Where MaxBytes leaves no room it drops the oldest segments, unless
// something of them is being delivered or b says not to, and says what was lost with
// them; that may be beside an error. After an error nothing of the batch is on disk.
func (l *Log) Append(b *Batch) (p Part, lost []Lost, err error) {
	l.leaveNameless()
	size := b.size() + batchSize
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return p, nil, errClosed
	}
	l.busy = true
	seg := l.active
	var full *segment
	if seg != nil && (seg.last+1 != b.First || seg.end > headSize && seg.end+size > l.segmentBytes()) {
		full, seg, l.active = seg, nil, nil
	}
	need := size
	if seg == nil {
		need += headSize
	}
	victims, room := l.makeRoom(need, b.Keep)
	number := l.number + 1
	l.mu.Unlock() // callers of the logger may wait for it: no I/O under it

	if full != nil {
		full.seal(l.opt.Sync == SyncSecond)
	}
	for _, v := range victims {
		if of := v.lose(); v.n > 0 {
			lost = append(lost, of)
		}
	}
	fresh := seg == nil
	sync := l.opt.Sync == SyncBatch
	switch {
	case !room:
		err = ErrFull
	case fresh:
		if err = os.MkdirAll(l.opt.Dir, folderPerm); err == nil {
			seg, number, err = create(l.opt.Dir, number, l.opt.Sync != SyncNever)
		}
	}
	if err == nil {
		err = seg.write(seg.end, b, sync)
	}

	switch {
	case err == nil || seg == nil:
	case fresh:
		seg.seal(false)
		_ = os.Remove(seg.path)
	case room: // what a failed write or sync leaves is not to be built upon
		seg.seal(l.opt.Sync == SyncSecond)
		full = seg
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy = false
	if err == nil && seg.gone { // the reader found it damaged meanwhile
		err, full = errUnreadable, seg
		seg.seal(false)
	}
	if err != nil {
		if l.active == full {
			l.active = nil
		}
		return p, lost, err
	}
	if fresh {
		l.segs, l.active, l.number = append(l.segs, seg), seg, number
		l.bytes += headSize
		seg.first = b.First
	}
	l.dirty = !sync
	p = Part{seg: seg, off: seg.end, batch: batch{size: int(size - batchSize), counts: b.counts()}, pinned: true}
	seg.end += size
	seg.last = b.First + uint64(b.N) - 1
	seg.n += b.N
	for lv, n := range p.batch.counts {
		seg.left[lv] += uint64(n)
		seg.held[lv] += uint64(n)
	}
	seg.pins++
	l.bytes += size
	return p, lost, nil
}

// leaveNameless ends a segment that somebody has removed: it would take what nobody
// can find after a crash.
func (l *Log) leaveNameless() {
	l.mu.Lock()
	seg := l.active
	l.mu.Unlock()
	if seg == nil {
		return
	}
	if _, err := os.Lstat(seg.path); !errors.Is(err, os.ErrNotExist) {
		return
	}
	l.mu.Lock()
	found := l.active == seg
	if found {
		l.active = nil
	}
	l.mu.Unlock()
	if found { // else Tidy or Next has ended it
		seg.seal(false)
	}
}

// makeRoom takes the oldest segments that nobody needs out of the list, until a
// size fits. It takes none unless that is enough, and may be told to take none.
func (l *Log) makeRoom(size int64, keep bool) (victims []*segment, ok bool) {
	over := l.bytes + size - l.opt.MaxBytes
	if over <= 0 {
		return nil, true
	}
	if keep {
		return nil, false
	}
	free := int64(0)
	for _, s := range l.segs {
		if s.pins == 0 && s != l.active && free < over {
			free += s.end
		}
	}
	if free < over {
		return nil, false
	}
	kept := l.segs[:0]
	for _, s := range l.segs {
		if over > 0 && s.pins == 0 && s != l.active {
			over -= s.end
			l.bytes -= s.end
			s.gone = true
			victims = append(victims, s)
			if s.n > 0 {
				l.lost = append(l.lost, s.first)
			}
		} else {
			kept = append(kept, s)
		}
	}
	clear(l.segs[len(kept):])
	l.segs = kept
	return victims, true
}

// lose gives a segment up that nobody else uses.
func (s *segment) lose() Lost {
	lost := Lost{First: s.first, Last: s.first + uint64(s.n) - 1, Counts: s.left}
	const top = Levels - 1
	for at := s.at; lost.Counts[top] > uint64(len(lost.Top)); {
		off := s.next(at.off)
		t, frames, err := s.read(off)
		if err != nil {
			break
		}
		for i := 0; len(frames) > 0; i++ {
			n := frame.Size(frames)
			if i >= at.skip && frame.Level(frames) == top {
				lost.Top = append(lost.Top, frames[:n:n])
			}
			frames = frames[n:]
		}
		at = place{off: off + batchSize + int64(t.size)}
	}
	s.close()
	s.remove()
	return lost
}
