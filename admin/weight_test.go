package admin

import (
	"bytes"
	"compress/gzip"
	"path"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWeightOfAssets, as it is sent.
func TestWeightOfAssets(t *testing.T) {
	size, modules := map[string]int{}, 0
	for name, text := range static().files {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, err := z.Write(text)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		size[path.Ext(name)] += b.Len()
		require.NotEmpty(t, kinds[path.Ext(name)], name)
		if path.Ext(name) == ".js" {
			modules++
			require.NotRegexp(t, `\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|https?:)`, inHTML(name, string(text)), name)
		}
		require.NotRegexp(t, `@import|url\(`, string(text), name)
	}
	require.LessOrEqual(t, size[".js"], 30<<10)
	require.LessOrEqual(t, size[".css"], 10<<10)
	require.LessOrEqual(t, modules, 7)
}

// inHTML is a module without the one line that may make markup, which main.js alone has.
func inHTML(name, text string) string {
	if name != "main.js" {
		return text
	}
	return regexp.MustCompile(`template\.innerHTML = policy\.createHTML\(text\);`).ReplaceAllString(text, "")
}
