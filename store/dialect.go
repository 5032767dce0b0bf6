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
	// Contains adds the condition that a column contains text in any case, as
	// in package fold. nil has the store compare in Go.
	Contains func(st *statement, column, text string)
}

// dialectOf chooses by the name that GORM gives a dialect.
func dialectOf(name string, portable bool) Dialect {
	if name == "sqlite" && !portable {
		return Dialect{
			Name: "sqlite", Text: "TEXT", Begin: "BEGIN IMMEDIATE", OnConflict: " ON CONFLICT DO NOTHING",
			CreatedAt: "created_at+0", RowValues: true, HideInfo: true, Contains: containsSQLite,
		}
	}
	d := Dialect{Name: "portable", Text: "TEXT", Begin: "BEGIN", CreatedAt: "created_at"}
	switch name {
	case "sqlite":
		d.Begin = "BEGIN IMMEDIATE"
	case "mysql":
		d.Text = "MEDIUMTEXT"
	case "sqlserver":
		d.Text, d.Begin, d.Fetch = "NVARCHAR(MAX)", "BEGIN TRANSACTION", true
	case "oracle":
		d.Text, d.Fetch = "CLOB", true
	}
	return d
}

// maxPattern is the longest LIKE or GLOB pattern that SQLite takes, in bytes,
// with some room.
const maxPattern = 49_000

// containsSQLite compares without a function of ours, so that it works on a
// host's handle. LIKE knows the case of ASCII only, and is quick. GLOB compares
// bytes: every letter becomes a class of its variants.
func containsSQLite(st *statement, column, text string) {
	if like := "%" + escapeLike(text) + "%"; len(like) < maxPattern && fold.Simple(text) {
		st.add(column + " LIKE ").arg(like).add(` ESCAPE '\'`)
		return
	}
	glob := globPattern(text)
	if len(glob) > maxPattern {
		// Longer than a column can be, or letters that blow the pattern up:
		// events have at most 16 KiB of message.
		st.add("1 = 0")
		return
	}
	if like := "%" + escapeLike(text) + "%"; isASCII(text) {
		// Only K and S have a variant outside of ASCII, and it is rare.
		st.add("(" + column + " LIKE ").arg(like).add(` ESCAPE '\' OR ((instr(` + column + ", ").arg("\u212A")
		st.add(") > 0 OR instr(" + column + ", ").arg("\u017F").add(") > 0) AND " + column + " GLOB ").arg(glob).add("))")
		return
	}
	st.add(column + " GLOB ").arg(glob)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
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
