package e2e_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// week is a site with two weeks of a small service, and some of what was done with its log.
func week(t *testing.T, opts admin.Options) *site {
	opts.Alerts = []admin.Alert{
		{Name: "On call", When: "every CRITICAL, by pager", Test: func(context.Context) error { return nil }},
		{Name: "Payments", When: "more than 10 ERROR of type PAYMENT in 5 minutes, to #payments"},
	}
	s := serve(t, opts)
	now := time.Now().UTC()
	for i := range 14 {
		events := day(60+17*(i%5), now.AddDate(0, 0, -i).Add(-time.Duration(i)*time.Hour))
		for j := range events {
			events[j].ID = fmt.Sprintf("d%02d_%s", i, events[j].ID)
			events[j].CreatedAt = now.AddDate(0, 0, -i).Add(-time.Duration(j*j%97) * 14 * time.Minute).Truncate(time.Millisecond)
			if i < 3 && events[j].Type == "WEBHOOK_STRIPE" {
				events[j].Type = "WEBHOOK_PAYPAL"
			}
		}
		s.write(events...)
	}
	old := day(30, now.AddDate(0, 0, -45))
	for j := range old {
		old[j].ID = "old_" + old[j].ID
	}
	s.write(old...)
	ctx := context.Background()
	s.logger.System(ctx, "LOG_CLEANUP", "Log cleanup", syslog.Metadata{"trigger": "cron", "stats": map[string]any{
		"infoDeleted": 1480, "warningDeleted": 20, "errorDeleted": 0, "totalDeleted": 1500, "durationMs": 842,
	}})
	s.logger.AdminAction(ctx, "LOGS_EXPORTED", "adm_2", "310 log(s) exported", syslog.Metadata{
		"adminName": "Grace", "format": "csv", "exportedCount": 310, "filter": map[string]any{"level": []string{"ERROR", "CRITICAL"}, "type": "PAYMENT"},
	})
	require.NoError(t, s.logger.Flush(ctx))
	return s
}

// screens are the pages beside the explorer.
var screens = map[string]string{
	"trends": "trends?tz=Europe/Paris", "maintenance": "maintenance?tz=Europe/Paris", "help": "help?tz=Europe/Paris",
	"delete": "delete?tz=Europe/Paris&level=INFO,ERROR&type=PAY&range=7d", "delete-dates": "delete?tz=Europe/Paris",
	"actor": "maintenance/actor?tz=Europe/Paris&actorId=usr_00033", "actor-none": "maintenance/actor?tz=Europe/Paris",
}

// TestScreens: nothing keeps people out, in either language and theme, and nothing is wider
// than the window of a phone. SYSLOG_SHOTS names a folder for pictures.
func TestScreens(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("SYSLOG_SHOTS")
	s := week(t, admin.Options{})
	for name, look := range map[string]browser.Look{
		"light-en": {}, "dark-fr": {Dark: true, Lang: "fr"}, "light-fr": {Lang: "fr"}, "dark-en": {Dark: true},
		"phone-fr": {Width: 360, Height: 740, Phone: true, Lang: "fr"}, "phone-dark": {Width: 360, Height: 740, Phone: true, Dark: true},
	} {
		tab := s.open(look)
		for screen, path := range screens {
			tab.Go("/tools/logs/" + path)
			if dir != "" {
				tab.Shot(filepath.Join(dir, screen+"-"+name+".png"))
			}
			t.Run(screen+"-"+name, func(t *testing.T) {
				require.Empty(t, tab.Axe())
				require.Zero(t, tab.Overflow())
			})
		}
	}
}

// TestScreensAreNarrow: also a window of 320 pixels holds them, words without an end, and
// what is folded away.
func TestScreensAreNarrow(t *testing.T) {
	t.Parallel()
	s := week(t, admin.Options{})
	long := strings.Repeat("x", 128)
	s.write(syslog.Log{
		ID: "long", Level: syslog.LevelCritical, Type: long, Actor: syslog.ActorUser, ActorID: long + long, Message: strings.Repeat(long, 9), CreatedAt: time.Now().Add(-time.Minute),
	})
	s.logger.AdminAction(context.Background(), "LOGS_EXPORTED", long, "x", syslog.Metadata{"adminName": long, "exportedCount": 1, "filter": map[string]any{"search": long + long}})
	require.NoError(t, s.logger.Flush(context.Background()))
	for _, width := range []int{320, 768, 1024} {
		tab := s.open(browser.Look{Width: width, Height: 800, Phone: width < 721, Lang: "fr"})
		for _, path := range []string{"trends?type=" + long, "maintenance", "help", "delete?search=" + long + long + "&type=" + long, "maintenance/actor?actorId=" + long + long} {
			tab.Go("/tools/logs/" + path)
			tab.Eval(`for (const d of document.querySelectorAll("main details")) d.open = true`, nil)
			require.Zero(t, tab.Overflow(), "%.30s at %d", path, width)
		}
	}
}
