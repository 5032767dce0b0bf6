package admin

import (
	"slices"
	"strings"
)

// The columns of the list, in their order; others are fields of the metadata.
var (
	allColumns     = []string{"time", "level", "actor", "type", "message"}
	defaultColumns = allColumns
)

// maxColumns is how many columns a list has at most.
const maxColumns = 12

// column is one of the list.
type column struct {
	Name, Text string
	Key        bool // a field of the metadata, whose keys are path
	path       []string
}

// readColumns reads the parameter cols.
func readColumns(text string, v *invalid, say catalog) (out []column) {
	names := splitList(text)
	if len(names) == 0 {
		names = defaultColumns
	}
	if len(names) > maxColumns {
		v.add("cols", "too_many", maxColumns)
		names = defaultColumns
	}
	for _, name := range names {
		c := column{Name: name}
		path, key := strings.CutPrefix(name, metaPrefix)
		if key {
			var ok bool
			if c.path, ok = splitPath(path); !ok {
				v.add("cols", "want_columns")
				continue
			}
			c.Key, c.Text = true, plainly(path)
		} else if !slices.Contains(allColumns, name) {
			v.add("cols", "want_columns")
			continue
		} else {
			c.Text = say.say(columnTexts[name])
		}
		if !slices.ContainsFunc(out, func(o column) bool { return o.Name == name }) {
			out = append(out, c)
		}
	}
	return out
}

var columnTexts = map[string]string{
	"time": "column.time", "level": "column.level", "actor": "column.actor", "type": "column.type", "message": "column.message",
}

// columnChoices are links that show a column, or hide it.
func columnChoices(p place, shown []column, say catalog) (out []option) {
	var names []string
	for _, c := range shown {
		names = append(names, c.Name)
	}
	for _, name := range allColumns {
		out = append(out, option{Text: say.say(columnTexts[name]), Value: name, Current: slices.Contains(names, name)})
	}
	for _, c := range shown {
		if c.Key {
			out = append(out, option{Text: c.Text, Value: c.Name, Current: true})
		}
	}
	for i, o := range out {
		var with []string
		for _, name := range allColumns {
			if slices.Contains(names, name) != (name == o.Value) {
				with = append(with, name)
			}
		}
		for _, c := range shown {
			if c.Key && c.Name != o.Value {
				with = append(with, c.Name)
			}
		}
		if list := strings.Join(with, ","); len(with) == 0 {
			out[i].Href = "" // the last one stays
		} else if list == strings.Join(defaultColumns, ",") {
			out[i].Href = p.turned("", "cols", "")
		} else {
			out[i].Href = p.turned("", "cols", list)
		}
	}
	return out
}
