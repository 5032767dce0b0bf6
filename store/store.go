// Package store keeps events in a SQL database that is reached through GORM.
//
// [New] works on a host's handle of any GORM dialect; the packages store/sqlite
// and store/postgres add what their databases do best. GORM gives the handle, the
// dialect's quoting and its bind variables. Statements go to the connection pool
// directly: no callback, plugin or logger of the host sees them.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// Defaults of [Options].
const (
	DefaultTable      = "system_logs"
	DefaultBatchSize  = 1000
	DefaultBatchPause = 5 * time.Millisecond
)

// maxPause leaves enough of a lease to renew it in time.
const maxPause = 10 * time.Second

// Errors to branch on.
var (
	// ErrSchemaNewer: the table was migrated by a newer version of the library.
	ErrSchemaNewer = errors.New("store: the table was migrated by a newer version of this library; upgrade the program")
	// ErrNotInTransaction: WriteTx was given a handle that is no transaction.
	ErrNotInTransaction = errors.New("store: WriteTx needs a transaction; call it inside db.Transaction or after db.Begin")
)

// Options are the settings of a store. The zero value of a field is its default.
type Options struct {
	// Table is the name of the table, with a schema in front where the database
	// has them: letters, digits, _ and one dot. Default: DefaultTable. Tables
	// beside it have its name with _migrations and _locks behind.
	Table string
	// NoMigrate leaves the schema alone: for hosts that run MigrateSQL
	// themselves. The table must be there.
	NoMigrate bool
	// BatchSize is how many events Delete and Cleanup delete at a time, 1 to
	// 10 000, and Anonymize changes, which are at most 500, and BatchPause how long they leave the database to others in
	// between, up to ten seconds; negative is no pause. Defaults: DefaultBatchSize,
	// DefaultBatchPause.
	BatchSize  int
	BatchPause time.Duration
	// CleanupBudget is how long a Cleanup may take before it leaves the rest to
	// the next one. Zero is as long as it takes.
	CleanupBudget time.Duration
	// OnProgress, if set, is called by Delete and Cleanup after each batch with
	// the number of events deleted so far.
	OnProgress func(deleted int64)
	// Portable uses plain SQL where the library knows the dialect better.
	Portable bool
}

var tableName = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,40}\.)?[A-Za-z_][A-Za-z0-9_]{0,40}$`)

// Check returns what is wrong with the options, all of it. nil options are fine.
func (o *Options) Check() error {
	_, err := o.withDefaults()
	return err
}

func (o *Options) withDefaults() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	var errs []error
	if out.Table == "" {
		out.Table = DefaultTable
	}
	if !tableName.MatchString(out.Table) {
		errs = append(errs, fmt.Errorf("Table is %.60q: want a to z, A to Z, digits and _, at most 41, and one dot after a schema", out.Table))
	}
	if out.BatchSize == 0 {
		out.BatchSize = DefaultBatchSize
	}
	if out.BatchSize < 1 || out.BatchSize > 10_000 {
		errs = append(errs, fmt.Errorf("BatchSize is %d: want 0 for the default, or 1 to 10000", out.BatchSize))
	}
	if out.BatchPause == 0 {
		out.BatchPause = DefaultBatchPause
	}
	if out.BatchPause > maxPause {
		errs = append(errs, fmt.Errorf("BatchPause is %v: want at most %v", out.BatchPause, maxPause))
	}
	if out.CleanupBudget < 0 {
		errs = append(errs, fmt.Errorf("CleanupBudget is %v: want 0 for no limit, or more", out.CleanupBudget))
	}
	if len(errs) > 0 {
		return out, fmt.Errorf("store: invalid Options: %w", errors.Join(errs...))
	}
	return out, nil
}

// Store is a [syslog.Store] in a SQL database. All methods may be called
// concurrently.
type Store struct {
	opts      Options
	dialect   Dialect
	gorm      gorm.Dialector
	write     *sql.DB
	read      *sql.DB
	closers   []func() error
	normalize atomic.Pointer[func(syslog.Log) syslog.Log]
	closed    atomic.Bool
	running   running
	// The statements that add one event, and Dialect.Rows of them.
	insert, insertFull string
}

var _ interface {
	syslog.Store
	syslog.CountingSink
	syslog.Pinger
	syslog.Getter
	syslog.Aggregator
	syslog.Anonymizer
	syslog.Sizer
	syslog.Indexer
} = (*Store)(nil)

// New makes a store of a host's handle, and its table where that is missing. The
// handle stays the host's: the store neither closes it nor changes its settings.
// nil opts are the defaults.
func New(db *gorm.DB, opts *Options) (*Store, error) {
	return Open(context.Background(), db, Handles{}, opts)
}

// Handles is for packages that open a database themselves.
type Handles struct {
	// Read is a pool for queries; nil is the handle's own.
	Read *sql.DB
	// Dialect is how to speak to the database; nil is DialectOf its name.
	Dialect *Dialect
	// Close is called, in order, when the store is closed.
	Close []func() error
}

// Open is New for packages that open a database themselves. If it fails, closing
// is still the caller's.
func Open(ctx context.Context, db *gorm.DB, h Handles, opts *Options) (*Store, error) {
	ctx = background(ctx)
	o, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	if db == nil || db.Config == nil || db.Dialector == nil {
		return nil, errors.New("store: nil *gorm.DB; open it with gorm.Open first")
	}
	if _, tx := db.Statement.ConnPool.(gorm.TxCommitter); tx {
		return nil, errors.New("store: the handle is a transaction; give New the *gorm.DB that gorm.Open returned, and use WriteTx inside of transactions")
	}
	pool, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("store: the handle has no *sql.DB to work with: %w", err)
	}
	s := &Store{
		opts: o, dialect: DialectOf(db.Name(), o.Portable), gorm: db.Dialector,
		write: pool, read: h.Read, closers: h.Close,
	}
	if h.Dialect != nil {
		s.dialect = *h.Dialect
	}
	if s.read == nil {
		s.read = pool
	}
	s.SetNormalizer(nil)
	s.insert, s.insertFull = s.insertSQL(1), s.insertSQL(max(1, s.dialect.Rows))
	if o.NoMigrate {
		if err := s.checkTable(ctx); err != nil {
			return nil, err
		}
		return s, nil
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// SetNormalizer sets what WriteTx makes events whole with. syslog.New calls it,
// so that the logger's redaction and limits hold inside transactions too. nil is
// [syslog.Normalize].
func (s *Store) SetNormalizer(f func(syslog.Log) syslog.Log) {
	if f == nil {
		f = syslog.Normalize
	}
	s.normalize.Store(&f)
}

// Close ends a Delete or Cleanup that is under way, which takes at most until ctx
// ends, and closes what the store opened: nothing, on a host's handle. Afterwards
// every call but Close returns an error that matches [syslog.ErrClosed].
func (s *Store) Close(ctx context.Context) error {
	ctx = background(ctx)
	if s.closed.Swap(true) {
		return nil
	}
	s.running.stop(ctx)
	var errs []error
	for _, c := range s.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

func (s *Store) alive() error {
	if s.closed.Load() {
		return fmt.Errorf("store: %w", syslog.ErrClosed)
	}
	return nil
}

// quote quotes a name, with its schema, for the dialect.
func (s *Store) quote(name string) string {
	var b strings.Builder
	s.gorm.QuoteTo(&b, name)
	return b.String()
}

// createdAt reads created_at.
func (s *Store) createdAt() string { return cmp.Or(s.dialect.CreatedAt, s.created()) }

// bare is the name of the table without its schema.
func (s *Store) bare() string {
	if _, name, found := strings.Cut(s.opts.Table, "."); found {
		return name
	}
	return s.opts.Table
}

func (s *Store) table() string { return s.quote(s.opts.Table) }
func (s *Store) locks() string { return s.quote(s.opts.Table + "_locks") }

// statement builds SQL text and its arguments.
type statement struct {
	s    *Store
	text strings.Builder
	gorm gorm.Statement // counts the variables for the dialect
}

func (s *Store) statement(text string) *statement {
	st := &statement{s: s}
	st.text.WriteString(text)
	return st
}

func (st *statement) add(text string) *statement {
	st.text.WriteString(text)
	return st
}

// arg adds a bind variable.
func (st *statement) arg(v any) *statement {
	st.gorm.Vars = append(st.gorm.Vars, v)
	st.s.gorm.BindVarTo(&st.text, &st.gorm, v)
	return st
}

// cond adds a condition that has ? for its arguments.
func (st *statement) cond(text string, args []any) {
	for i, part := range strings.Split(text, "?") {
		if i > 0 {
			st.arg(args[i-1])
		}
		st.add(part)
	}
}

// list adds (?, ?, …).
func (st *statement) list(vs ...any) *statement {
	for i, v := range vs {
		st.add([]string{"(", ", "}[min(i, 1)]).arg(v)
	}
	return st.add(")")
}

// queryArgs are the arguments of a query, with what the driver wants before them.
func (st *statement) queryArgs() []any {
	if len(st.s.dialect.QueryArgs) == 0 {
		return st.gorm.Vars
	}
	return slices.Concat(st.s.dialect.QueryArgs, st.gorm.Vars)
}

func (st *statement) sql() string { return st.text.String() }
func (st *statement) args() []any { return st.gorm.Vars }
