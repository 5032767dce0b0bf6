package syslog_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestProbesOfAStoreThatHangsDoNotPileUp asks for ever, as a readiness page does.
func TestProbesOfAStoreThatHangsDoNotPileUp(t *testing.T) {
	var asked atomic.Int32
	release := make(chan struct{})
	st := &pinged{answer: func(context.Context) error { asked.Add(1); <-release; return nil }}
	l := open(t, st, syslog.Config{})
	for range 10 {
		short, cancel := context.WithTimeout(ctx(), time.Millisecond)
		require.ErrorContains(t, l.Healthy(short), "does not answer")
		cancel()
	}
	require.LessOrEqual(t, asked.Load(), int32(1))
	close(release)
	require.NoError(t, l.Healthy(ctx()))
}
