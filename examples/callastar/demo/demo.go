// Package demo invents what a marketplace for calls logs, so that there is something to
// look at: people with French and English names who sign in, book and pay, Stripe that
// tells of it, and things that go wrong. The same seed invents the same.
package demo

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/callastar/syslog"
)

// Days is how far a history goes back.
const Days = 30

// Generator invents events. It is not safe for concurrent use.
type Generator struct {
	rnd   *rand.Rand
	total int // of all weights
}

// New returns a generator.
func New(seed uint64) *Generator {
	g := &Generator{rnd: rand.New(rand.NewPCG(seed, 0))}
	for _, k := range kinds {
		g.total += k.weight
	}
	return g
}

// Event is an event of an ordinary moment, without an ID.
func (g *Generator) Event(at time.Time) syslog.Log {
	n := g.rnd.IntN(g.total)
	for _, k := range kinds {
		if n -= k.weight; n < 0 {
			return at0(k.event(g), at)
		}
	}
	panic("the weights do not add up")
}

// Pause is how long it takes until the next event, where there are rate of them a second.
func (g *Generator) Pause(rate float64) time.Duration {
	return time.Duration(min(g.rnd.ExpFloat64(), 10) / rate * float64(time.Second))
}

// History is n events of the last days before a moment, the oldest first, with IDs that
// sort likewise. Most happen in the evening, more at the weekend, and now and then
// something breaks for a while.
func History(seed uint64, n int, end time.Time) iter.Seq[syslog.Log] {
	return func(yield func(syslog.Log) bool) {
		g := New(seed)
		troubles := g.troubles(end)
		left, weights, sum := n, make([]float64, Days*24), 0.0
		begin := end.Add(-Days * 24 * time.Hour)
		for i := range weights {
			weights[i] = busy(begin.Add(time.Duration(i) * time.Hour))
			for _, t := range troubles {
				weights[i] += t.extra(begin.Add(time.Duration(i) * time.Hour))
			}
			sum += weights[i]
		}
		for i, w := range weights {
			share := int(float64(left)*w/sum + g.rnd.Float64()) // so that hours of less than one have some
			if share = min(share, left); i == len(weights)-1 {
				share = left
			}
			sum -= w
			start := begin.Add(time.Duration(i) * time.Hour)
			for j, at := range g.moments(share, start) {
				l := g.during(troubles, at)
				l.ID = fmt.Sprintf("log_%08d", n-left+j)
				if !yield(l) {
					return
				}
			}
			left -= share
		}
	}
}

// at0 gives an event its time.
func at0(l syslog.Log, at time.Time) syslog.Log {
	l.CreatedAt = at.UTC().Truncate(time.Millisecond)
	return l
}

// fields are the metadata of an event.
type fields map[string]any

// with adds fields of which there are more.
func (f fields) with(more fields) fields {
	for key, v := range more {
		f[key] = v
	}
	return f
}

func event(level syslog.LogLevel, typ string, actor syslog.Actor, message string, f fields) syslog.Log {
	metadata, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts and numbers, which these are, can be encoded
	}
	return syslog.Log{Level: level, Type: typ, Actor: actor.Kind, ActorID: actor.ID, Message: message, Metadata: metadata}
}
