package admin

import (
	"net/url"

	"github.com/callastar/syslog"
)

// deeds are what can be done with a value of an event.
type deeds struct {
	Name                      string // of its field
	Href, NotHref, ColumnHref string // filters by it, leaves it out, shows the field in the list
	Copy                      string // for a script, escaped: an attribute takes no text as it is
	Path                      string // reveals what is masked
}

// valueDeeds are those of a field that every event has. An actor of another program may be one that
// no filter can have.
func (a asked) valueDeeds(field syslog.Field, value string) deeds {
	if field == syslog.FieldActor && !syslog.LogActor(value).Valid() {
		return deeds{Name: a.voice.say(facetTexts[field]), Copy: escaped(value)}
	}
	name := "not" + string(field[0]-'a'+'A') + string(field[1:])
	less := place{a.place.base, add1(a.place.query, name, value)}
	return deeds{Name: a.voice.say(facetTexts[field]), Href: a.place.choosing(field, value), NotHref: less.filtered(), Copy: escaped(value)}
}

func escaped(text string) string {
	if text == masked {
		return ""
	}
	return url.PathEscape(text)
}

// nodeDeeds are what can be done with the values of the metadata. What is hidden is revealed, but
// neither it nor what was revealed leads to a filter: values of these stand in no address. It
// reports whether something is hidden still, and whether something was revealed, which no
// part of the tree is closed over.
func (v *entryView) nodeDeeds(nodes []node, keys []string, hidden map[string]bool) (some, revealed bool) {
	for i := range nodes {
		n := &nodes[i]
		path := append(keys[:len(keys):len(keys)], clip(n.name))
		at := pathOf(path)
		n.Deeds = deeds{Name: plainly(at), Copy: escaped(n.text)}
		switch {
		case !n.Index && hidden[at] && n.text == masked:
			if some = true; v.perms.Has(PermReveal) {
				n.Deeds.Path = at
			}
		case !n.Index && hidden[at]:
			n.Revealed, n.Open, revealed = true, true, true
			continue // nor what is within
		case n.Path != "":
			n.Deeds.Href, n.Deeds.NotHref = v.place.filtered(metaPrefix+n.Path, n.Plain), v.place.filtered(notMetaPrefix+n.Path, n.Plain)
			n.Deeds.ColumnHref = v.place.filtered(formColumn, metaPrefix+n.Path)
		}
		still, open := v.nodeDeeds(n.Nodes, path, hidden)
		n.Open, some, revealed = n.Open || open, some || still, revealed || open
	}
	return some, revealed
}
