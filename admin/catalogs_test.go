package admin_test

import (
	"testing"
	"testing/fstest"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

func catalogs(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// TestLanguagesOfAHost: one that is added falls back to English, as the host has it; those of
// the package to themselves. Another handler knows of neither.
func TestLanguagesOfAHost(t *testing.T) {
	s := open(t, admin.Options{DefaultLang: "pt-BR", Catalogs: catalogs(map[string]string{
		"pt-BR.json": `{"lang.name": "Português", "invalid": "Parâmetros inválidos", "want_number": "quer um número a partir de %d", "format.thousands": ".", "format.decimal": ","}`,
		"fr.json":    `{"nav.explorer": "Les journaux"}`,
		"en.json":    `{"nav.explorer": "Logs", "nav.trends": "Curves"}`,
	})})
	s.write(some(3)...)
	for lang, want := range map[string][]string{
		"pt-BR": {`<html lang="pt-BR"`, ">Logs<", ">Curves<", ">Português<", ">English<", ">Français<"}, "fr": {`<html lang="fr"`, ">Les journaux<", ">Tendances<", ">Português<"}, "en": {`<html lang="en"`, ">Logs<", ">Curves<"},
	} {
		w := s.view("/anywhere/trends?lang="+lang, "Accept-Language", "de")
		require.Equal(t, lang, w.Header().Get("Content-Language"))
		for _, text := range want {
			require.Contains(t, w.Body.String(), text, lang)
		}
	}
	for accept, want := range map[string]string{"": "pt-BR", "de": "pt-BR", "pt-br": "pt-BR", "pt-BR-x-old": "pt-BR", "fr-CA": "fr", "en, pt-BR;q=0.9": "en", "pt;q=0.9, fr;q=0.1": "fr"} {
		require.Equal(t, want, s.view("/anywhere/trends", "Accept-Language", accept).Header().Get("Content-Language"), accept)
	}
	w := s.do("GET", logs+"?offset=-1&lang=PT-br", "")
	require.Equal(t, "pt-BR", w.Header().Get("Content-Language"))
	require.Equal(t, "Parâmetros inválidos", object(t, w)["error"])
	require.Contains(t, w.Body.String(), "offset: quer um número a partir de 0")
	other := open(t, admin.Options{}).view("/anywhere/trends?lang=pt-BR")
	require.Equal(t, "en", other.Header().Get("Content-Language"))
	require.Contains(t, other.Body.String(), ">Explorer<")
	require.NotContains(t, other.Body.String(), "Português")
}

// TestWrongCatalogs are errors that say in which file, and of which key.
func TestWrongCatalogs(t *testing.T) {
	s := open(t, admin.Options{})
	const name = `{"lang.name": "X", `
	for text, want := range map[string]string{
		``:                               "want an object of keys and texts",
		`[]`:                             "want an object of keys and texts",
		`{"lang.name": "X"} {}`:          "want an object of keys and texts",
		name + `"nav.help": "a",}`:       "want an object of keys and texts",
		"{\"lang.name\": \"\xff\"}":      "want UTF-8",
		`{}`:                             "lang.name is missing",
		name + `"nav.help": 1}`:          `"nav.help": want a text`,
		name + `"nav.help": null}`:       `"nav.help": want a text`,
		name + `"nav.help": {"a": "b"}}`: `"nav.help": want a text`,
		name + `"nav.help": "a", "nav.help": "b"}`: `"nav.help" is there twice`,
		name + `"nav.help": ""}`:                   "nav.help: is empty",
		name + `"nav.halp": "a"}`:                  `"nav.halp" is no key`,
		name + `"nav.help": "%s"}`:                 "nav.help: has the placeholders",
		name + `"too_long": "longer"}`:             `too_long: has the placeholders [], want ["%d"]`,
		name + `"too_long": "%s"}`:                 "too_long: has the placeholders",
		name + `"too_long": "%d %d"}`:              "too_long: has the placeholders",
		name + `"too_long": "50 % of %d"}`:         "too_long: has the placeholders",
		name + `"too_long": "%d %"}`:               "too_long: has the placeholders",
		name + `"too_long": "%[1]d"}`:              "too_long: has the placeholders",
		name + `"format.months": "a b c"}`:         "format.months: want 12 words",
		name + `"format.weekdays": "a b c"}`:       "format.weekdays: want 7 words",
		name + `"format.thousands": "x"}`:          "format.thousands: want",
		name + `"format.decimal": ""}`:             "format.decimal: want",
	} {
		_, err := admin.New(s.logger, &admin.Options{Authorize: boss, Catalogs: catalogs(map[string]string{"de.json": text})})
		require.ErrorContains(t, err, "Catalogs: de.json: ", text)
		require.ErrorContains(t, err, want, text)
	}
	for _, file := range []string{"de.txt", "de", "german.json", "DE.json", "pt_BR.json", "pt-br.json", ".json", "i18n/de.json", "en.de.json"} {
		_, err := admin.New(s.logger, &admin.Options{Authorize: boss, Catalogs: catalogs(map[string]string{file: `{"lang.name": "X"}`})})
		require.ErrorContains(t, err, "is no file of a language", file)
	}
	_, err := admin.New(s.logger, &admin.Options{Authorize: boss, Catalogs: catalogs(map[string]string{"de.json": `{"a": "", "b": ""}`, "es.json": `[]`})})
	for _, want := range []string{`de.json: "a"`, `de.json: "b"`, "de.json: lang.name", "es.json: want"} {
		require.ErrorContains(t, err, want)
	}
	_, err = admin.New(s.logger, &admin.Options{Authorize: boss, DefaultLang: "es"})
	require.ErrorContains(t, err, `DefaultLang is "es": want en or fr`)
	for _, good := range []string{"%", "100 % sure"} {
		_, err = admin.New(s.logger, &admin.Options{Authorize: boss, Catalogs: catalogs(map[string]string{"de.json": name + `"nav.help": "` + good + `"}`})})
		require.NoError(t, err)
	}
}
