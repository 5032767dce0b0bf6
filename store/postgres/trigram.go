package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// trigramSuffix is what the name of its index has behind that of the table.
const trigramSuffix = "_trigram"

// trigrams keeps an index for searching text.
type trigrams struct {
	db    *sql.DB
	table string // as in Options
	parts *partitions
	log   *slog.Logger
}

// closedFor is how long ago a partition must have ended to count as closed: late
// events would each pay for its index.
const closedFor = time.Hour

// allowed makes the extension, and reports whether it is there.
func (t *trigrams) allowed(ctx context.Context) bool {
	var there bool
	err := t.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')").Scan(&there)
	if err == nil && !there {
		err = t.make(ctx)
	}
	if err == nil {
		return true
	}
	t.log.WarnContext(ctx, "syslog: searching works, but without an index: the extension pg_trgm cannot be made; "+
		"have a superuser run CREATE EXTENSION pg_trgm in this database, or switch Options.Trigram off", "table", t.table, "error", plain(err))
	return false
}

// make makes the extension. Several processes at once would fail.
func (t *trigrams) make(ctx context.Context) error {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // says that it is done, once it is
	if err := execAll(ctx, tx, []string{
		fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", lockKey("pg_trgm")), "CREATE EXTENSION IF NOT EXISTS pg_trgm",
	}); err != nil {
		return err
	}
	return tx.Commit()
}

// build makes the indexes that are missing, one after the other, while others
// write.
func (t *trigrams) build(ctx context.Context) error {
	tables := []string{quote(t.table)}
	if t.parts != nil {
		all, err := t.parts.list(ctx, t.db)
		if err != nil {
			return err
		}
		tables = nil
		for _, part := range all {
			if !part.to.IsZero() && t.parts.now().Sub(part.to) >= closedFor {
				tables = append(tables, part.name)
			}
		}
	}
	for _, table := range tables {
		if err := t.buildOn(ctx, table); err != nil {
			return fmt.Errorf("trigram index on %s: %w", table, err)
		}
	}
	return nil
}

func (t *trigrams) buildOn(ctx context.Context, table string) error {
	schema, bare, found := strings.Cut(table, ".")
	if !found {
		schema, bare = "", table
	} else {
		schema += "."
	}
	index := `"` + strings.Trim(bare, `"`) + trigramSuffix + `"`
	var valid sql.NullBool
	var atWork bool
	err := t.db.QueryRowContext(ctx, `SELECT bool_and(i.indisvalid), COALESCE(bool_or(EXISTS (
			SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)), false)
		FROM pg_index i WHERE i.indexrelid = to_regclass(`+literal(schema+index)+`)`).Scan(&valid, &atWork)
	if err != nil || valid.Bool || atWork { // there, or another process is making it
		return err
	}
	if valid.Valid { // one that was interrupted
		if _, err := t.db.ExecContext(ctx, "DROP INDEX CONCURRENTLY IF EXISTS "+schema+index); err != nil {
			return err
		}
	}
	var ops string
	err = t.db.QueryRowContext(ctx, `SELECT quote_ident(n.nspname) || '.gin_trgm_ops' FROM pg_extension e
		JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'`).Scan(&ops)
	if err != nil {
		return err
	}
	start := time.Now()
	t.log.InfoContext(ctx, "syslog: building the index for searching; writers are not held up", "table", table)
	if _, err := t.db.ExecContext(ctx, "CREATE INDEX CONCURRENTLY IF NOT EXISTS "+index+" ON "+table+
		" USING gin (message "+ops+", type "+ops+", actor_id "+ops+")"); err != nil {
		return err
	}
	t.log.InfoContext(ctx, "syslog: the index for searching is built", "table", table, "took", time.Since(start).Round(time.Millisecond))
	return nil
}
