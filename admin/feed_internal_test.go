package admin

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestFeedThatBeginsAgain while the run before it is about to end: it knows nothing of that.
func TestFeedThatBeginsAgain(t *testing.T) {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet, FlushInterval: time.Millisecond})
	require.NoError(t, err)
	defer l.Close()
	f := &feed{logger: l, limit: time.Minute, now: time.Now, warn: func(msg string, err error) { t.Error(msg, err) }}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				l.Info(context.Background(), "X", syslog.System(), "x")
				_ = l.Flush(context.Background())
			}
		}
	}()
	for range 200 {
		require.NoError(t, f.join())
		f.mu.Lock()
		changed := f.changed
		f.mu.Unlock()
		<-changed
		f.leave()
		f.mu.Lock()
		f.linger.Reset(0) // a minute has passed
		f.mu.Unlock()
		for running := true; running; {
			f.mu.Lock()
			running = f.run != nil
			f.mu.Unlock()
		}
	}
	close(stop)
	<-stopped
}
