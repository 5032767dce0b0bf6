package store

import (
	"strings"

	"github.com/callastar/syslog"
)

// metadataSQLite compares by the functions that SQLite has. What another program wrote
// may be no JSON, of which they make an error.
func metadataSQLite(column string, v syslog.MetadataValue) (cond string, args []any, ok bool) {
	var path strings.Builder
	path.WriteByte('$')
	for _, key := range v.Path {
		if strings.ContainsAny(key, `"\`) || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' }) {
			return "", nil, false // a path has no way to write it
		}
		path.WriteString(`."` + key + `"`)
	}
	at := path.String()
	return "CASE WHEN json_valid(" + column + ") THEN CASE json_type(" + column + ", ?)" +
		" WHEN 'text' THEN json_extract(" + column + ", ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'" +
		" WHEN 'integer' THEN " + column + " -> ? WHEN 'real' THEN " + column + " -> ? END END = ?", []any{at, at, at, at, v.Value}, true
}

// metadataPostgres goes key by key, since a path would enter lists, too.
func metadataPostgres(column string, v syslog.MetadataValue) (cond string, args []any, ok bool) {
	last := len(v.Path) - 1
	var parent strings.Builder
	parent.WriteString(column)
	for _, key := range v.Path[:last] {
		parent.WriteString(" -> ?::text")
		args = append(args, key)
	}
	args = append(args, v.Path[last], v.Value)
	args = append(args, args[:len(args)-1]...)
	return "(" + parent.String() + " ->> ?::text = ? AND jsonb_typeof(" + parent.String() + " -> ?::text) IN ('string', 'number', 'boolean'))", args, true
}
