package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// tags are names of languages that browsers understand as they are written: es, pt-BR,
// zh-Hant, es-419.
var tags = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)

// withCatalogs are the languages of the package and those of a host. The errors name the
// file and the key.
func withCatalogs(files fs.FS) (*languages, []error) {
	if files == nil {
		return ours, nil
	}
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return ours, []error{fmt.Errorf("Catalogs: %w", err)}
	}
	// English comes first: it is what the others have where they say nothing.
	if i := slices.IndexFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "en.json" }); i > 0 {
		entries = slices.Insert(slices.Delete(slices.Clone(entries), i, i+1), 0, entries[i])
	}
	all := map[string]catalog{}
	for tag, v := range ours.voices {
		all[tag] = maps.Clone(v.catalog)
	}
	var errs []error
	for _, e := range entries {
		tag, named := strings.CutSuffix(e.Name(), ".json")
		if !named || !tags.MatchString(tag) {
			errs = append(errs, fmt.Errorf("Catalogs: %.60q is no file of a language: want es.json, or pt-BR.json", e.Name()))
			continue
		}
		wrong := func(err error) { errs = append(errs, fmt.Errorf("Catalogs: %s: %w", e.Name(), err)) }
		texts, err := readCatalog(files, e.Name())
		if err != nil {
			wrong(err)
			continue
		}
		if all[tag] == nil {
			all[tag] = maps.Clone(all["en"])
			if texts["lang.name"] == "" {
				wrong(errors.New("lang.name is missing: want what the language calls itself"))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			if err := checkText(key, texts[key]); err != nil {
				wrong(err)
			}
			all[tag][key] = texts[key]
		}
	}
	if len(errs) > 0 {
		return ours, errs
	}
	return newLanguages(all), nil
}

// readCatalog reads a flat object of texts. Of two with the same key, a map would have the
// last.
func readCatalog(files fs.FS, name string) (catalog, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(text) {
		return nil, errors.New("want UTF-8")
	}
	if err := json.Unmarshal(text, &map[string]json.RawMessage{}); err != nil {
		return nil, fmt.Errorf("want an object of keys and texts: %w", err)
	}
	c := catalog{}
	for d := objectOf(text); d.More(); {
		key, _ := d.Token() // the object is whole
		var value any
		err := d.Decode(&value)
		said, ok := value.(string)
		if err != nil || !ok {
			return nil, fmt.Errorf("%.60q: want a text", key)
		}
		if _, twice := c[key.(string)]; twice {
			return nil, fmt.Errorf("%.60q is there twice", key)
		}
		c[key.(string)] = said
	}
	return c, nil
}

// objectOf reads what is in an object of JSON.
func objectOf(text []byte) *json.Decoder {
	d := json.NewDecoder(bytes.NewReader(text))
	_, _ = d.Token() // its bracket
	return d
}

// placeholders are the places in a text for what is put into it; percents are also what is
// none, where there are some.
var (
	placeholders = regexp.MustCompile(`%[sd]`)
	percents     = regexp.MustCompile(`%.?`)
)

// grouping are the signs between groups of digits: those that people may type, too.
const grouping = " \u00a0\u202f,.'’"

// checkText reports what is wrong with a text, by the English one.
func checkText(key, text string) error {
	english, known := ours.voices["en"].catalog[key]
	want, got := placeholders.FindAllString(english, -1), percents.FindAllString(text, -1)
	if len(want) == 0 { // it is said as it is
		got = placeholders.FindAllString(text, -1)
	}
	words := len(strings.Fields(text))
	switch {
	case !known:
		return fmt.Errorf("%.60q is no key of a text", key)
	case key == "format.thousands" && (utf8.RuneCountInString(text) > 1 || !strings.Contains(grouping, text)):
		return fmt.Errorf("%s: want a space, comma, point or apostrophe, or nothing", key)
	case key == "format.decimal" && utf8.RuneCountInString(text) != 1:
		return fmt.Errorf("%s: want one sign", key)
	case (key == "format.months" || key == "format.weekdays") && words != len(strings.Fields(english)):
		return fmt.Errorf("%s: want %d words with spaces between", key, len(strings.Fields(english)))
	case text == "" && key != "format.thousands":
		return fmt.Errorf("%s: is empty", key)
	case !slices.Equal(got, want):
		return fmt.Errorf("%s: has the placeholders %q, want %q in this order", key, got, want)
	}
	return nil
}
