package store

import (
	"strconv"
	"strings"

	"github.com/callastar/syslog/internal/fold"
)

// Dialect is how the store speaks to a kind of database.
type Dialect struct {
	// Name is that of the folder of migrations.
	Name string
	// Text is the type of long text columns.
	Text string
	// Begin starts a transaction that will write.
	Begin string
	// OnConflict ends an INSERT so that an id that is there already is no
	// error. "" has the store look first.
	OnConflict string
	// CreatedAt reads created_at as Unix milliseconds.
	CreatedAt string
	// RowValues says that (a, b) < (x, y) is understood.
	RowValues bool
	// HideInfo says that level <> 'INFO' must be spelled out for the index on
	// the levels above to be used.
	HideInfo bool
	// Fetch says that rows are limited by OFFSET … FETCH, not by LIMIT.
	Fetch bool
	// SchemaOnIndex says that CREATE INDEX takes the schema with the name of the
	// index.
	SchemaOnIndex bool
	// Contains adds the condition that a column contains text in any case, as
	// in package fold. nil has the store compare in Go, as does a text that Fits
	// declines.
	Contains func(st *statement, column, text string)
	Fits     func(text string) bool
}

// dialectOf chooses by the name that GORM gives a dialect.
func dialectOf(name string, portable bool) Dialect {
	if name == "sqlite" && !portable {
		return Dialect{
			Name: "sqlite", Text: "TEXT", Begin: "BEGIN IMMEDIATE", OnConflict: " ON CONFLICT DO NOTHING",
			CreatedAt: "created_at+0", RowValues: true, HideInfo: true, SchemaOnIndex: true,
			Contains: containsSQLite, Fits: fitsSQLite,
		}
	}
	d := Dialect{Name: "portable", Text: "TEXT", Begin: "BEGIN", CreatedAt: "created_at"}
	switch name {
	case "sqlite":
		d.Begin, d.SchemaOnIndex = "BEGIN IMMEDIATE", true
	case "mysql":
		d.Text = "MEDIUMTEXT"
	case "sqlserver":
		d.Text, d.Begin, d.Fetch = "NVARCHAR(MAX)", "BEGIN TRANSACTION", true
	case "oracle":
		d.Text, d.Fetch = "CLOB", true
	}
	return d
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
// bytes: every letter becomes a class of its variants.
func containsSQLite(st *statement, column, text string) {
	like := func() { st.add(column + " LIKE ").arg(likePattern(text)).add(` ESCAPE '\'`) }
	glob := func() { st.add(column + " GLOB ").arg(globPattern(text)) }
	switch {
	case fold.Simple(text):
		like()
	case isASCII(text):
		// K and S alone have a variant outside of ASCII, and it is rare.
		st.add("(")
		like()
		st.add(" OR ((instr(" + column + ", ").arg("\u212A").add(") > 0 OR instr(" + column + ", ").arg("\u017F").add(") > 0) AND ")
		glob()
		st.add("))")
	default:
		glob()
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func likePattern(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s) + "%"
}

func globPattern(s string) string {
	var b strings.Builder
	b.WriteByte('*')
	for _, r := range s {
		vs := fold.Variants(r)
		if len(vs) == 1 && r != '*' && r != '?' && r != '[' {
			b.WriteRune(r)
			continue
		}
		b.WriteByte('[')
		for _, v := range vs {
			b.WriteRune(v)
		}
		b.WriteByte(']')
	}
	b.WriteByte('*')
	return b.String()
}

// limit adds how many rows to read, and how many to skip.
func (st *statement) limit(n, offset int) {
	if st.s.dialect.Fetch {
		st.add(" OFFSET " + strconv.Itoa(offset) + " ROWS FETCH NEXT " + strconv.Itoa(n) + " ROWS ONLY")
		return
	}
	st.add(" LIMIT " + strconv.Itoa(n))
	if offset > 0 {
		st.add(" OFFSET " + strconv.Itoa(offset))
	}
}
