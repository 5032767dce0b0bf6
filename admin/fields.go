package admin

import "strings"

// fieldTexts are the labels of parameters, as a form has them.
var fieldTexts = map[string]string{
	"level": "column.level", "minLevel": "add.minLevel", "actor": "column.actor", "actorId": "column.actorId", "type": "column.type",
	"search": "filter.search", "startDate": "range.start", "endDate": "range.end", "range": "filter.period", "deleteType": "delete.what",
	"notLevel": "add.notLevel", "notActor": "add.notActor", "notActorId": "add.notActorId", "notType": "add.notType", "notSearch": "add.notSearch",
	"cols": "columns.title", "wrap": "columns.wrap", "limit": "pager.limit", "page": "pager.jump", "tz": "field.tz", "meta": "add.meta", "notMeta": "add.notMeta",
}

// label is what people call a parameter. One that has no name for them is written as it is.
func (v voice) label(field string) string {
	if key := fieldTexts[field]; key != "" {
		return v.say(key)
	}
	for prefix, key := range map[string]string{metaPrefix: "add.meta", notMetaPrefix: "add.notMeta"} {
		if path, found := strings.CutPrefix(field, prefix); found {
			return v.say(key) + " " + plainly(path)
		}
	}
	return plainly(field)
}

// fault says what is wrong with a field, under the name that people know. What is no parameter
// has none.
func (v voice) fault(d detail) string {
	label := v.label(d.field)
	if d.key == "unknown" {
		label = plainly(d.field)
	}
	return label + v.say("field.colon") + plainly(v.say(d.key, d.args...))
}

// fieldError is what is wrong with a field: ID is of the text beside it.
type fieldError struct{ Field, ID, Text, Full string }

// Fault is what is wrong with a field of the form; its text is "" where nothing is.
func (v explorerView) Fault(field string) fieldError {
	for _, e := range v.Errors {
		if e.Field == field {
			return e
		}
	}
	return fieldError{}
}
