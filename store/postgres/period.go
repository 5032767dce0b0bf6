package postgres

import (
	"fmt"
	"strings"
	"time"
)

// ahead is how many partitions there are beyond the one of this moment: so many
// periods may the upkeep fail before events go where it has to move them from.
const ahead = 3

// start is the beginning of the period that t is in, in UTC. Weeks begin on
// Monday.
func (p Partition) start(t time.Time) time.Time {
	y, m, d := t.UTC().Date()
	switch p {
	case Monthly:
		d = 1
	case Weekly:
		d -= (int(t.UTC().Weekday()) + 6) % 7
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// next is the beginning of the period behind the one that t is in.
func (p Partition) next(t time.Time) time.Time {
	t = p.start(t)
	switch p {
	case Monthly:
		return t.AddDate(0, 1, 0)
	case Weekly:
		return t.AddDate(0, 0, 7)
	}
	return t.AddDate(0, 0, 1)
}

// partition is one of a table's.
type partition struct {
	name     string    // quoted, with its schema
	from, to time.Time // zero is open
}

// schema is that of a partition that is there, quoted.
func (p partition) schema() string { return p.name[:strings.LastIndex(p.name, `"."`)+1] }

// bounds are those of a CREATE or ATTACH.
func (p partition) bounds() string {
	from, to := "MINVALUE", "MAXVALUE"
	if !p.from.IsZero() {
		from = timeLiteral(p.from)
	}
	if !p.to.IsZero() {
		to = timeLiteral(p.to)
	}
	return "FOR VALUES FROM (" + from + ") TO (" + to + ")"
}

func timeLiteral(t time.Time) string {
	return literal(t.UTC().Format("2006-01-02 15:04:05.000") + "+00")
}

// The partitions at both ends, so that an event of any time has one. There is no
// default partition: with one the database cannot read partitions in the order of
// time, and a search would look into all of them for the newest hundred.
func past(table string, to time.Time) partition {
	return partition{name: beside(table, "_past"), to: to}
}

func future(table string, from time.Time) partition {
	return partition{name: beside(table, "_future"), from: from}
}

// dayFormat is what the name of a partition has behind that of the table.
const dayFormat = "_p20060102"

func between(table string, from, to time.Time) partition {
	return partition{beside(table, from.UTC().Format(dayFormat)), from, to}
}

// beside is the quoted name of a table beside another one.
func beside(table, suffix string) string { return quote(table + suffix) }

// create is the statement that makes a partition.
func (p partition) create(table string) string {
	return "CREATE TABLE " + p.name + " PARTITION OF " + quote(table) + " " + p.bounds()
}

// attach is the statement that makes a table a partition.
func (p partition) attach(table string) string {
	return "ALTER TABLE " + quote(table) + " ATTACH PARTITION " + p.name + " " + p.bounds()
}

func (p partition) detach(table string) string {
	return "ALTER TABLE " + quote(table) + " DETACH PARTITION " + p.name
}

// String is for messages.
func (p partition) String() string {
	return fmt.Sprintf("%s [%s, %s)", strings.ReplaceAll(p.name, `"`, ""), p.from.Format(time.DateOnly), p.to.Format(time.DateOnly))
}

// made are the statements that make the first partitions of an empty table.
func (p Partition) made(table string, now time.Time) []string {
	at := p.start(now)
	stmts := []string{past(table, at).create(table)}
	for range 1 + ahead {
		stmts = append(stmts, between(table, at, p.next(at)).create(table))
		at = p.next(at)
	}
	return append(stmts, future(table, at).create(table))
}
