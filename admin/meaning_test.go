package admin_test

import (
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestLevelsAndActorsAreExplained where somebody may wonder; they themselves stay as they are.
func TestLevelsAndActorsAreExplained(t *testing.T) {
	s := open(t, admin.Options{})
	logs := some(8)
	logs[0].Actor = "ROBOT"
	s.write(logs...)
	for path, want := range map[string][]string{
		"/help?lang=fr":    {"comportement anormal mais non bloquant", "60 jours", "illimitée", "utilisateur (fan)", "<code>GUEST</code>"},
		"/help?lang=en":    {"unusual, but blocks nothing", "60 days", "for ever", "user (customer)"},
		"/facets?lang=fr":  {`title="ERROR — erreur fonctionnelle ou technique (conservation` + "\u00a0" + `: 90 jours)"`, `title="USER — utilisateur (fan)"`, `title="ROBOT"`},
		"/logs/ac?lang=en": {`title="ERROR — functional or technical error (kept: 90 days)"`, "user (customer)"},
		"/?lang=fr":        {`title="CRITICAL — erreur bloquante, attention immédiate (conservation` + "\u00a0" + `: illimitée)"`, `title="GUEST — visiteur non authentifié"`},
	} {
		body := s.view("/anywhere" + path).Body.String()
		for _, text := range want {
			require.Contains(t, body, text, path)
		}
	}
}
