package syslog_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// A cursor continues where a page ended. Unlike Page and Offset it neither
// repeats nor skips an event while others are stored, and the thousandth page
// costs what the first does.
func ExampleLogger_Query() {
	ctx := context.Background()
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()
	for i := range 5 {
		logger.UserAction(ctx, "UPLOAD", "usr_1", fmt.Sprintf("Picture %d", i))
	}
	if err := logger.Flush(ctx); err != nil {
		fmt.Println(err)
		return
	}

	q := syslog.Query{Filter: syslog.Filter{Type: "upload"}, Limit: 2, Count: syslog.CountNone}
	for more := true; more; {
		page, err := logger.Query(ctx, q)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, l := range page.Logs {
			fmt.Print(l.Message, "; ")
		}
		fmt.Println("page", page.Pagination.CurrentPage)
		more, q.Cursor = page.Pagination.HasMore, page.Pagination.NextCursor
	}
	// Output:
	// Picture 4; Picture 3; page 1
	// Picture 2; Picture 1; page 2
	// Picture 0; page 3
}

// All reads every event that a filter chooses, in constant memory.
func ExampleLogger_All() {
	ctx := context.Background()
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()
	logger.System(ctx, "START", "Ärger im Anmarsch")
	logger.System(ctx, "STOP", "Nothing to see here")
	if err := logger.Flush(ctx); err != nil {
		fmt.Println(err)
		return
	}

	for l, err := range logger.All(ctx, syslog.Filter{Search: "ärger"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(l.Type, l.Message)
	}
	// Output: SYSTEM_START Ärger im Anmarsch
}

// Cleanup deletes what the retention policy no longer keeps.
func ExampleLogger_Cleanup() {
	ctx := context.Background()
	const day = 24 * time.Hour
	now := time.Date(2024, 3, 1, 3, 0, 0, 0, time.UTC)
	logger, err := syslog.New(syslogtest.NewStore(), &syslog.Config{
		Retention: syslog.RetentionPolicy{syslog.LevelInfo: 30 * day}, // the other levels are kept for ever
		Now:       func() time.Time { return now },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()
	for _, age := range []time.Duration{40 * day, 30 * day, day} {
		event := syslog.Log{Type: "TICK", CreatedAt: now.Add(-age)}
		if err := logger.Commit(ctx, event); err != nil {
			fmt.Println(err)
			return
		}
	}

	stats, err := logger.Cleanup(ctx)
	fmt.Println(stats.InfoDeleted, stats.TotalDeleted, err)
	// Output: 1 1 <nil>
}
