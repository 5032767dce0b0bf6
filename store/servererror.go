package store

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// ServerError is what PostgreSQL says of an error beside its text, which may be in
// any language.
type ServerError struct {
	Code, Table, Column, Constraint string
	Routine                         string // of the server's source
}

// SQLSTATEs that have several causes.
const (
	notNullViolation = "23502"
	checkViolation   = "23514"
	programLimit     = "54000"
)

// exhausted are the server's functions that refuse to give out another number.
var exhausted = []string{"GetNewTransactionId", "GetNewMultiXactId"}

// partOf is what the name of a table's partition, and on Citus of its shard, has behind
// that of the table. Another table's may begin alike: that of a trigger, say.
var partOf = regexp.MustCompile(`^(_past|_future|_default|_p?\d[\d_]*)?$`)

// Verdict is that on an error of a write to a table with these columns of ours.
func (e ServerError) Verdict(table string, columns ...string) Verdict {
	rest, begins := strings.CutPrefix(e.Table, table)
	here := begins && partOf.MatchString(rest)
	switch {
	case e.Code == checkViolation && here && e.Constraint == "": // a CHECK has a name
		return Verdict{Misconfigured, "; a partition for this time is missing: attach one, FOR VALUES FROM (…) TO (…)"}
	case e.Code == notNullViolation && e.Table != "" && (!here || slices.Contains(columns, e.Column)):
		// One of our columns may be NULL in some events, and in the table of a
		// trigger in others. A column of the host's is so in all.
		return Verdict{Class: Poison}
	case e.Code == programLimit && slices.Contains(exhausted, e.Routine): // due to no event
		return Verdict{Misconfigured, "; the database is out of transaction numbers: VACUUM it, and end old transactions"}
	}
	return SQLState(e.Code)
}

// byPostgres judges an error of a driver for PostgreSQL. pgx and lib/pq have what
// the server said in fields, and cannot be imported here.
func byPostgres(err error, table string) (Verdict, bool) {
	coded, ok := err.(interface{ SQLState() string })
	if !ok {
		return Verdict{}, false
	}
	v := reflect.Indirect(reflect.ValueOf(err))
	text := func(names ...string) string {
		for _, name := range names {
			if v.Kind() != reflect.Struct {
				break
			}
			if f := v.FieldByName(name); f.Kind() == reflect.String {
				return f.String()
			}
		}
		return ""
	}
	e := ServerError{
		Code: coded.SQLState(), Table: text("TableName", "Table"), Column: text("ColumnName", "Column"),
		Constraint: text("ConstraintName", "Constraint"), Routine: text("Routine"),
	}
	return e.Verdict(table, ourColumns...), true
}

// ourColumns are those of the table that the library makes.
var ourColumns = []string{"id", "level", "type", "actor", "actor_id", "message", "metadata", "created_at"}
