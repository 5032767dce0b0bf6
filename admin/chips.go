package admin

import (
	"maps"
	"slices"
	"strings"
)

// chip is a filter that is on, with links that take it away or turn it around.
type chip struct {
	Field, Op      string // = ≠ or a word
	Value          []run
	Remove, Invert string // Invert is "" where there is no opposite
	Name           string // of both, for who cannot see the chip
	Param, Raw     string // what stands in the query
}

// chipFields are the filters in the order of their chips. Opposite has the same values.
var chipFields = []struct{ name, opposite, text, op string }{
	{"level", "notLevel", "column.level", "="},
	{"minLevel", "", "column.level", "≥"},
	{"actor", "notActor", "column.actor", "="},
	{"type", "notType", "column.type", "op.contains"},
	{"actorId", "notActorId", "column.actorId", "="},
	{"search", "notSearch", "filter.search", "op.contains"},
	{"notLevel", "level", "column.level", "≠"},
	{"notActor", "actor", "column.actor", "≠"},
	{"notType", "type", "column.type", "op.lacks"},
	{"notActorId", "actorId", "column.actorId", "≠"},
	{"notSearch", "search", "filter.search", "op.lacks"},
}

// lists are the filters whose values have commas between them; in others one is a character.
var lists = []string{"level", "notLevel", "actor", "notActor"}

// chips are those of a query.
func chips(f frame) (out []chip) {
	say := f.voice.catalog
	add := func(name, value, opposite, text, op string) {
		if strings.HasPrefix(op, "op.") {
			op = say.say(op)
		}
		less := f.place.without(name, value)
		if name == "actor" {
			rest := slices.DeleteFunc(splitList(f.place.query.Get(name)), func(other string) bool { return other == value })
			less = place{f.place.base, maps.Clone(f.place.query)}
			less.query[name] = given([]string{strings.Join(rest, ",")})
		}
		shown := value
		if slices.Contains(lists, name) {
			shown = strings.ReplaceAll(value, ",", ", ")
		}
		c := chip{Param: name, Raw: value, Field: text, Op: op, Value: runs(shown, false), Remove: less.filtered()}
		if opposite != "" {
			inverted := less.filtered(opposite, value)
			if slices.Contains(repeated, opposite) {
				inverted = place{less.base, add1(less.query, opposite, value)}.filtered()
			}
			c.Invert = inverted
		}
		c.Name = text + " " + op + " " + plainly(value)
		out = append(out, c)
	}
	for _, field := range chipFields {
		for _, value := range f.place.query[field.name] {
			values := []string{value}
			if field.name == "actor" {
				values = splitList(value) // each is a filter by itself, that may go
			}
			for _, value := range given(values) {
				add(field.name, value, field.opposite, say.say(field.text), field.op)
			}
		}
	}
	for _, prefix := range [][3]string{{metaPrefix, notMetaPrefix, "="}, {notMetaPrefix, metaPrefix, "≠"}} {
		var names []string
		for name := range f.place.query {
			if strings.HasPrefix(name, prefix[0]) {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			path := strings.TrimPrefix(name, prefix[0])
			for _, value := range f.place.query[name] {
				add(name, value, prefix[1]+path, plainly(path), prefix[2])
			}
		}
	}
	return out
}

// add1 is a query with one value more.
func add1(q map[string][]string, name, value string) map[string][]string {
	out := map[string][]string{}
	for n, all := range q {
		out[n] = all
	}
	if !slices.Contains(out[name], value) {
		out[name] = append(slices.Clone(out[name]), value)
	}
	return out
}
