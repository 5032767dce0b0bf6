package store

import (
	"context"
	"database/sql"
	"io/fs"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// Dialect is how the store speaks to a kind of database: the seam for packages
// that know one better. They take what [DialectOf] returns, change what they do
// themselves, and hand it to [Open] with [Handles]. The zero value of a field is
// plain SQL.
//
// The columns of the table are id, level, type, actor, actor_id, message, metadata
// and created_at; level is the upper-case name, actor_id and metadata can be NULL,
// and id alone is unique. Functions may be called concurrently.
type Dialect struct {
	// Name is that of the folder of migrations.
	Name string
	// Migrations has the numbered steps, 0001_name.up.sql and 0001_name.down.sql;
	// nil is what the store has for Name.
	Migrations fs.FS
	// Made are statements that end the first migration, in its transaction.
	Made []string
	// ActorID and CreatedAt are the names of these columns, quoted, where the
	// table has others.
	ActorIDColumn, CreatedAtColumn string
	// OrderID is the expression of id by which its bytes are ordered; "" is id.
	OrderID string
	// MigrateLock is a statement that a migration begins with, to be alone.
	MigrateLock string
	// Text is the type of long text columns.
	Text string
	// QueryArgs come before the arguments of every query: what the driver takes
	// there is its own.
	QueryArgs []any
	// Begin starts a transaction that will write; "" leaves that to the driver.
	Begin string
	// Busy recognises the error of Begin that says to try again; nil is none.
	Busy func(err error) bool
	// Verdict judges one error of a write into the table of this name, without
	// those that it wraps, which [Judge] goes through; known is whether it can tell.
	// nil goes by SQLSTATE.
	Verdict func(err error, table string) (v Verdict, known bool)
	// Plain returns an error without what it may quote of a connection
	// string; nil is as it is.
	Plain func(err error) error
	// Write stores a batch in place of the store's own transaction of INSERTs; written is how many events were new,
	// also of a batch of which some failed. Its errors
	// are classed by Refused, but for [ErrInsert].
	Write func(ctx context.Context, b Batch) (written int, err error)
	// Casts are the types that the eight values of an INSERT are cast to, so that a
	// column of another type is told from a value that does not fit; nil is none.
	Casts []string
	// OnConflict ends an INSERT so that an id that is there already is no
	// error. "" has the store look which are, once an INSERT was refused.
	OnConflict string
	// Rows is how many events one INSERT adds: more than one only where
	// VALUES (…), (…) is understood, with 8 bind variables for each.
	Rows int
	// Time is what a bind variable for created_at holds, and CreatedAt the
	// expression that reads the column as Unix milliseconds. By default both are
	// an integer of milliseconds.
	Time      func(t time.Time) any
	CreatedAt string
	// Moment is the type of created_at, which bounds in a list of VALUES are cast to. "" has
	// the store count events by itself where it is asked for histograms and facets.
	Moment string
	// WidthBucket says that width_bucket(x, array) is understood.
	WidthBucket bool
	// Size returns the statement that reads how many bytes a table of this name, as
	// Options.Table has it, takes with its indexes; nil is that nobody knows.
	Size func(table string) string
	// Indexes returns the statement that reads the indexes of that table: of each its name,
	// its columns in one text with a line break between two, whether it finds parts of
	// messages, on how many tables it is, its bytes, whether it is valid, whether it is being
	// built, and whether the whole table can be read in its order; nil is that nobody knows.
	Indexes func(table string) string
	// Metadata is the expression that reads metadata as text, Actor that of the
	// actor; by default the column.
	Metadata, Actor string
	// Actors returns the condition that the actor is one of these, with ? for
	// each of args; nil is a list of the column's values.
	Actors func(actors []syslog.LogActor) (cond string, args []any)
	// Stored returns an event as the table has it; nil is as it is.
	Stored func(l syslog.Log) syslog.Log
	// RowValues says that (a, b) < (x, y) is understood.
	RowValues bool
	// PartialIndexes says that there is an index on the levels above INFO and one on
	// the actors but USER and SYSTEM, whose conditions must be spelled out for them to
	// be used.
	PartialIndexes bool
	// Likely says that likely(x) is understood, and needed: SQLite expects so few
	// rows of "level = 'INFO'" that it would rather sort all of them for a page of
	// one event than read an index that has them in order.
	Likely bool
	// GroupsSorted says that GROUP BY sorts all rows: then the levels of a facet are counted in
	// their index, where RowValues and PartialIndexes are set, too. On a database that hashes
	// groups, that statement takes six times as long as GROUP BY.
	GroupsSorted bool
	// LimitEach says that the parts of a UNION ALL are read in the order of an
	// index only if each has an ORDER BY and a limit of its own.
	LimitEach bool
	// SkipFirst says that rows which an OFFSET skips are best skipped in a subquery:
	// else the columns of every one of them are computed.
	SkipFirst bool
	// Fetch says that rows are limited by OFFSET … FETCH, not by LIMIT.
	Fetch bool
	// SchemaOnIndex says that CREATE INDEX takes the schema with the name of the
	// index.
	SchemaOnIndex bool
	// Contains returns the condition that a column contains text in any case, by
	// Unicode's simple case folding as strings.EqualFold has it, with ? for each
	// of args. nil has the store compare in Go, as does text that Fits declines.
	Contains func(column, text string) (cond string, args []any)
	Fits     func(text string) bool
	// MetadataIs returns the condition that a column of metadata has a value, with ? for
	// each of args, or that it cannot say so: then, and where it is nil, the store
	// compares in Go. MetadataJSON is the expression of that column; "" is metadata.
	MetadataIs   func(column string, v syslog.MetadataValue) (cond string, args []any, ok bool)
	MetadataJSON string
	// AnyID says that id = ANY (…) takes a list of strings as one argument.
	AnyID bool
	// ByPlace says that rows have a ctid and a tableoid, by which a statement that has
	// found them may delete them.
	ByPlace bool
	// Now is an expression of the server's clock in Unix milliseconds, by which leases run
	// out whatever the clocks of processes say; "" goes by theirs.
	Now string
	// TimeInKey says that a row is found by its ID and its time: a statement
	// that has the ID alone would look into every partition.
	TimeInKey bool
	// Lock takes a lock by its name, or returns [syslog.ErrCleanupRunning]. nil
	// is a row in a table that the migrations make.
	Lock func(ctx context.Context, name string) (Lock, error)
	// Expire, if set, begins a cleanup: it deletes what it can faster than row
	// by row, and calls deleted behind each step. The rest is deleted as usual.
	Expire func(ctx context.Context, e Expiry, deleted func(l syslog.LogLevel, n int64) error) error
}

// Lock is a lock that is held.
type Lock interface {
	// Renew is called now and then, and fails if the lock was lost.
	Renew(ctx context.Context) error
	// Release gives the lock back, also when ctx has ended.
	Release(ctx context.Context) error
}

// Expiry is, for each level that does not stay for ever, the last millisecond
// whose events go.
type Expiry map[syslog.LogLevel]time.Time

// Batch is what a [Dialect] is given to write.
type Batch struct {
	DB    *sql.DB
	Table string // quoted, with its schema
	// Logs are whole: each has an ID, a time in milliseconds and a valid level.
	// The slice must be neither kept nor changed.
	Logs []syslog.Log
}

// DialectOf returns how the store speaks to the database that GORM gives this name.
// portable is plain SQL only, for any database that has it.
func DialectOf(name string, portable bool) Dialect {
	switch {
	case portable:
	case name == "sqlite":
		return sqliteDialect
	case name == "postgres":
		return postgresDialect
	}
	d := Dialect{Name: "portable", Text: "TEXT"}
	switch name {
	case "sqlite":
		d.Begin, d.Busy, d.Verdict, d.SchemaOnIndex = sqliteDialect.Begin, busySQLite, bySQLiteCode, true
	case "mysql":
		d.Text, d.Rows = "MEDIUMTEXT", 200
	case "sqlserver":
		d.Text, d.Fetch, d.Rows = "NVARCHAR(MAX)", true, 200
	case "postgres":
		d.Rows = 200
	case "oracle":
		d.Text, d.Fetch = "CLOB", true
	}
	return d
}

// time is a time as created_at is stored and compared.
func (d *Dialect) time(t time.Time) any {
	if d.Time == nil {
		return t.UnixMilli()
	}
	return d.Time(t)
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
