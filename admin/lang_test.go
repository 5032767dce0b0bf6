package admin

import (
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
func TestCatalogs(t *testing.T) {
	verb := regexp.MustCompile(`%[a-z]`)
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var source strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		source.Write(text)
	}
	for key, text := range catalogs["en"] {
		other, found := catalogs["fr"][key]
		require.True(t, found, key)
		require.NotEmpty(t, strings.TrimSpace(text), key)
		require.NotEmpty(t, strings.TrimSpace(other), key)
		require.Equal(t, verb.FindAllString(text, -1), verb.FindAllString(other, -1), key)
		require.Contains(t, source.String(), `"`+key+`"`)
	}
	require.Len(t, catalogs["fr"], len(catalogs["en"]))
	for _, m := range regexp.MustCompile(`v\.add\([^(),]+, "([a-z_]+)"|failed\([^,]+, "([a-z_]+)"\)|key: "([a-z_]+)"`).FindAllStringSubmatch(source.String(), -1) {
		key := m[slices.IndexFunc(m[1:], func(s string) bool { return s != "" })+1]
		require.Contains(t, catalogs["en"], key)
	}
}

func TestLanguage(t *testing.T) {
	h := &Handler{opts: Options{DefaultLang: "en"}}
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
