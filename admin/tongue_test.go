package admin_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// texts are all that a page says in its language: what is seen, what is read out, and what
// scripts say. What is marked as of another language, and code, is none of it.
func texts(t *testing.T, lang, page string) (out []string) {
	t.Helper()
	said := []string{"title", "aria-label", "aria-description", "placeholder", "alt", "data-failed", "data-cancelled", "data-runs", "data-why"}
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	skipped, depth := 0, 0
	for {
		token, err := d.Token()
		if token == nil {
			require.ErrorContains(t, err, "EOF")
			return out
		}
		var found []string
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			foreign := attr["lang"] != "" && attr["lang"] != lang
			if skipped == 0 && (foreign || slices.Contains([]string{"code", "pre", "kbd"}, e.Name.Local)) {
				skipped = depth
			}
			for _, name := range said {
				found = append(found, attr[name])
			}
			if e.Name.Local == "input" && slices.Contains([]string{"submit", "button", "reset"}, attr["type"]) {
				found = append(found, attr["value"])
			}
		case xml.EndElement:
			if depth == skipped {
				skipped = 0
			}
			depth--
		case xml.CharData:
			found = []string{string(e)}
		}
		for _, text := range found {
			if text = strings.TrimSpace(spaces.Replace(text)); text != "" && skipped == 0 {
				out = append(out, text)
			}
		}
	}
}

// tongue knows the texts of another language from those of a page's own.
type tongue struct {
	pieces map[string]piece // of the other one, by what each is of
	words  *regexp.Regexp   // that the other one is full of, and the own one never has
}

// piece is found where a text has part, as it is to be.
type piece struct {
	part string
	as   *regexp.Regexp
}

// spaces are alike, whichever a language puts before its signs.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

var verbs, letter = regexp.MustCompile(`%[sd]`), regexp.MustCompile(`\pL`)

func catalogOf(t *testing.T, lang string) (all map[string]string) {
	t.Helper()
	files, err := filepath.Glob("i18n/*" + lang + ".json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &all))
	}
	for key, text := range all {
		all[key] = spaces.Replace(text)
	}
	return all
}

// newTongue makes of each text of the other language what finds it: of long ones what stands
// between their placeholders, of short ones the whole, where the own language says neither.
func newTongue(t *testing.T, lang, other string) tongue {
	own, out := catalogOf(t, lang), tongue{pieces: map[string]piece{}}
	all := ""
	for _, text := range own {
		all += "\n" + strings.TrimSpace(text) + "\n"
	}
	add := func(key, part, as string) { out.pieces[key+": "+part] = piece{part, regexp.MustCompile(as)} }
	for key, text := range catalogOf(t, other) {
		if key == "format.months" || key == "format.weekdays" {
			for word := range strings.FieldsSeq(text) {
				if !slices.Contains(strings.Fields(own[key]), word) {
					add(key, word, `(^|[\s\d])`+regexp.QuoteMeta(word)+`[\s\d]`)
				}
			}
			continue
		}
		parts, long := verbs.Split(text, -1), false
		for _, part := range parts {
			if part = strings.TrimSpace(part); len(strings.Fields(part)) > 1 || utf8.RuneCountInString(part) >= 8 {
				if long = true; !strings.Contains(all, part) {
					add(key, part, `(^|\PL)`+regexp.QuoteMeta(part)+`(\PL|$)`)
				}
			}
		}
		switch whole := strings.TrimSpace(text); {
		case long:
		case len(parts) == 1 && letter.MatchString(whole) && !strings.Contains(all, "\n"+whole+"\n"):
			add(key, whole, `^\PL*`+regexp.QuoteMeta(whole)+`\PL*$`)
		case len(parts) == 2 && letter.MatchString(parts[0]+parts[1]) && !strings.Contains(all, "\n"+whole+"\n"):
			number := strings.Replace(regexp.QuoteMeta(whole), "%s", `\d[\d., ]*`, 1)
			add(key, strings.TrimSpace(parts[0]+parts[1]), `(^|[^\pL\d])`+number+`($|[^\pL\d])`)
		}
	}
	common := map[string]string{
		"en": "the of is are was were be been has have not and or to from with without by for it this that there no only invalid want unknown error failed cannot",
		"fr": "le la les des du un une est sont et ou à au aux dans avec sans par pour ce cette il elle ne pas aucun seulement valeurs attendu échec impossible",
	}
	var rest []string
	for word := range strings.FieldsSeq(common[other]) {
		if !regexp.MustCompile(`(?i)(^|\PL)` + word + `(\PL|$)`).MatchString(all) {
			rest = append(rest, word)
		}
	}
	out.words = regexp.MustCompile(`(?i)(^|[^\pL_=.])(` + strings.Join(rest, "|") + `)($|[^\pL_=.])`)
	return out
}

// foreign are the texts that are in the other language, each with why.
func (o tongue) foreign(texts []string) (out []string) {
	for _, text := range texts {
		for why, p := range o.pieces {
			if strings.Contains(text, p.part) && p.as.MatchString(text) {
				out = append(out, text+" <- "+why)
			}
		}
		if word := o.words.FindString(text); word != "" {
			out = append(out, text+" <- "+word)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestTongue: what is of the other language is found wherever it stands, and nothing else is.
func TestTongue(t *testing.T) {
	en, fr := newTongue(t, "en", "fr"), newTongue(t, "fr", "en")
	require.Greater(t, len(en.pieces), 350)
	require.Greater(t, len(fr.pieces), 350)
	const page = `<html lang="%"><body><h1>?</h1><a lang="!" href="x">English Français</a><code>Show the newest</code></body></html>`
	for place, html := range map[string]string{
		"text": "<p>?</p>", "within": "<p>12 <b>· ?</b></p>", "title": `<a title="?">x</a>`, "label": `<br><nav aria-label="?"></nav>`, "hint": `<input placeholder="?">`, "picture": `<img alt="?">`,
		"button": `<input type="submit" value="?">`, "words": `<template id="words"><i data-t="x">?</i></template>`, "of a script": `<form data-runs="?"></form>`, "head": "<title>? · x</title>",
	} {
		within := func(lang, other, text string) []string {
			body := strings.NewReplacer("%", lang, "!", other).Replace(page)
			return texts(t, lang, strings.Replace(body, "<h1>?</h1>", strings.ReplaceAll(html, "?", text), 1))
		}
		for _, text := range []string{"The newest", "3 days", "15 Jan 2024", "Show the newest", "Time zone:", "More than 10 results", "strconv: invalid syntax", "It is not there"} {
			if place != "head" && place != "within" || len(strings.Fields(text)) > 1 {
				require.NotEmpty(t, fr.foreign(within("fr", "en", text)), "%s: %s", place, text)
			}
		}
		for _, text := range []string{"Voir les plus récents", "3 jours", "15 janv. 2024", "Fuseau horaire\u00a0:", "Plus de 10 résultats", "échec de la lecture"} {
			require.NotEmpty(t, en.foreign(within("en", "fr", text)), "%s: %s", place, text)
		}
		require.Empty(t, fr.foreign(within("fr", "en", "Voir les plus récents, 3 jours, message, ERROR, API_ERROR")), place)
		require.Empty(t, en.foreign(within("en", "fr", "Show the newest, 3 days, message, ERROR, API_ERROR")), place)
	}
	require.NotEmpty(t, fr.foreign([]string{"Search"}))
	require.NotEmpty(t, en.foreign([]string{"Niveau"}))
	require.Empty(t, append(fr.foreign([]string{"Message", "Type", "ID", "Page"}), en.foreign([]string{"Message", "Type", "ID", "Page"})...))
}
