package admin

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCatalogs: the same keys with the same verbs, no empty text, and none that nobody says.
// A key that ends with .one or .other is said by what is before.
func TestCatalogs(t *testing.T) {
	verb := regexp.MustCompile(`%[a-z%]`)
	var all strings.Builder
	for _, pattern := range []string{"*.go", "templates/*.html", "templates/shared/*.html"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") {
				continue
			}
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			all.Write(text)
		}
	}
	source := all.String()
	en, fr := ours.voices["en"].catalog, ours.voices["fr"].catalog
	for key, text := range en {
		other, found := fr[key]
		require.True(t, found, key)
		require.NoError(t, checkText(key, text))
		require.NoError(t, checkText(key, other))
		if key != "format.thousands" {
			require.NotEmpty(t, strings.TrimSpace(text), key)
			require.NotEmpty(t, strings.TrimSpace(other), key)
		}
		require.Equal(t, verb.FindAllString(text, -1), verb.FindAllString(other, -1), key)
		said := strings.Contains(source, `"`+key+`"`)
		for _, form := range []string{".one", ".other"} {
			name, plural := strings.CutSuffix(key, form)
			said = said || plural && strings.Contains(source, `"`+name+`"`)
		}
		require.True(t, said, "nobody says %q", key)
	}
	require.Len(t, fr, len(en))
	for _, m := range regexp.MustCompile(`v\.add\([^(),]+, "([a-z_]+)"|failed\([^,]+, "([a-z_]+)"\)|key: "([a-z_]+)"|say\("([a-zA-Z_.]+)"|{{t "([a-zA-Z_.]+)"|(?:counted\(|counted )"([a-zA-Z_.]+)"`).FindAllStringSubmatch(source, -1) {
		key := m[slices.IndexFunc(m[1:], func(s string) bool { return s != "" })+1]
		_, found := en[key]
		_, plural := en[key+".other"]
		require.True(t, found || plural, "there is no text for %q", key)
	}
}

// TestFrenchSpaces: in the texts of the page none that breaks before the signs that have
// one, and curly apostrophes.
func TestFrenchSpaces(t *testing.T) {
	files, err := filepath.Glob("i18n/*fr.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		var texts map[string]string
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &texts))
		for key, text := range texts {
			require.NotRegexp(t, `[ \pL][:;!?](\s|$)`, text, key)
			require.NotContains(t, text, "'", key)
		}
	}
}

// TestTemplatesSayNothingThemselves: text stands in the catalogs, but for names that are the
// same in every language.
func TestTemplatesSayNothingThemselves(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	require.NoError(t, err)
	shared, err := filepath.Glob("templates/shared/*.html")
	require.NoError(t, err)
	names := regexp.MustCompile(`\b(INFO|WARNING|ERROR|CRITICAL)\b`)
	for _, f := range append(files, shared...) {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		bare := regexp.MustCompile(`(?s){{.*?}}`).ReplaceAllString(string(text), "")
		attributes := regexp.MustCompile(`(?:aria-label|title|alt|placeholder)="[^"]*\pL{2}[^"]*"`).FindAllString(bare, -1)
		require.Subset(t, []string{`placeholder="requestId"`}, attributes, f)
		bare = regexp.MustCompile(`(?s)<[^>]*>|[a-z-]+="[^"]*"`).ReplaceAllString(bare, " ")
		require.Empty(t, regexp.MustCompile(`\pL{2,}`).FindAllString(names.ReplaceAllString(bare, ""), -1), f)
	}
}

func TestLanguage(t *testing.T) {
	h := &Handler{opts: Options{DefaultLang: "en"}, settled: settled{langs: ours}}
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "en"}, {"", "fr", "fr"}, {"", "fr-CA,en;q=0.8", "fr"}, {"", "en;q=0.3,fr;q=0.5", "fr"}, {"", "de", "en"}, {"?lang=fr", "en", "fr"},
		{"?lang=FR", "en", "fr"}, {"?lang=de", "fr", "fr"}, {"", "fr;q=0,en;q=0.1", "en"}, {"", "fr;q=two", "en"}, {"", ";;,,fr;q=1;x", "en"}, {"", "*", "en"},
	} {
		r := httptest.NewRequest("GET", "/"+c.query, nil)
		r.Header.Set("Accept-Language", c.accept)
		got, _ := h.lang(r)
		require.Equal(t, c.want, got, c)
	}
}
