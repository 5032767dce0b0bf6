package syslog

import (
	"sync/atomic"
	"time"
)

// wallClock is time.Now().UnixMilli() at half its cost: that reads two clocks, the
// wall's and one that never jumps, and this mostly the latter alone. It looks at the
// wall again when it has not for a millisecond, which is as exact as events are.
type wallClock struct {
	start  time.Time    // with both
	offset atomic.Int64 // what makes the time since start that of the wall, since 1970; in nanoseconds
	again  atomic.Int64 // time since start from which on to look
}

// apart is how long two readings of clocks may take to be those of one time. If they
// take longer, the system had something else to do between them.
const apart = 10 * time.Microsecond

func (c *wallClock) init() { c.start = time.Now() }

func (c *wallClock) milli() int64 {
	since := time.Since(c.start)
	if int64(since) >= c.again.Load() {
		now := time.Now()
		c.look(since, now)
		return now.UnixMilli()
	}
	return (int64(since) + c.offset.Load()) / int64(time.Millisecond)
}

// look takes the wall's time from now, which was read right behind since.
func (c *wallClock) look(since time.Duration, now time.Time) {
	after := now.Sub(c.start)
	if after-since > apart {
		return // or events would lie in the past until the next look
	}
	c.offset.Store(now.UnixNano() - int64(after))
	c.again.Store(int64(after + time.Millisecond))
}
