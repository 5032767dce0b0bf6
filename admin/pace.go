package admin

import (
	"sync"
	"time"

	"github.com/callastar/syslog"
)

// paceFor is the shortest time over which a speed is told, but for a handler that is new.
const paceFor = time.Minute

// pace remembers what destinations had written when somebody looked, so that the next one
// hears how fast it goes: a logger only counts.
type pace struct {
	mu            sync.Mutex
	before, since writtenAt
}

// writtenAt is how many events each destination had at a moment. "" is the store.
type writtenAt struct {
	at     time.Time
	events map[string]uint64
}

func newWrittenAt(at time.Time, s syslog.Stats) writtenAt {
	w := writtenAt{at, map[string]uint64{"": s.Written + s.Duplicate}}
	for name, sink := range s.Sinks {
		w.events[name] = sink.Written
	}
	return w
}

// speeds are the events per second of each destination, and the time over which they are: since
// somebody looked last, if that is at least paceFor ago, else since they looked before.
func (w *pace) speeds(now writtenAt) (perSecond map[string]float64, over time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if now.at.Sub(w.since.at) >= paceFor {
		w.before, w.since = w.since, now
	}
	over = max(now.at.Sub(w.before.at), time.Second)
	perSecond = make(map[string]float64, len(now.events))
	for name, n := range now.events {
		perSecond[name] = float64(n-w.before.events[name]) / over.Seconds()
	}
	return perSecond, over
}
