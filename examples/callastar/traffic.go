package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/examples/callastar/demo"
)

// demoSeed makes every run the same.
const demoSeed = 7

// demoBatch is how many events of the history are written at a time, demoLines how many
// lines tell of it.
const demoBatch, demoLines = 5000, 10

// demoOptions say what is invented; the zero value is nothing.
type demoOptions struct {
	rows int     // events of the last days
	rate float64 // events a second, from now on
}

// pretend fills a log that is empty with a history. The events go past the logger, which
// would take their number for an emergency.
func (a *app) pretend(ctx context.Context, w io.Writer, rows int) error {
	page, err := a.logger.Query(ctx, syslog.Query{Limit: 1, Count: syslog.CountNone})
	if err != nil || len(page.Logs) > 0 {
		return err
	}
	batch, done, start := make([]syslog.Log, 0, min(rows, demoBatch)), 0, time.Now()
	for l := range demo.History(demoSeed, rows, a.now()) {
		if batch = append(batch, l); len(batch) < demoBatch && done+len(batch) < rows {
			continue
		}
		if err := a.events.Write(ctx, batch); err != nil {
			return fmt.Errorf("write invented events: %w", err)
		}
		before := done
		done, batch = done+len(batch), batch[:0]
		if rows > demoBatch && done*demoLines/rows > before*demoLines/rows {
			if _, err := fmt.Fprintf(w, "# %d of %d invented events written, after %.0f s\n", done, rows, time.Since(start).Seconds()); err != nil {
				return err
			}
		}
	}
	return nil
}

// traffic logs invented events until ctx ends, as many a second as rate.
func (a *app) traffic(ctx context.Context, rate float64) {
	g := demo.New(demoSeed)
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(g.Pause(rate)):
		}
		l := g.Event(a.now())
		l.CreatedAt = time.Time{} // now, by the logger's clock
		_ = a.logger.Log(ctx, l)  // what is lost here, nobody misses
	}
}
