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
	looked atomic.Int64 // time since start
}

func (c *wallClock) init() {
	c.start = time.Now()
	c.look(c.start)
}

// look reads the wall.
func (c *wallClock) look(now time.Time) time.Duration {
	since := now.Sub(c.start)
	c.offset.Store(now.UnixNano() - int64(since))
	c.looked.Store(int64(since))
	return since
}

func (c *wallClock) milli() int64 {
	since := time.Since(c.start)
	if int64(since)-c.looked.Load() > int64(time.Millisecond) {
		since = c.look(time.Now())
	}
	return (int64(since) + c.offset.Load()) / int64(time.Millisecond)
}
