package admin_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// tour asks for pages in one language, and looks at what they say.
type tour struct {
	*site
	lang  string
	o     tongue
	codes map[int]bool
	seen  map[string]bool   // paths
	said  map[string]bool   // texts
	odd   map[string]string // texts of the other language, and where
}

// failed is the status of an answer whose reason depends on what is tried first.
const failed = -1

// on is the tour of another handler.
func (g tour) on(h http.Handler) tour {
	g.site = &site{t: g.t, mux: http.NewServeMux()}
	g.mux.Handle("/anywhere/", http.StripPrefix("/anywhere", h))
	return g
}

// of is the tour of a logger's own handler.
func (g tour) of(l *syslog.Logger, opts admin.Options) tour {
	if opts.Logger = quiet; opts.Authorize == nil {
		opts.Authorize = boss
	}
	h, err := admin.New(l, &opts)
	require.NoError(g.t, err)
	return g.on(h)
}

// page asks, and returns the body of the answer.
func (g tour) page(status int, method, path, form string, headers ...string) string {
	g.t.Helper()
	headers = append([]string{"Accept-Language", g.lang}, headers...)
	if form != "" {
		headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	}
	w := g.do(method, "/anywhere"+path, form, headers...)
	if status == failed {
		require.GreaterOrEqual(g.t, w.Code, 429, "%s %s", method, path)
	} else {
		require.Equal(g.t, status, w.Code, "%s %.200s", method, path)
	}
	g.codes[w.Code] = true
	name, _, _ := strings.Cut(path, "?")
	if g.seen[method+" "+name] = true; status == http.StatusSeeOther {
		to := strings.TrimLeft(w.Header().Get("Location"), "./")
		return g.page(200, "GET", "/"+to, "")
	}
	require.Equal(g.t, g.lang, w.Header().Get("Content-Language"), path)
	found := texts(g.t, g.lang, w.Body.String())
	require.NotEmpty(g.t, found, path)
	found = slices.DeleteFunc(found, func(text string) bool { return g.said[text] })
	for _, text := range found {
		g.said[text] = true
	}
	for _, text := range g.o.foreign(found) {
		g.odd[text] = method + " " + path
	}
	return w.Body.String()
}

func (g tour) get(status int, path string) string {
	g.t.Helper()
	return g.page(status, "GET", path, "")
}
func (g tour) send(status int, path, form string) string {
	g.t.Helper()
	return g.page(status, "POST", path, form)
}

// TestPagesInOneLanguage: no text of the other one on any page, in any state.
func TestPagesInOneLanguage(t *testing.T) {
	for lang, other := range map[string]string{"en": "fr", "fr": "en"} {
		t.Run(lang, func(t *testing.T) {
			g := newTour(t, lang, other, admin.Options{
				NavLinks: []admin.NavLink{{Text: "X", URL: "/x"}},
				Alerts:   []admin.Alert{{Name: "A", When: "B", Test: func(context.Context) error { return nil }}, {Name: "C", Test: func(context.Context) error { return errors.New("x") }}},
			})
			for _, visit := range []func(){g.explorer, g.entry, g.counts, g.maintenance, g.deletion, g.erasure, g.problems, g.outages, g.troubles} {
				visit()
			}
			for _, rt := range admin.Routes(g.handler) {
				if path := strings.Replace(rt.Path, "{id}", "one", 1); !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/assets/") {
					require.True(t, g.seen[rt.Method+" "+path], "nobody looks at %s %s", rt.Method, rt.Path)
				}
			}
			for _, status := range []int{200, 303, 400, 401, 403, 404, 405, 409, 413, 414, 415, 429, 500, 501, 503, 504} {
				require.True(t, g.codes[status], "no answer is %d", status)
			}
			require.Greater(t, len(g.said), 700)
			for _, l := range g.stored() { // what is logged is of no language of the page
				maps.DeleteFunc(g.odd, func(text, _ string) bool { return strings.HasPrefix(text, l.Message+" <- ") })
			}
			require.Empty(t, g.odd)
		})
	}
	t.Run("mixed", func(t *testing.T) {
		for key, text := range map[string]string{"nav.back": "Back to the list", "keys.help": "These shortcuts", "dialog.close": "Close", "live.new.other": "%s new logs — show"} {
			file, err := json.Marshal(map[string]string{key: text})
			require.NoError(t, err)
			g := newTour(t, "fr", "en", admin.Options{Catalogs: catalogs(map[string]string{"fr.json": string(file)})})
			g.write(entries(3)...)
			g.get(200, "/logs/ac")
			require.Contains(t, fmt.Sprint(g.odd), "<- "+key+": ")
		}
	})
}

func newTour(t *testing.T, lang, other string, opts admin.Options) tour {
	return tour{site: open(t, opts), lang: lang, o: newTongue(t, lang, other), codes: map[int]bool{}, seen: map[string]bool{}, said: map[string]bool{}, odd: map[string]string{}}
}
