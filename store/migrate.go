package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorm.io/gorm"
)

//go:embed migrations
var migrationFiles embed.FS

// migration is one numbered step of the schema.
type migration struct {
	version  int
	name     string
	up, down string
}

// migrations returns the dialect's steps in order, with the names filled in.
func (s *Store) migrations() ([]migration, error) {
	source := s.dialect.Migrations
	if source == nil {
		var err error
		if source, err = fs.Sub(migrationFiles, "migrations/"+s.dialect.Name); err != nil {
			return nil, err
		}
	}
	files, err := fs.ReadDir(source, ".")
	if err != nil {
		return nil, err
	}
	// An index lies in its table's schema. SQLite wants that said with the name
	// of the index, others with that of the table.
	schema, bare, found := strings.Cut(s.opts.Table, ".")
	index, on := bare, s.table()
	if !found {
		index = schema
	} else if s.dialect.SchemaOnIndex {
		index, on = s.opts.Table, s.quote(bare)
	}
	fill := strings.NewReplacer(
		"{{table}}", s.table(), "{{on}}", on, "{{locks}}", s.locks(), "{{text}}", s.dialect.Text,
		"{{index_created_at}}", s.quote(index+"_created_at"), "{{index_level}}", s.quote(index+"_level"),
		"{{index_actor_id}}", s.quote(index+"_actor_id"), "{{index_actor}}", s.quote(index+"_actor"),
	)
	var out []migration
	for _, f := range files {
		name, isUp := strings.CutSuffix(f.Name(), ".up.sql")
		if !isUp {
			continue
		}
		number, title, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("store: migration %q has no number", f.Name())
		}
		up, err := fs.ReadFile(source, f.Name())
		if err != nil {
			return nil, err
		}
		down, err := fs.ReadFile(source, name+".down.sql")
		if err != nil {
			return nil, err
		}
		out = append(out, migration{version, title, fill.Replace(string(up)), fill.Replace(string(down))})
	}
	slices.SortFunc(out, func(a, b migration) int { return a.version - b.version })
	return out, nil
}

func (s *Store) ledger() string { return s.quote(s.opts.Table + "_migrations") }

func (s *Store) ledgerSQL() string {
	return "CREATE TABLE IF NOT EXISTS " + s.ledger() +
		" (version INTEGER NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL, applied_at BIGINT NOT NULL)"
}

// version is the number of the last migration in the ledger, 0 without one.
func (s *Store) version(ctx context.Context, conn interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
}) (int, error) {
	var v sql.NullInt64
	err := conn.QueryRowContext(ctx, "SELECT MAX(version) FROM "+s.ledger()).Scan(&v)
	return int(v.Int64), err
}

// migrate brings the schema up to date. Many processes may do so at once: the
// steps are one transaction, and the first one to begin it does the work.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := s.migrations()
	if err != nil {
		return err
	}
	newest := last(steps)
	if v, err := s.version(ctx, s.write); err == nil && v == newest {
		return s.checkColumns(ctx)
	} else if v > newest {
		return newerError(s.opts.Table, v, newest)
	}
	for range migrateTries {
		if err = s.migrateOnce(ctx, steps); err == nil {
			return nil
		}
		// Where DDL does not wait for that of others it fails: they may be done.
		if pauseErr := pause(ctx, migratePause); pauseErr != nil {
			break
		}
		if v, verErr := s.version(ctx, s.write); verErr == nil && v == newest {
			return s.checkColumns(ctx)
		}
	}
	return fmt.Errorf("store: migrate table %s: %w%s", s.opts.Table, err, s.hint(err))
}

// Tries of a migration where others are at it too.
const (
	migrateTries = 5
	migratePause = 50 * time.Millisecond
)

// last is the version that the steps lead to.
func last(steps []migration) int {
	if len(steps) == 0 {
		return 0
	}
	return steps[len(steps)-1].version
}

// migrateOnce runs the missing steps in one transaction.
func (s *Store) migrateOnce(ctx context.Context, steps []migration) error {
	return s.transact(ctx, func(conn gorm.ConnPool) error {
		if err := s.lockSchema(ctx, conn); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, s.ledgerSQL()); err != nil {
			return err
		}
		v, err := s.version(ctx, conn)
		if err != nil {
			return err
		}
		for _, m := range steps {
			if m.version <= v {
				continue
			}
			if err := run(ctx, conn, m.up); err != nil {
				return fmt.Errorf("migration %d (%s): %w", m.version, m.name, err)
			}
			st := s.statement("INSERT INTO " + s.ledger() + " (version, name, applied_at) VALUES ")
			st.list(m.version, m.name, time.Now().UnixMilli())
			if _, err := conn.ExecContext(ctx, st.sql(), st.args()...); err != nil {
				return err
			}
		}
		if v > 0 {
			return nil
		}
		for _, stmt := range s.dialect.Made {
			if _, err := conn.ExecContext(ctx, stmt); err != nil {
				return err
			}
		}
		return nil
	})
}

// lockSchema waits until no other process migrates, for the rest of a transaction.
func (s *Store) lockSchema(ctx context.Context, conn gorm.ConnPool) error {
	if s.dialect.MigrateLock == "" {
		return nil
	}
	_, err := conn.ExecContext(ctx, s.dialect.MigrateLock)
	return err
}

// hint says what to do about a failed migration.
func (s *Store) hint(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "already exists"):
		return taken
	case strings.Contains(text, "permission denied"):
		return "; let this role create tables there, or have another one run the statements of MigrateSQL, and set NoMigrate"
	}
	return ""
}

// MigrateDown takes the schema back to a version; 0 drops everything, with all
// events. The store must not be in use.
func (s *Store) MigrateDown(ctx context.Context, to int) error {
	steps, err := s.migrations()
	if err != nil {
		return err
	}
	err = s.transact(ctx, func(conn gorm.ConnPool) error {
		if err := s.lockSchema(ctx, conn); err != nil {
			return err
		}
		for _, m := range slices.Backward(steps) {
			v, err := s.version(ctx, conn)
			if err != nil {
				return err
			}
			if m.version <= to || m.version > v {
				continue
			}
			if err := run(ctx, conn, m.down); err != nil {
				return fmt.Errorf("migration %d (%s): %w", m.version, m.name, err)
			}
			st := s.statement("DELETE FROM " + s.ledger() + " WHERE version = ").arg(m.version)
			if _, err := conn.ExecContext(ctx, st.sql(), st.args()...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: migrate table %s down to %d: %w", s.opts.Table, to, err)
	}
	return nil
}

// run executes the statements of a migration one by one: not every driver takes
// several at once.
func run(ctx context.Context, conn gorm.ConnPool, text string) error {
	for _, stmt := range split(text) {
		if _, err := conn.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	return nil
}

// split cuts a migration at the semicolons that end lines, and drops comments.
func split(text string) (stmts []string) {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			stmts = append(stmts, strings.TrimSuffix(strings.TrimSpace(b.String()), ";"))
			b.Reset()
		}
	}
	return stmts
}

// checkTable fails where NoMigrate finds no table to work with.
func (s *Store) checkTable(ctx context.Context) error {
	steps, err := s.migrations()
	if err != nil {
		return err
	}
	newest := last(steps)
	if v, err := s.version(ctx, s.read); err == nil && v > newest {
		return newerError(s.opts.Table, v, newest)
	}
	if err := s.checkColumns(ctx); err != nil {
		return fmt.Errorf("%w; if it is missing, run the statements of MigrateSQL, or leave NoMigrate off", err)
	}
	return nil
}

// checkColumns fails where the table is not as the dialect reads it: another
// program's, changed by hand, or made under other Options. Found now it is an
// error; found later it would be events that cannot be stored.
func (s *Store) checkColumns(ctx context.Context) error {
	at := s.dialect.time(time.Unix(0, 0))
	st := s.statement("SELECT " + s.read8() + " FROM " + s.table() + " WHERE 1 = 0 AND " + s.created() + " <= ").arg(at)
	none := func(*sql.Rows) (struct{}, error) { return struct{}{}, nil }
	if _, err := collect(ctx, s.read, st, none); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("store: table %s has not the columns that the library made under these Options: %w; choose another with Options.Table, or correct it by what MigrateSQL prints", s.opts.Table, err)
	}
	return nil
}

// MigrateSQL returns the statements that New would run on an empty database of
// db's dialect, for hosts that keep migrations of their own. They
// end with the record of what was done: New finds then that nothing is left to do.
// Nothing is read or changed.
func MigrateSQL(db *gorm.DB, opts *Options) (string, error) {
	if db == nil || db.Config == nil || db.Dialector == nil {
		return "", errors.New("store: nil *gorm.DB; open it with gorm.Open first")
	}
	portable := opts != nil && opts.Portable
	return MigrationSQL(db.Dialector, DialectOf(db.Name(), portable), opts)
}

// MigrationSQL is MigrateSQL for packages with a dialect of their own.
func MigrationSQL(db gorm.Dialector, d Dialect, opts *Options) (string, error) {
	o, err := opts.withDefaults()
	if err != nil {
		return "", err
	}
	s := &Store{opts: o, dialect: d, gorm: db}
	steps, err := s.migrations()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, m := range steps {
		fmt.Fprintf(&b, "-- %04d %s\n%s\n", m.version, m.name, m.up)
	}
	for _, stmt := range d.Made {
		fmt.Fprintf(&b, "%s;\n", stmt)
	}
	fmt.Fprintf(&b, "-- What has been done, for versions to come.\n%s;\n", s.ledgerSQL())
	for _, m := range steps {
		fmt.Fprintf(&b, "INSERT INTO %s (version, name, applied_at) VALUES (%d, '%s', %d);\n",
			s.ledger(), m.version, m.name, time.Now().UnixMilli())
	}
	return b.String(), nil
}

// CheckVersion returns [ErrSchemaNewer] for a table that a newer version of the
// library migrated, and an error for a table of its name that the library did not
// make. It changes nothing, and a database without the table is fine.
func CheckVersion(ctx context.Context, db *gorm.DB, opts *Options) error {
	o, err := opts.withDefaults()
	if err != nil {
		return err
	}
	pool, err := db.DB()
	if err != nil {
		return err
	}
	s := &Store{opts: o, dialect: DialectOf(db.Name(), o.Portable), gorm: db.Dialector}
	steps, err := s.migrations()
	if err != nil {
		return err
	}
	newest := last(steps)
	v, err := s.version(ctx, pool)
	if err != nil { // without a ledger there must be no table
		var n int
		if err := pool.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+s.table()+" WHERE 1 = 0").Scan(&n); err != nil {
			return ctx.Err()
		}
		// It may have come since, with its ledger, from another process.
		if v, err = s.version(ctx, pool); err != nil {
			return fmt.Errorf("store: table %s exists already%s", o.Table, taken)
		}
	}
	if v > newest {
		return newerError(o.Table, v, newest)
	}
	return nil
}

const taken = "; a table of this name that the library did not make is there: choose another with Options.Table"

func newerError(table string, v, newest int) error {
	return fmt.Errorf("%w (%s is at version %d, this program knows %d)", ErrSchemaNewer, table, v, newest)
}
