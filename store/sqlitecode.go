package store

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// Result codes of SQLite: https://www.sqlite.org/rescode.html. The low byte is the
// primary code, what is above tells more.
const (
	sqliteError      = 1
	sqliteTooBig     = 18
	sqliteConstraint = 19
	sqliteMismatch   = 20

	sqliteErrorRetry    = sqliteError | 2<<8
	sqliteErrorSnapshot = sqliteError | 3<<8

	sqliteNotNull    = sqliteConstraint | 5<<8
	sqlitePrimaryKey = sqliteConstraint | 6<<8
	sqliteUnique     = sqliteConstraint | 8<<8
	sqliteDataType   = sqliteConstraint | 12<<8
)

// misconfiguredSQLite are primary codes, and extended ones that are not like
// theirs, with what to do.
var misconfiguredSQLite = map[int]string{
	3:  hintWritable,                                                                                                      // PERM
	8:  hintWritable,                                                                                                      // READONLY
	11: "; the file is damaged: restore it from a backup, or save what is left with sqlite3's .recover, and move it away", // CORRUPT
	14: "; check that the folder exists, that this process may write to it, and that it has not too many files open",      // CANTOPEN
	22: "; the file is larger than this system allows",                                                                    // NOLFS
	23: "; the program's authorizer forbids it",                                                                           // AUTH
	26: "; the file is no database: restore it from a backup, or move it away",

	8 | 4<<8:   "; the file was moved or removed while it was open: put it back, or start the program again", // READONLY_DBMOVED
	10 | 32<<8: "; the file is damaged: restore it from a backup",                                            // IOERR_DATA
	10 | 33<<8: "; the file system is damaged: check it",                                                     // IOERR_CORRUPTFS
}

const (
	hintWritable = "; make the file and its folder writable for this process, and open it without mode=ro"
	hintType     = "; a column of the table, which is STRICT, has another type than the library gave it" + hintSchema
)

// bySQLiteCode judges an error by the engine's result code, or, where a driver
// hides that, by its text.
func bySQLiteCode(err error, table string) (Verdict, bool) {
	code := resultCode(err)
	if code == 0 {
		code = codeOfText(err)
	}
	if code == 0 {
		return Verdict{}, false
	}
	return SQLite(code, err.Error(), table), true
}

// SQLite is the verdict on an extended result code of a write to a table. The text
// is looked at only for the column that a constraint is about, and the state of a
// connection, for which there are no codes.
func SQLite(code int, text, table string) Verdict {
	for _, c := range []int{code, code & 0xff} {
		if hint, ok := misconfiguredSQLite[c]; ok {
			return Verdict{Misconfigured, hint}
		}
	}
	switch code {
	case sqliteErrorRetry, sqliteErrorSnapshot:
		return Verdict{}
	case sqliteNotNull:
		return notNullSQLite(text, table)
	case sqlitePrimaryKey, sqliteUnique:
		// Our own ID: another process wrote the event between the look and the
		// insert, and the next try will see it.
		if at, column := failedColumn(text); strings.EqualFold(at, table) && column == "id" {
			return Verdict{}
		}
	case sqliteDataType:
		return Verdict{Misconfigured, hintType} // no event has another type there
	}
	switch code & 0xff {
	case sqliteConstraint, sqliteTooBig, sqliteMismatch:
		return Verdict{Class: Poison}
	case sqliteError: // the statement, which is ours, does not go with the table
		if strings.Contains(text, "transaction") {
			return Verdict{} // a connection that somebody left in one
		}
		return Verdict{Misconfigured, hintSQLite}
	case 13: // FULL
		return Verdict{Hint: hintFull}
	}
	return Verdict{}
}

const hintSQLite = "; the table, or what a trigger on it needs, is missing or has other columns: open the store again, or make it as MigrateSQL prints it"

// notNullSQLite: a column that is not ours gets no value, of any event. One of ours
// may be NULL in some, and in the table of a trigger in others.
func notNullSQLite(text, table string) Verdict {
	at, column := failedColumn(text)
	if !strings.EqualFold(at, table) || slices.Contains(ourColumns, column) {
		return Verdict{Class: Poison}
	}
	return Verdict{Misconfigured, hintFill}
}

// failedColumn is the first table and column of "… constraint failed: table.column".
func failedColumn(text string) (table, column string) {
	_, names, _ := strings.Cut(text, " constraint failed: ")
	names, _, _ = strings.Cut(names, ", ")
	names, _, _ = strings.Cut(names, " (") // one driver ends with the code
	table, column, _ = strings.Cut(names, ".")
	return table, strings.ToLower(column)
}

// resultCode is what a driver says of the engine's code, or 0: by a method Code, as
// modernc.org/sqlite, or in fields, as github.com/mattn/go-sqlite3, which cannot be
// imported here and has no methods for them.
func resultCode(err error) int {
	if coded, ok := err.(interface{ Code() int }); ok { //nolint:errorlint // Judge does the unwrapping
		return coded.Code()
	}
	v := reflect.Indirect(reflect.ValueOf(err))
	if v.Kind() != reflect.Struct {
		return 0
	}
	extended, code := v.FieldByName("ExtendedCode"), v.FieldByName("Code")
	if !extended.CanInt() || !code.CanInt() {
		return 0
	}
	return int(cmp.Or(extended.Int(), code.Int()))
}

// sqliteTexts are the engine's own words.
var sqliteTexts = []struct {
	sign string
	code int
}{
	{"NOT NULL constraint failed", sqliteNotNull},
	{"UNIQUE constraint failed", sqliteUnique},
	{"constraint failed", sqliteConstraint},
	{"string or blob too big", sqliteTooBig},
	{"datatype mismatch", sqliteMismatch},
	{"readonly database", 8},
	{"disk image is malformed", 11},
	{"unable to open database", 14},
	{"not a database", 26},
	{"no such table", sqliteError},
	{"has no column named", sqliteError},
}

// codeOfText is the code that an error stands for by its text, or 0. What only
// wraps another one may quote anything.
func codeOfText(err error) int {
	if wraps(err) {
		return 0
	}
	for _, t := range sqliteTexts {
		if strings.Contains(err.Error(), t.sign) {
			return t.code
		}
	}
	return 0
}

func wraps(err error) bool {
	switch err.(type) { //nolint:errorlint // whether there is anything inside
	case interface{ Unwrap() error }, interface{ Unwrap() []error }:
		return true
	}
	return false
}
