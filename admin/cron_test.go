package admin_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

func TestCronIsAsItWas(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "s3cr3t", Authorize: nil})
	s.write(some(4)...) // of 2024: all is over, but CRITICAL
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer s3cr3", "Bearer s3cr3tt", "Basic s3cr3t", "s3cr3t"} {
		w := s.do("POST", cron, "", "Authorization", header)
		require.Equal(t, 401, w.Code, header)
		require.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
	}
	require.Equal(t, 4, s.total())
	w := s.do("GET", cron, "", "Authorization", "Bearer s3cr3t")
	require.Equal(t, 405, w.Code)
	require.Equal(t, "POST", w.Header().Get("Allow"))
	require.Equal(t, 4, s.total())
	w = s.do("POST", cron, "", "Authorization", "Bearer s3cr3t", "Accept-Language", "fr")
	require.Equal(t, 200, w.Code, w.Body.String())
	o := object(t, w)
	require.Equal(t, "Log cleanup completed successfully", o["message"])
	stats := o["stats"].(map[string]any)
	require.Contains(t, stats, "durationMs")
	delete(stats, "durationMs")
	require.Equal(t, map[string]any{"infoDeleted": 1.0, "warningDeleted": 1.0, "errorDeleted": 1.0, "totalDeleted": 3.0}, stats)
	require.Equal(t, 1, s.total())
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "SYSTEM_LOG_CLEANUP"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1)
	require.Contains(t, string(page.Logs[0].Metadata), `"totalDeleted":3`)

	open := open(t, admin.Options{AllowGETCron: true})
	require.Equal(t, 503, open.do("GET", cron, "", "Authorization", "Bearer ").Code, "no secret, no cleanup")
	require.Equal(t, 503, open.do("POST", cron, "").Code)
}

// TestOneCleanupAtATime: of two at once one is told that the other is at it.
func TestOneCleanupAtATime(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "x"})
	var mu sync.Mutex
	seen := map[int]int{}
	both := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return seen[200] > 0 && seen[409] > 0
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for end := time.Now().Add(time.Minute); !both() && time.Now().Before(end); {
				code := s.do("POST", cron, "", "Authorization", "Bearer x").Code
				mu.Lock()
				seen[code]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.True(t, both(), seen)
	require.Len(t, seen, 2, seen)
}
