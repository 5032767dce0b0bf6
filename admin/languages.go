package admin

import (
	"html/template"
	"maps"
	"slices"
	"strings"
	"sync"
)

// languages are those that a handler speaks: those of the package, and what a host adds.
type languages struct {
	tags   []string         // in the order of the switch
	voices map[string]voice // by the tag in small letters
	// pages are the templates of each language and page, which are parsed when the first is shown.
	pages func() map[string]map[string]*template.Template
}

// ours are the languages of the package, which handlers without others share.
var ours = newLanguages(map[string]catalog{"en": load("en"), "fr": load("fr")})

func newLanguages(catalogs map[string]catalog) *languages {
	l := &languages{tags: slices.Sorted(maps.Keys(catalogs)), voices: map[string]voice{}}
	for tag, c := range catalogs {
		l.voices[strings.ToLower(tag)] = voice{tag, c}
	}
	l.pages = sync.OnceValue(func() map[string]map[string]*template.Template { return parsePages(l.voices) })
	return l
}

// find is the language of a tag, or the one of which it is a variety: fr for fr-CA.
func (l *languages) find(tag string) (voice, bool) {
	for tag = strings.ToLower(tag); tag != ""; {
		if v, found := l.voices[tag]; found {
			return v, true
		}
		tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
	}
	return voice{}, false
}

// zeroIsOne and noOne are the languages in which not 1 alone is singular, and those in which
// nothing is, as CLDR has them. Forms for a few, or for many, there are not.
var (
	zeroIsOne = strings.Fields("ak am as bho bn csw doi fa ff fr gu guw hi hy kab kn ln mg nso pa pcm pt si ti wa zu")
	noOne     = strings.Fields("bm bo dz hnj id ig ii ja jbo jv kde kea km ko lkt lo ms my nqo osa sah ses sg su th to tpi vi wo yo yue zh")
)

// plural is the end of the key for a number of things.
func (v voice) plural(n int64) string {
	primary, _, _ := strings.Cut(v.lang, "-")
	one := n == 1 || n == 0 && slices.Contains(zeroIsOne, primary) && v.lang != "pt-PT"
	if one && !slices.Contains(noOne, primary) {
		return ".one"
	}
	return ".other"
}
