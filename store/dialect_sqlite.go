package store

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/fold"
)

var sqliteDialect = Dialect{
	Name: "sqlite", Text: "TEXT", SchemaOnIndex: true,
	Begin: "BEGIN IMMEDIATE", Busy: busySQLite, Verdict: bySQLiteCode, OnConflict: " ON CONFLICT DO NOTHING",
	CreatedAt: "created_at+0", RowValues: true, PartialIndexes: true, Likely: true, GroupsSorted: true, Contains: containsSQLite, Fits: fitsSQLite,
	MetadataIs: metadataSQLite, Moment: "INTEGER", Size: sizeSQLite, Indexes: indexesSQLite,
}

// sizeSQLite is the whole file: the engine knows no table's share of it without reading
// all of them.
func sizeSQLite(table string) string {
	schema, _, found := strings.Cut(table, ".")
	if !found {
		schema = "main"
	}
	return "SELECT page_count * page_size FROM pragma_page_count('" + schema + "'), pragma_page_size('" + schema + "')"
}

// maxPattern is the longest LIKE or GLOB pattern that SQLite takes, in bytes.
const maxPattern = 50_000

// fitsSQLite declines text whose pattern is too long. That takes thousands of
// letters: the message of an event has at most 16 KiB.
func fitsSQLite(text string) bool {
	return max(len(likePattern(text)), len(globPattern(text))) <= maxPattern
}

// containsSQLite compares without a function of ours, so that it works on a
// host's handle. LIKE knows the case of ASCII only, and is quick. GLOB compares
// bytes, every letter as a class of its variants, and is slow: what it looks at is
// chosen before, by the letters that LIKE knows and by the signs that a match needs.
func containsSQLite(column, text string) (cond string, args []any) {
	like, exact, loose := column+` LIKE ? ESCAPE '\'`, likePattern(text), loosePattern(text)
	if loose == exact {
		return like, []any{exact}
	}
	perhaps, args := "", []any{exact}
	if strings.Trim(loose, "%_") != "" { // or anything is like it
		perhaps, args = like+" AND ", append(args, loose)
	}
	switch {
	case isASCII(text):
		perhaps += "(instr(" + column + ", ?) > 0 OR instr(" + column + ", ?) > 0) AND "
		args = append(args, kelvin, longS)
	case strings.ContainsFunc(text, foreign):
		perhaps += "length(" + column + ") <> length(CAST(" + column + " AS BLOB)) AND "
	}
	return "(" + like + " OR " + perhaps + column + " GLOB ?)", append(args, globPattern(text))
}

// foreign reports whether no variant of a letter is in ASCII.
func foreign(r rune) bool {
	return !slices.ContainsFunc(fold.Variants(r), func(v rune) bool { return v < utf8.RuneSelf })
}

// K and S alone among the letters of ASCII have variants outside of it, which are
// rare.
const (
	kelvin = "\u212A"
	longS  = "\u017F"
)

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func likePattern(s string) string {
	return "%" + escaped.Replace(s) + "%"
}

var escaped = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// loosePattern is likePattern with any letter in place of those whose variants LIKE does
// not know: what contains s is LIKE it.
func loosePattern(s string) string {
	var b strings.Builder
	for _, r := range s {
		if fold.Simple(string(r)) || len(fold.Variants(r)) == 1 {
			b.WriteString(escaped.Replace(string(r)))
		} else {
			b.WriteByte('_')
		}
	}
	return "%" + b.String() + "%"
}

func globPattern(s string) string {
	var b strings.Builder
	b.WriteByte('*')
	for _, r := range s {
		writeClass(&b, r, strings.ContainsRune("*?[", r))
	}
	b.WriteByte('*')
	return b.String()
}

// writeClass writes a rune as the class of its variants, [eE], where it has some
// or must not be taken as what it means.
func writeClass(b *strings.Builder, r rune, always bool) {
	vs := fold.Variants(r)
	if len(vs) == 1 && !always {
		b.WriteRune(r)
		return
	}
	b.WriteByte('[')
	for _, v := range vs {
		b.WriteRune(v)
	}
	b.WriteByte(']')
}
