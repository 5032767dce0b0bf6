package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// TestShots takes pictures of the screens, into the folder that SYSLOG_SHOTS names; of one
// alone where nobody wants them.
func TestShots(t *testing.T) {
	dir := os.Getenv("SYSLOG_SHOTS")
	all := dir != ""
	if !all {
		dir = t.TempDir()
	}
	s := serve(t, admin.Options{})
	s.write(day(640, time.Date(2026, 11, 22, 18, 4, 11, 0, time.UTC))...)
	for name, path := range map[string]string{
		"explorer": "?lang=fr&tz=Europe/Paris&limit=25", "filtered": "?limit=25&level=ERROR,CRITICAL&search=payment&notActor=GUEST&startDate=2026-11-20&endDate=2026-11-22&tz=Europe/Paris",
		"entry": "logs/log_000632?lang=en&tz=Europe/Paris", "none": "?search=nothing+like+it&range=24h", "wrong": "?level=FATAL&startDate=yesterday", "gone": "logs/nothing?lang=fr",
		"meta": "?limit=25&cols=time,level,type,message,meta.amount,meta.error.code&wrap=1&search=card",
	} {
		for look, l := range map[string]browser.Look{
			"light": {}, "dark": {Dark: true}, "phone": {Width: 360, Height: 740, Phone: true},
		} {
			if !all && (name != "explorer" || look != "light") {
				continue
			}
			tab := s.open(l)
			if name == "wrong" || name == "gone" {
				tab.Allow("40[04]")
			}
			tab.Go("/tools/logs/" + path)
			ready(t, tab)
			file := filepath.Join(dir, fmt.Sprintf("%s-%s.png", name, look))
			tab.Shot(file)
			require.FileExists(t, file)
			require.Zero(t, tab.Overflow(), file)
		}
	}
}
