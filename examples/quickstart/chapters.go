package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/callastar/syslog"
)

func newest(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call("page, err := logger.Query(ctx, syslog.Query{Limit: 25})")
	page, err := logger.Query(ctx, syslog.Query{Limit: 25})
	if err != nil {
		return err
	}
	s.table(page.Logs)
	p := page.Pagination
	s.say("Page %d of %d, %d events in all.", p.CurrentPage, p.TotalPages, p.TotalCount)
	return nil
}

func filtered(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call(
		"page, err := logger.Query(ctx, syslog.Query{Limit: 8, Filter: syslog.Filter{",
		"    Levels: []syslog.LogLevel{syslog.LevelError, syslog.LevelCritical},",
		`    Search: "payment", From: time.Now().Add(-24 * time.Hour)}})`,
	)
	page, err := logger.Query(ctx, syslog.Query{Limit: 8, Filter: syslog.Filter{
		Levels: []syslog.LogLevel{syslog.LevelError, syslog.LevelCritical},
		Search: "payment", From: time.Now().Add(-24 * time.Hour),
	}})
	if err != nil {
		return err
	}
	s.table(page.Logs)
	s.say("%d events match. The newest one's metadata:", page.Pagination.TotalCount)
	if len(page.Logs) > 0 {
		s.code(string(page.Logs[0].Metadata))
	}
	return nil
}

func paged(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call(
		"q := syslog.Query{Limit: 5, Filter: syslog.Filter{Type: \"auth_\"}}",
		"page, err := logger.Query(ctx, q)",
		"q.Cursor = page.Pagination.NextCursor",
		"page, err = logger.Query(ctx, q) // and so on while HasMore",
	)
	q := syslog.Query{Limit: 5, Filter: syslog.Filter{Type: "auth_"}}
	for n := 1; n <= 2; n++ {
		page, err := logger.Query(ctx, q)
		if err != nil {
			return err
		}
		p := page.Pagination
		s.say("Page %d: events %d to %d of %d.", n, p.Offset+1, p.Offset+len(page.Logs), p.TotalCount)
		s.table(page.Logs)
		if q.Cursor = p.NextCursor; !p.HasMore {
			break
		}
	}
	return nil
}

func counted(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call(
		"page, err := logger.Query(ctx, syslog.Query{Limit: 1, Filter: syslog.Filter{",
		"    Levels: []syslog.LogLevel{level}}}) // page.Pagination.TotalCount",
	)
	counts, err := perLevel(ctx, logger)
	if err != nil {
		return err
	}
	s.bars(counts)

	s.call("stats := logger.Stats()")
	s.counters(logger.Stats())
	return nil
}

func cleaned(ctx context.Context, s *screen, logger *syslog.Logger) error {
	s.call("stats, err := logger.Cleanup(ctx)")
	stats, err := logger.Cleanup(ctx)
	if err != nil {
		return err
	}
	s.say("INFO is kept for 30 days, WARNING for 60, ERROR for 90 and CRITICAL for ever:")
	text, err := json.Marshal(stats)
	if err != nil {
		return err
	}
	s.code(string(text))
	counts, err := perLevel(ctx, logger)
	if err != nil {
		return err
	}
	s.say("What is left:")
	s.bars(counts)
	return nil
}

func closed(_ context.Context, s *screen, logger *syslog.Logger) error {
	s.call("err := logger.Close()")
	if err := logger.Close(); err != nil {
		return err
	}
	s.say("Every accepted event is stored, and the database is closed.")
	return nil
}

// perLevel counts the stored events of each level.
func perLevel(ctx context.Context, logger *syslog.Logger) (map[syslog.LogLevel]int64, error) {
	counts := map[syslog.LogLevel]int64{}
	for _, level := range syslog.Levels() {
		page, err := logger.Query(ctx, syslog.Query{Limit: 1, Filter: syslog.Filter{
			Levels: []syslog.LogLevel{level},
		}})
		if err != nil {
			return nil, err
		}
		counts[level] = page.Pagination.TotalCount
	}
	return counts, nil
}
