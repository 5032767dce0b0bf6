package spill

import (
	"iter"
	"slices"

	"github.com/callastar/syslog/internal/frame"
)

// Reading is frames that were read back.
type Reading struct {
	Batch
	Parts []Part
}

// Next reads the oldest frames that are not consumed, up to a number of events and
// about a number of bytes, from one segment. They stay on disk until Ack. It reads
// none that are in memory, too, and may come back empty-handed for that.
//
// Where they cannot be read any more, the error comes with what was lost: the rest
// of the segment, which is put aside. An error alone passes: Next may be tried again.
func (l *Log) Next(most int, bytes int64) (r Reading, lost *Lost, err error) {
	l.mu.Lock()
	var seg *segment
	for _, s := range l.segs {
		if s.n > 0 {
			seg = s
			break
		}
	}
	if l.closed {
		err = errClosed
	}
	if seg == nil || l.closed {
		l.mu.Unlock()
		return r, nil, err
	}
	free := seg.n
	for _, n := range seg.held {
		free -= int(n)
	}
	if free == 0 {
		l.mu.Unlock()
		return r, nil, nil
	}
	seg.pins++
	l.reading = seg
	at, end := seg.at, seg.end
	r.First = seg.first
	most = min(most, free)
	l.mu.Unlock()

	for size := int64(0); r.N < most && size < bytes; {
		off := seg.next(at.off)
		if off >= end {
			err = errUnreadable // fewer events than were written
			break
		}
		t, frames, rerr := l.readCached(seg, off)
		if rerr != nil {
			err = rerr
			break
		}
		p := Part{seg: seg, off: off, batch: t, skip: at.skip}
		for range at.skip {
			frames = frames[frame.Size(frames):]
		}
		view := frames
		n := p.Len()
		if n > most-r.N {
			n = most - r.N
			rest := frames
			for range n {
				rest = rest[frame.Size(rest):]
			}
			view = frames[: len(frames)-len(rest) : len(frames)-len(rest)]
		}
		r.Views = append(r.Views, view)
		r.Parts = append(r.Parts, p)
		r.N += n
		size += int64(len(view))
		at = place{off: off + batchSize + int64(t.size)}
	}
	l.mu.Lock()
	l.reading = nil
	closed, idle := l.closed, false
	switch {
	case closed:
		r, err = Reading{}, errClosed
	case r.N > 0:
		seg.pins += len(r.Parts) - 1
		err = nil
	case passing(err):
		seg.pins--
	default:
		lost, idle = l.giveUp(seg)
	}
	l.mu.Unlock()
	if idle {
		seg.seal(false)
	}
	if lost != nil || closed {
		seg.close()
	}
	if lost != nil {
		seg.remove()
	}
	return r, lost, err
}

// readCached reads a batch, which may be the one that was read last, when not all
// of it was taken.
func (l *Log) readCached(s *segment, off int64) (batch, []byte, error) {
	c := &l.cached
	if c.seg == s && c.off == off {
		return c.batch, c.frames, nil
	}
	t, frames, err := s.read(off)
	if err == nil {
		c.seg, c.off, c.batch, c.frames = s, off, t, frames
	}
	return t, frames, err
}

// giveUp takes a segment out of the list that cannot be read. Its events that are
// in memory, too, are not lost. It reports whether nobody appends to it just now.
func (l *Log) giveUp(seg *segment) (lost *Lost, idle bool) {
	lost = &Lost{First: seg.first}
	total := uint64(0)
	for lv := range seg.left {
		lost.Counts[lv] = seg.left[lv] - seg.held[lv]
		total += lost.Counts[lv]
	}
	lost.Last = lost.First + total - 1
	seg.gone, seg.damaged = true, true
	l.lost = append(l.lost, lost.First)
	for i, s := range l.segs {
		if s == seg {
			l.segs = append(l.segs[:i:i], l.segs[i+1:]...)
			l.bytes -= s.end
			break
		}
	}
	idle = l.active == seg && !l.busy // else Append or Sync is at it, and sees that it is gone
	if l.active == seg {
		l.active = nil
	}
	return lost, idle
}

// Ack books frames, which the parts begin with, as delivered, and returns what is
// left of the parts. It does no I/O: Tidy does.
func (l *Log) Ack(parts []Part, frames iter.Seq[[]byte]) []Part {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(parts) == 0 {
		return nil
	}
	for f := range frames {
		if len(parts) == 0 {
			break // the rest is not on disk
		}
		p := &parts[0]
		s := p.seg
		p.skip++
		whole := p.Len() == 0
		if whole {
			parts = parts[1:]
			s.pins--
		}
		if s.gone {
			continue
		}
		s.consume(f, p.pinned)
		s.at = place{s.number, p.off, p.skip}
		if whole {
			s.at = place{s.number, p.off + batchSize + int64(p.batch.size), 0}
		}
		l.at, l.untidy = s.at, true
	}
	return parts
}

// Tidy writes down how far Ack has come, and removes the segments of which nothing
// is left. One goroutine at a time does so; who comes second finds it done. What a
// disk that is read-only keeps from being done, the next Tidy does, or Close.
func (l *Log) Tidy() {
	l.tidying.Lock()
	defer l.tidying.Unlock()
	l.mu.Lock()
	if l.closed || !l.untidy {
		l.mu.Unlock()
		return
	}
	at := l.at
	l.untidy = false
	done, ended := l.consumed()
	l.mu.Unlock()
	if ended != nil {
		ended.seal(false)
	}
	err := l.cur.write(l.opt.Dir, at) // where it fails, events come again after a restart: their IDs make that harmless
	for _, s := range done {
		s.close()
	}
	l.stale = slices.DeleteFunc(append(l.stale, done...), (*segment).remove)
	if err != nil || len(l.stale) > 0 {
		l.mu.Lock()
		l.untidy = true
		l.mu.Unlock()
	}
}

// consumed takes the segments out of the list of which nothing is left. The one
// that was appended to until now is ended.
func (l *Log) consumed() (done []*segment, ended *segment) {
	kept := l.segs[:0]
	for _, s := range l.segs {
		if s.n > 0 || s.pins > 0 || s == l.active && (l.busy || s.end < l.opt.Keep) {
			l.untidy = l.untidy || s == l.active && l.busy // it is for who comes next
			kept = append(kept, s)
			continue
		}
		if s == l.active {
			ended, l.active = s, nil
		}
		l.bytes -= s.end
		s.gone = true
		done = append(done, s)
	}
	clear(l.segs[len(kept):])
	l.segs = kept
	return done, ended
}
