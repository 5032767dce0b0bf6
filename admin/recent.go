package admin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// recent knows the last events that it was told of.
type recent struct {
	most    int
	known   map[string]struct{}
	order   []syslog.Position // of what is known, oldest first
	forgets time.Time         // createdAt of the newest event that was forgotten
}

func newRecent(most int) *recent { return &recent{most: most, known: map[string]struct{}{}} }

// add reports whether an event is new.
func (r *recent) add(l *syslog.Log) bool {
	if _, known := r.known[l.ID]; known {
		return false
	}
	if len(r.order) == r.most {
		forgotten, now := r.order[:r.most/2], time.Now() // in bulk, so that the rest is moved seldom
		for _, p := range forgotten {
			delete(r.known, p.ID)
			if p.CreatedAt.After(r.forgets) && !p.CreatedAt.After(now) { // some clocks are ahead
				r.forgets = p.CreatedAt
			}
		}
		r.order = slices.Delete(r.order, 0, len(forgotten))
	}
	p := position(*l, 0)
	p.ID = strings.Clone(l.ID) // not the whole event that it is a part of
	r.known[p.ID] = struct{}{}
	r.order = append(r.order, p)
	return true
}

// since is a moment up to settle before at, but none of which something was forgotten.
func (r *recent) since(at time.Time, settle time.Duration) time.Time {
	if at = at.Add(-settle); !at.After(r.forgets) {
		at = r.forgets.Add(time.Millisecond)
	}
	return at
}

// settle is how long after its createdAt an event may come to be seen in the store: those
// who write at the same time commit in an order of their own, and have clocks of their own.
const settle = 10 * time.Second

// from is the position before everything of a moment.
func from(at time.Time) syslog.Position {
	return syslog.Position{CreatedAt: at.UTC().Truncate(time.Millisecond), ID: "\x01"}
}

func comparePositions(a, b syslog.Position) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}
