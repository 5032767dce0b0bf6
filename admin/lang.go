package admin

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

//go:embed i18n
var catalogFiles embed.FS

// catalog is the text of one language by its key.
type catalog map[string]string

// load reads the files of a language: en.json, and one of each part of the page.
func load(lang string) catalog {
	parts, err := fs.Glob(catalogFiles, "i18n/*."+lang+".json")
	all := catalog{}
	for _, name := range append(parts, "i18n/"+lang+".json") {
		var c catalog
		var text []byte
		if err == nil {
			text, err = catalogFiles.ReadFile(name)
		}
		if err == nil {
			err = json.Unmarshal(text, &c)
		}
		for key, text := range c {
			if _, twice := all[key]; twice {
				err = fmt.Errorf("%s: %q is in another file, too", name, key)
			}
			all[key] = text
		}
	}
	if err != nil {
		panic(err) // files of the package's own, which its tests read
	}
	return all
}

// say is the text for a key.
func (c catalog) say(key string, args ...any) string {
	text := c[key]
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return text
}

// lang is the language of the answer: ?lang=, else what the browser would rather have,
// else the default.
func (h *Handler) lang(r *http.Request) (tag string, c catalog) {
	if v, found := h.langs.voices[strings.ToLower(r.URL.Query().Get("lang"))]; found {
		return v.lang, v.catalog
	}
	best, weight := h.langs.voices[strings.ToLower(h.opts.DefaultLang)], 0.0
	for part := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Language"), ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		q := 1.0
		if v, found := strings.CutPrefix(strings.TrimSpace(params), "q="); found {
			var err error
			if q, err = strconv.ParseFloat(v, 64); err != nil || q < 0 || q > 1 {
				continue
			}
		}
		if v, found := h.langs.find(strings.TrimSpace(name)); found && q > weight {
			best, weight = v, q
		}
	}
	return best.lang, best.catalog
}
