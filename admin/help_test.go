package admin_test

import (
	"encoding/json"
	"html"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestHelp: its lines are for where this handler is.
func TestHelp(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "very-secret"})
	for path, want := range map[string]string{"/anywhere/help": "http://example.com/anywhere/api/", page + "/help?lang=fr": "http://example.com" + page + "/api/"} {
		w := s.view(path)
		require.Equal(t, 200, w.Code)
		body := html.UnescapeString(w.Body.String())
		require.Contains(t, body, "curl -sS -b \"$COOKIE\" '"+want+"admin/system-logs?")
		require.Contains(t, body, "'"+want+"cron/cleanup-logs'")
		require.NotContains(t, body, "very-secret")
		require.Contains(t, body, `href="./api/admin/system-logs/openapi.json"`)
		require.Contains(t, body, "<kbd>Esc</kbd>")
	}
	for _, evil := range []string{"a'; rm -rf ~ #.example", "<b>", "a b"} {
		r := httptest.NewRequest("GET", "/anywhere/help", nil)
		r.Host = evil
		w := httptest.NewRecorder()
		s.mux.ServeHTTP(w, r)
		require.NotContains(t, html.UnescapeString(w.Body.String()), evil)
		require.Contains(t, w.Body.String(), "http://localhost/anywhere/")
	}
	secure := s.view("/anywhere/help", "X-Forwarded-Proto", "https").Body.String()
	require.Contains(t, secure, "https://example.com/anywhere/")
	require.Equal(t, 400, s.view("/anywhere/help?level=INFO").Code)
}

// TestScreensInOneLanguage: no text of the other one, where the two differ.
func TestScreensInOneLanguage(t *testing.T) {
	catalog := func(lang string) map[string]string {
		all := map[string]string{}
		for _, name := range []string{"trends", "maintenance", "actor", "delete", "forms", "help"} {
			text, err := os.ReadFile(filepath.Join("i18n", name+"."+lang+".json"))
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &all))
		}
		return all
	}
	en, fr := catalog("en"), catalog("fr")
	s := open(t, admin.Options{})
	s.write(twoWeeks()...)
	require.Equal(t, 303, s.post("/maintenance/cleanup", "").Code)
	s.write(twoWeeks()...)
	tags := regexp.MustCompile(`<[^>]*>`)
	for _, path := range []string{
		"/trends?" + secondWeek, "/trends?range=all", "/trends?range=1h", "/maintenance", "/maintenance/actor", "/maintenance/actor?actorId=usr_1", "/delete", "/delete?level=INFO&type=A", "/help",
	} {
		for lang, other := range map[string]map[string]string{"en": fr, "fr": en} {
			own := map[string]map[string]string{"en": en, "fr": fr}[lang]
			body := html.UnescapeString(tags.ReplaceAllString(s.view("/anywhere"+path, "Accept-Language", lang).Body.String(), "\n"))
			for key, text := range other {
				longest := ""
				for part := range strings.SplitSeq(text, "%s") {
					if len(part) > len(longest) {
						longest = part
					}
				}
				if len(longest) > 12 && !strings.Contains(own[key], longest) {
					require.NotContains(t, body, longest, "%s in %s: %s", path, lang, key)
				}
			}
		}
	}
}
