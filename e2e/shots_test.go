package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/callastar/syslog/examples/callastar/demo"
	"github.com/stretchr/testify/require"
)

// pictured are the screens that pictures are taken of, by the name of the picture: a path below the
// mount, and its query.
var pictured = []struct{ name, path string }{
	{"explorer", "?range=7d&limit=25"},
	{"filtered", "?range=7d&limit=25&level=ERROR,CRITICAL&notType=WEBHOOK&search=payment"},
	{"entry", "logs/ENTRY"},
	{"trends", "trends?range=7d"},
	{"maintenance", "maintenance"},
	{"delete", "delete"},
	{"help", "help"},
	{"none", "?range=24h&search=nothing+like+it"},
	{"wrong", "?level=FATAL&startDate=yesterday"},
	{"gone", "logs/nothing"},
}

// faulty are the pictured whose answer is an error, which the browser tells of.
var faulty = []string{"wrong", "gone"}

var looks = []struct {
	name string
	look browser.Look
}{
	{"light", browser.Look{Width: 1200, Height: 720}},
	{"dark", browser.Look{Width: 1200, Height: 720, Dark: true}},
	{"phone-light", browser.Look{Width: 360, Height: 740, Phone: true}},
	{"phone-dark", browser.Look{Width: 360, Height: 740, Phone: true, Dark: true}},
}

// TestShots takes pictures of the screens, into the folder that SYSLOG_SHOTS names:
// <screen>-<language>-<look>.png. Without one it does so of a few, to see that it works.
func TestShots(t *testing.T) {
	dir, langs, looks := os.Getenv("SYSLOG_SHOTS"), []string{"en", "fr"}, looks
	if dir == "" {
		dir, langs, looks = t.TempDir(), langs[1:], looks[1:2]
	}
	s := serve(t, admin.Options{Mask: admin.DefaultMask().With("email", "ip*")})
	logs := slices.Collect(demo.History(7, 4000, time.Now()))
	s.write(logs...)
	entry := logs[len(logs)-1].ID
	for _, l := range logs { // the last one that has much to show
		if l.Type == "DATA_CORRUPTION" {
			entry = l.ID
		}
	}
	for _, screen := range pictured {
		path := "/tools/logs/" + strings.Replace(screen.path, "ENTRY", entry, 1)
		for _, lang := range langs {
			for _, look := range looks {
				l := look.look
				l.Lang = lang
				tab := s.open(l)
				if slices.Contains(faulty, screen.name) {
					tab.Allow("40[04]")
				}
				tab.Go(path)
				ready(t, tab)
				file := filepath.Join(dir, screen.name+"-"+lang+"-"+look.name+".png")
				if screen.name == "explorer" && !l.Phone {
					tab.ShotOfWindow(file)
				} else {
					tab.Shot(file)
				}
				require.FileExists(t, file)
				require.Zero(t, tab.Overflow(), file)
			}
		}
	}
}

// has reports whether there is such a page.
func (s *site) has(path string) bool {
	s.t.Helper()
	res, err := http.Get(s.url + path)
	require.NoError(s.t, err)
	require.NoError(s.t, res.Body.Close())
	return res.StatusCode != http.StatusNotFound
}
