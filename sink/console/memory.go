package console

import (
	"hash/maphash"
	"time"

	"github.com/callastar/syslog"
)

// memory is the set of the last FallbackMemory ids added. It holds hashes, so
// that it keeps no event alive and has a size known beforehand.
type memory struct {
	seed  maphash.Seed
	at    map[uint64]int // id's hash to its place in order
	order []uint64       // a ring once it is full
	next  int
}

func (m *memory) hash(id string) uint64 { return maphash.String(m.seed, id) }

func (m *memory) has(id string) bool {
	if len(m.at) == 0 {
		return false
	}
	_, ok := m.at[m.hash(id)]
	return ok
}

func (m *memory) add(id string) {
	if m.at == nil {
		m.seed, m.at = maphash.MakeSeed(), make(map[uint64]int)
	}
	h := m.hash(id)
	if len(m.order) < FallbackMemory {
		m.order = append(m.order, 0)
	} else if old := m.order[m.next]; m.at[old] == m.next {
		delete(m.at, old)
	}
	m.order[m.next], m.at[h] = h, m.next
	m.next = (m.next + 1) % FallbackMemory
}

// forget removes what was delivered. With the last one the memory is given
// back: the outage is over.
func (m *memory) forget(logs []syslog.Log) {
	if len(m.at) == 0 {
		return
	}
	for i := range logs {
		delete(m.at, m.hash(logs[i].ID))
	}
	if len(m.at) == 0 {
		*m = memory{}
	}
}

// limiter lets FallbackRate events a second through, and FallbackBurst after a
// pause.
type limiter struct {
	room float64
	last time.Time
}

func (l *limiter) take(now time.Time) bool {
	if l.last.IsZero() {
		l.room = FallbackBurst
	} else if passed := now.Sub(l.last); passed > 0 {
		l.room = min(l.room+passed.Seconds()*FallbackRate, FallbackBurst)
	}
	l.last = now
	if l.room < 1 {
		return false
	}
	l.room--
	return true
}
