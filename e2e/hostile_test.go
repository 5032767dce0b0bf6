package e2e_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// longest is how many characters of a text a row has.
const longest = 240

// hostile is an event that has a text of the corpus in every field, as it was kept.
type hostile struct {
	syslog.Log
	key string // of the metadata
}

// logged puts the corpus into the log, as a program does.
func logged(s *site) (out []hostile) {
	s.t.Helper()
	for _, text := range corpus() {
		s.logger.Error(s.t.Context(), text, syslog.User(text), text, syslog.Metadata{"at": text, text: text, "nested": map[string]any{text: []any{text, map[string]any{"deep": text}}}})
	}
	require.NoError(s.t, s.logger.Flush(s.t.Context()))
	page, err := s.logger.Query(s.t.Context(), syslog.Query{Order: syslog.Asc, Limit: syslog.MaxLimit})
	require.NoError(s.t, err)
	require.Len(s.t, page.Logs, len(corpus()))
	for _, l := range page.Logs {
		var metadata map[string]json.RawMessage
		require.NoError(s.t, json.Unmarshal(l.Metadata, &metadata))
		keys := slices.DeleteFunc(slices.Collect(maps.Keys(metadata)), func(key string) bool {
			return slices.Contains([]string{"at", "nested", "_truncated", "_encodeError"}, key)
		})
		require.Len(s.t, keys, 1, string(l.Metadata))
		out = append(out, hostile{l, keys[0]})
	}
	return out
}

// query is one by which the event is found, and which has the text everywhere it can be.
func (h hostile) query() string {
	path := h.path()
	cols := "time,level,actor,type,message,meta.at"
	if !strings.Contains(path, ",") { // which parts a list
		cols += ",meta." + path
	}
	return "?" + url.Values{"search": {h.Message}, "type": {h.Type}, "actorId": {h.ActorID}, "meta." + path: {h.value()}, "notSearch": {h.Message + "?"}, "cols": {cols}}.Encode()
}

// path is that of the key, in the words of a query.
func (h hostile) path() string { return strings.NewReplacer(`\`, `\\`, ".", `\.`).Replace(h.key) }

func (h hostile) value() (text string) {
	var metadata map[string]json.RawMessage
	_ = json.Unmarshal(h.Metadata, &metadata)
	_ = json.Unmarshal(metadata["at"], &text)
	return text
}

// TestHostileText: whatever stands in a log is text, on every page, and looks like what it is.
func TestHostileText(t *testing.T) {
	s := serve(t, admin.Options{})
	all := logged(s)
	for name, look := range map[string]browser.Look{"desktop": {}, "phone": {Width: 360, Height: 740, Phone: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tab := browser.Open(t, s.url, look)
			show := func(path string) {
				t.Helper()
				tab.Go("/tools/logs/" + path)
				ready(t, tab)
				harmless(t, tab, path)
			}
			for _, path := range []string{"?limit=500", "?limit=500&wrap=1", "?limit=500&cols=message,type,meta.at,meta.nested", "facets", "?type=%3C%2Ftitle%3E", "trends?range=24h", "maintenance", "help"} {
				show(path)
				if path == "?limit=500" {
					require.Equal(t, len(all), tab.Count("tr[data-id]"))
					for _, h := range all {
						shows(t, texts(tab, h.ID, ".msg"), h.Message)
						shows(t, texts(tab, h.ID, ".c-type"), h.Type)
						shows(t, texts(tab, h.ID, ".id"), h.ActorID)
					}
				}
				if name == "desktop" && path != "?limit=500&wrap=1" {
					require.LessOrEqual(t, uneven(tab), 1.0, "rows of %s are as high as others", path)
				}
			}
			for i, h := range all {
				if name == "phone" && i%5 != 0 { // that is of the layout, which few of them show
					continue
				}
				show(h.query())
				require.Equal(t, 1, tab.Count(fmt.Sprintf(`tr[data-id=%q]`, h.ID)), "%q is found by %s", h.Message, h.query())
				if len(h.Message) < longest { // otherwise there is no room for all of it
					require.Positive(t, tab.Count("tr .msg mark"), "%q", h.Message)
				}
				shows(t, texts(tab, h.ID, ".c-meta"), h.value())
				chips := texts(tab, "", ".chips")
				for _, text := range []string{h.Type, h.ActorID, h.Message, h.path()} {
					shows(t, chips, text)
				}
				if name == "desktop" {
					require.LessOrEqual(t, uneven(tab), 1.0)
				}
				show("logs/" + h.ID + h.query())
				entry := texts(tab, "", ".entry")
				for _, text := range []string{h.Type, h.Message, h.ActorID, h.key, h.value()} {
					shows(t, entry, text)
				}
			}
		})
	}
}

// harmless: nothing has run, gone elsewhere, become markup, or pushed the page aside.
func harmless(t *testing.T, tab *browser.Tab, path string) {
	t.Helper()
	var found struct {
		Pwned, Elements, Links, Raw string
	}
	tab.Eval(`({
		Pwned: String(globalThis.__pwned),
		Elements: [...document.querySelectorAll("img, iframe, object, embed, math, base, style, template:not(#words), textarea, meta[http-equiv], body link, body script, svg script, [style], h1 ~ h1")]
			.concat([...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on")))).map((e) => e.outerHTML.slice(0, 200)).join("\n"),
		Links: [...document.querySelectorAll("[href], [src], [action]")].filter((e) => ["href", "src", "action"].some((name) => {
			const to = e.getAttribute(name);
			return to !== null && new URL(to, document.baseURI).origin !== location.origin;
		})).map((e) => e.outerHTML.slice(0, 200)).join("\n"),
		Raw: (document.title + document.body.textContent).match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g)?.map((c) => c.codePointAt(0).toString(16)).join(" ") ?? "",
	})`, &found)
	require.Equal(t, "undefined", found.Pwned, path)
	require.Empty(t, found.Elements, path)
	require.Empty(t, found.Links, path)
	require.Empty(t, found.Raw, "characters that nobody sees, in %s", path)
	require.Empty(t, tab.Faults(), path)
	require.Zero(t, tab.Overflow(), path)
	for _, sent := range tab.Sent() {
		u, err := url.Parse(sent)
		require.NoError(t, err)
		_, below, _ := strings.Cut(u.Path, "/tools/logs/")
		top, _, _ := strings.Cut(below, "/")
		require.Contains(t, []string{"", "rows", "facets", "histogram", "logs", "assets", "trends", "maintenance", "help", "api"}, top, sent)
	}
}

// texts is what elements say, of an event's row, or of the page.
func texts(tab *browser.Tab, id, selector string) (text string) {
	if id != "" {
		selector = fmt.Sprintf("tr[data-id=%q] %s", id, selector)
	}
	quoted, _ := json.Marshal(selector) // a text
	tab.Eval(`[...document.querySelectorAll(`+string(quoted)+`)].filter((e) => e.getClientRects().length).map((e) => e.textContent).join("\n")`, &text)
	return text
}

// uneven is by how many pixels the highest row is higher than the lowest.
func uneven(tab *browser.Tab) (pixels float64) {
	tab.Eval(`(() => {
		const all = [...document.querySelectorAll("tr[data-id]")].map((e) => e.getBoundingClientRect().height);
		return all.length ? Math.max(...all) - Math.min(...all) : 0;
	})()`, &pixels)
	return pixels
}

// shows: what can be seen of a text is there, in its order; the rest of it may be shown by escapes.
func shows(t *testing.T, shown, text string) {
	t.Helper()
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) // a row has the beginning
	}
	rest := shown
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		_, after, found := strings.Cut(rest, part)
		require.True(t, found, "%q is in %q", part, shown)
		rest = after
	}
}

// TestHostileSuggestions: what completes a field is data to the browser, too.
func TestHostileSuggestions(t *testing.T) {
	s := serve(t, admin.Options{})
	for _, h := range logged(s) {
		for field, want := range map[string]string{"type": h.Type, "actorId": h.ActorID} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/tools/logs/api/admin/system-logs/suggest?"+url.Values{"field": {field}, "q": {want}}.Encode(), nil)
			require.NoError(t, err)
			answer, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			text, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			require.Equal(t, http.StatusOK, answer.StatusCode, string(text))
			require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"))
			require.Contains(t, answer.Header.Get("Content-Type"), "application/json")
			require.NotContains(t, string(text), "<")
			var found struct{ Values []string }
			require.NoError(t, json.Unmarshal(text, &found))
			require.Contains(t, found.Values, want)
		}
	}
}
