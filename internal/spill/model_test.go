package spill

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// model is what a log must hold, in the simplest form.
type model struct {
	t     testing.TB
	opt   Options
	l     *Log
	live  []event // in order; the last of them may be in memory, too
	ready []Part  // of these
	next  int     // id of the next event
	last  uint64  // number of the last event
	out   Reading // what is being delivered
	hurt  bool    // a byte was damaged
}

type event struct {
	id     int
	number uint64
	held   bool
}

func (m *model) reopen() {
	if m.l != nil {
		m.l.Close()
	}
	m.ready, m.out, m.last = nil, Reading{}, 0
	var r Recovery
	m.l, r = openLog(m.t, m.opt)
	var ids []int
	_, err := Read(m.opt.Dir, func(f []byte) bool { ids = append(ids, idOf(f)); return true })
	require.NoError(m.t, err)
	require.Len(m.t, ids, r.Events)
	require.Equal(m.t, countsOf(ids), r.Counts)
	was := m.live
	m.live = nil
	for _, id := range ids {
		i := slices.IndexFunc(was, func(e event) bool { return e.id == id })
		require.GreaterOrEqual(m.t, i, 0, "not invented, in order, and once")
		was = was[i+1:]
		m.last++
		m.live = append(m.live, event{id, m.last, false})
	}
	if !m.hurt {
		require.Empty(m.t, r.Notes)
		require.Zero(m.t, r.Lost)
	}
}

// lose takes what the log says is lost out of the model.
func (m *model) lose(lost Lost) {
	var ids []int
	m.live = slices.DeleteFunc(m.live, func(e event) bool {
		gone := e.number >= lost.First && e.number <= lost.Last
		if gone {
			require.False(m.t, e.held)
			ids = append(ids, e.id)
		}
		return gone
	})
	require.Equal(m.t, countsOf(ids), lost.Counts)
	require.Len(m.t, ids, int(lost.Last-lost.First+1))
}

func (m *model) append(n, size int) {
	b := &Batch{N: n, First: m.last + 1}
	for i := range n {
		b.Views = append(b.Views, mk(m.next+i, levelOf(m.next+i), strings.Repeat("m", size)))
	}
	p, lost, err := m.l.Append(b)
	for _, g := range lost {
		m.lose(g)
	}
	if err != nil {
		require.ErrorIs(m.t, err, ErrFull)
		return
	}
	for i := range n {
		m.live = append(m.live, event{m.next + i, m.last + 1 + uint64(i), true})
	}
	m.next += n
	m.last += uint64(n)
	m.ready = append(m.ready, p)
}

// release gives up the memory of the oldest batch that is in memory.
func (m *model) release() {
	if len(m.ready) == 0 {
		return
	}
	p := m.ready[0]
	m.ready = m.ready[1:]
	i := slices.IndexFunc(m.live, func(e event) bool { return e.held })
	n := p.Len()
	require.True(m.t, m.l.Release(&p))
	for j := range n {
		m.live[i+j].held = false
	}
}

// abandon takes out of the model what is in memory only, now that its segment was
// found damaged: that is no matter of the log's.
func (m *model) abandon() {
	at := slices.IndexFunc(m.live, func(e event) bool { return e.held })
	m.ready = slices.DeleteFunc(m.ready, func(p Part) bool {
		n := p.Len()
		if p.seg.gone {
			require.False(m.t, m.l.Release(&p))
			m.live = slices.Delete(m.live, at, at+n)
		} else {
			at += n
		}
		return p.seg.gone
	})
}

func (m *model) read(most int) {
	if m.out.N > 0 {
		return
	}
	r, lost, err := m.l.Next(most, int64(50*most))
	if lost != nil {
		require.Error(m.t, err)
		require.True(m.t, m.hurt)
		m.lose(*lost)
		m.abandon()
		return
	}
	require.NoError(m.t, err)
	require.LessOrEqual(m.t, r.N, most)
	m.out = r
	if r.N > 0 {
		require.Equal(m.t, m.live[0].number, r.First)
	} else if len(m.live) > 0 {
		require.True(m.t, m.live[0].held, "what is on disk only can be read")
	}
	for i, id := range idsOf(r.Views) {
		require.Equal(m.t, m.live[i].id, id)
		require.False(m.t, m.live[i].held)
	}
}

// ack delivers events that were read, or are ready where these are the oldest.
func (m *model) ack(n int) {
	if m.out.N == 0 {
		if len(m.ready) == 0 || !m.live[0].held {
			return
		}
		p := m.ready[:1:1]
		m.ready = m.ready[1:]
		n = p[0].Len() // in memory, they are finished whole
		var frames [][]byte
		for _, e := range m.live[:n] {
			frames = append(frames, mk(e.id, levelOf(e.id), ""))
		}
		require.Empty(m.t, m.l.Ack(p, slices.Values(frames)))
		m.live = m.live[n:]
		return
	}
	n = min(n, m.out.N)
	frames := framesOf(m.out.Views)
	m.out.Parts = m.l.Ack(m.out.Parts, slices.Values(frames[:n]))
	m.out.Views, m.out.N = frames[n:], m.out.N-n
	m.live = m.live[n:]
	if m.out.N == 0 {
		m.forget()
	}
}

// forget gives up what is left of a reading.
func (m *model) forget() {
	for _, p := range m.out.Parts {
		m.l.Release(&p)
	}
	m.out = Reading{}
}

// damage changes a byte of a segment.
func (m *model) damage(a, b int) {
	numbers, err := list(m.opt.Dir)
	require.NoError(m.t, err)
	if len(numbers) == 0 {
		return
	}
	path := filepath.Join(m.opt.Dir, fmt.Sprintf(nameOfFiles, numbers[a%len(numbers)]))
	img, err := os.ReadFile(path)
	require.NoError(m.t, err)
	if len(img) == 0 {
		return
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	require.NoError(m.t, err)
	at := b * 37 % len(img)
	_, err = f.WriteAt([]byte{img[at] ^ byte(b|1)}, int64(at))
	require.NoError(m.t, err)
	require.NoError(m.t, f.Close())
	m.hurt = true
}

func (m *model) check() {
	sum, _ := sizes(m.t, m.opt.Dir)
	require.Equal(m.t, sum, m.l.Bytes())
	require.LessOrEqual(m.t, sum, m.opt.MaxBytes)
	first, some := m.l.Head()
	require.Equal(m.t, len(m.live) > 0, some)
	if some {
		require.Equal(m.t, m.live[0].number, first)
	}
	if m.l.cur.f != nil {
		require.FileExists(m.t, filepath.Join(m.opt.Dir, cursorName))
	}
}

func (m *model) play(ops []byte) {
	m.next = 1
	m.reopen()
	for len(ops) >= 2 {
		a, b := int(ops[0]), int(ops[1])
		ops = ops[2:]
		switch a % 10 {
		case 0, 1:
			m.append(1+a/10%5, b)
		case 2, 3:
			m.release()
		case 4:
			m.read(1 + b%20)
		case 5, 6:
			m.ack(1 + b%20)
		case 7:
			m.l.Tidy()
		case 8:
			switch {
			case b%4 == 0:
				require.NoError(m.t, m.l.Sync())
			case b%4 == 1:
				m.forget()
			case b%4 == 2 && b > 128:
				m.reopen()
			}
		case 9:
			if b > 200 {
				m.damage(a/10, b)
			} else {
				m.ack(1)
			}
		}
		m.check()
	}
	m.reopen()
	ids, lost := drain(m.t, m.l, 7)
	require.Empty(m.t, lost)
	require.Len(m.t, ids, len(m.live))
	m.l.Close()
	if left := names(m.t, m.opt.Dir); len(left) > 0 {
		require.Equal(m.t, []string{quarantine}, left)
	}
}
