package syslog

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func newWallClock() *wallClock {
	c := &wallClock{}
	c.init()
	return c
}

// TestClocksReadApartAreNotCompared has the system take the core away while the clocks
// are read: the wall's time is an old one then.
func TestClocksReadApartAreNotCompared(t *testing.T) {
	c := newWallClock()
	c.look(0, c.start)
	offset := c.offset.Load()
	c.look(time.Second, c.start.Add(time.Second+2*apart))
	require.Equal(t, offset, c.offset.Load())
	require.Equal(t, int64(time.Millisecond), c.again.Load(), "the next event looks again")
}

// TestTimeIsThatOfTheWall has several goroutines read it.
func TestTimeIsThatOfTheWall(t *testing.T) {
	c := newWallClock()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for last := int64(0); last-c.start.UnixMilli() < 20; {
				before := time.Now().UnixMilli()
				got := c.milli()
				after := time.Now().UnixMilli()
				if got < before-1 || got > after+1 || got < last-1 {
					t.Errorf("%d, after %d, between %d and %d", got, last, before, after)
					return
				}
				last = got
			}
		})
	}
	wg.Wait()
}

// TestTimeOfATestsOwnClock reads one clock in and outside of a bubble, whose time is
// another and stands still.
func TestTimeOfATestsOwnClock(t *testing.T) {
	c := newWallClock()
	near := func() { require.InDelta(t, time.Now().UnixMilli(), c.milli(), 1000) }
	near()
	synctest.Test(t, func(*testing.T) {
		near()
		time.Sleep(time.Hour)
		near()
		near()
	})
	near()
}
