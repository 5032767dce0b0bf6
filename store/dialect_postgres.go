package store

import (
	"strings"
	"time"

	"github.com/callastar/syslog/internal/fold"
)

var postgresDialect = Dialect{
	Name: "postgres", Text: "TEXT",
	// Any constant will do, as long as it never changes.
	MigrateLock: "SELECT pg_advisory_xact_lock(7163384699739271)",
	// Whatever the key: a table may get partitions while the program runs.
	OnConflict: " ON CONFLICT DO NOTHING",
	Verdict:    byPostgres,
	Casts:      []string{"text", "text", "text", "text", "text", "text", "jsonb", "timestamptz"},
	Rows:       500,
	// The database would round to the next millisecond.
	Time:      func(t time.Time) any { return time.UnixMilli(t.UnixMilli()).UTC() },
	CreatedAt: "round(extract(epoch FROM created_at) * 1000)::bigint",
	Moment:    "timestamptz", WidthBucket: true,
	Size: sizePostgres, Indexes: indexesPostgres,
	Metadata:  "metadata::text",
	Now:       "(extract(epoch FROM clock_timestamp()) * 1000)::bigint",
	RowValues: true, PartialIndexes: true, LimitEach: true, SkipFirst: true, Contains: containsPostgres, Fits: fitsPostgres,
	MetadataIs: metadataPostgres,
}

// sizePostgres adds what is in partitions: a partitioned table has nothing itself.
func sizePostgres(table string) string {
	return "WITH RECURSIVE " + tables(regclass(table)) + " SELECT COALESCE(SUM(pg_total_relation_size(id)), 0)::bigint FROM tables"
}

// tables are a table and its partitions. pg_partition_tree would lock each of them until the
// statement ends, and be in a deadlock with whoever drops one.
func tables(root string) string {
	return "tables AS (SELECT " + root + "::oid AS id UNION ALL SELECT h.inhrelid FROM pg_inherits h JOIN tables t ON t.id = h.inhparent)"
}

func regclass(table string) string {
	return `'"` + strings.ReplaceAll(table, ".", `"."`) + `"'::regclass`
}

// maxClasses is how many letters a regular expression may have: PostgreSQL refuses
// one that is too complex, and takes long for one that nearly is.
const maxClasses = 1000

func fitsPostgres(text string) bool { return fold.Simple(text) || len(text) <= maxClasses }

// containsPostgres spells the variants out, because ILIKE and lower() know the
// case of what the server's locale knows. Under the collation "C" that is ASCII.
func containsPostgres(column, text string) (cond string, args []any) {
	column = "(" + column + ` COLLATE "C")`
	like, match := column+` ILIKE ? ESCAPE '\'`, column+" ~ ?"
	switch {
	case fold.Simple(text):
		return like, []any{likePattern(text)}
	case isASCII(text):
		rare := "(strpos(" + column + ", ?) > 0 OR strpos(" + column + ", ?) > 0)"
		return "(" + like + " OR " + rare + " AND " + match + ")", []any{likePattern(text), kelvin, longS, regexPattern(text)}
	}
	return match, []any{regexPattern(text)}
}

func regexPattern(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(`\.^$*+?()[]{}|`, r) {
			b.WriteByte('\\')
			b.WriteRune(r)
			continue
		}
		writeClass(&b, r, false)
	}
	return b.String()
}
