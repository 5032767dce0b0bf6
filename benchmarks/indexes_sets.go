package main

import (
	"fmt"
	"strings"
)

// indexSet is a candidate. All have the same columns, text in the collation "C".
type indexSet struct {
	name    string
	key     string
	indexes []string
	late    []string // these are built when the table is full
}

const (
	byTime  = "(created_at, id)"
	byLevel = "(level, created_at, id) WHERE level <> 'INFO'"
	byActor = "(actor_id, created_at, id) WHERE actor_id IS NOT NULL"

	byLevelNarrow = "(level, created_at) WHERE level <> 'INFO'"
	byActorNarrow = "(actor_id, created_at) WHERE actor_id IS NOT NULL"
	byKind        = "(actor, created_at) WHERE actor <> 'USER' AND actor <> 'SYSTEM'"

	trigram = "USING gin (message gin_trgm_ops, type gin_trgm_ops, actor_id gin_trgm_ops)"
)

// library is the name of the library's set.
const library = "the library's"

// originals is that of the set that Prisma's model made.
const originals = "the original's six"

// indexSets are the candidates; the first one is what the library has, and what
// the others are compared with.
var indexSets = []indexSet{
	{library, "id", []string{byTime, byLevelNarrow, byKind, byActorNarrow}, nil},
	{"none of actors", "id", []string{byTime, byLevelNarrow, byActorNarrow}, nil},
	{"all with id", "id", []string{byTime, byLevel, byActor}, nil},
	{"none with id", "id", []string{"(created_at)", byLevelNarrow, byActorNarrow}, nil},
	{"key (created_at, id) alone", "created_at, id", []string{byLevel, byActor}, nil},
	{"key (created_at, id) alone, level and actor without id", "created_at, id", []string{byLevelNarrow, byActorNarrow}, nil},
	{"hash of actor_id", "id", []string{byTime, byLevel, "USING hash (actor_id)"}, nil},
	{"BRIN of created_at", "id", []string{"USING brin (created_at)", byLevel, byActor}, nil},
	{originals, "id", []string{"(created_at)", "(level)", "(type)", "(actor)", "(actor_id)", "(level, created_at)"}, nil},
	{library + " and trigrams", "id", []string{byTime, byLevelNarrow, byKind, byActorNarrow}, []string{trigram}},
}

// ddl makes the table with its key and these indexes.
func (s indexSet) ddl(table string, indexes []string) []string {
	statements := []string{fmt.Sprintf(`CREATE TABLE %s (
		id TEXT COLLATE "C" NOT NULL, level TEXT COLLATE "C" NOT NULL, type TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL,
		actor_id TEXT COLLATE "C", message TEXT COLLATE "C" NOT NULL, metadata JSONB, created_at TIMESTAMPTZ(3) NOT NULL,
		PRIMARY KEY (%s))`, table, s.key)}
	for _, index := range indexes {
		statements = append(statements, "CREATE INDEX ON "+table+" "+index)
	}
	return statements
}

// columns are the names of what is measured of each set.
func (x *indexed) columns() []string {
	columns := []string{"insert, empty table", "insert, full table", "size of indexes"}
	for _, name := range queryNames {
		columns = append(columns, name+", p50", name+", p95")
	}
	return columns
}

// markdown is the table of all sets: rates and sizes as medians of the rounds, and
// of queries the medians of p50 and p95.
func (x *indexed) markdown() string {
	value := func(set, column string) string {
		if m := x.report.byName[set+": "+column]; m != nil {
			return number(median(m.values()))
		}
		return "-"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| indexes | into empty, rows/s | into full, rows/s | MB | %s |\n", strings.Join(queryNames, " | "))
	fmt.Fprintf(&b, "|---|%s\n", strings.Repeat("--:|", 3+len(queryNames)))
	for _, s := range indexSets {
		if !x.wants(s.name) {
			continue
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |", s.name, value(s.name, "insert, empty table"), value(s.name, "insert, full table"), value(s.name, "size of indexes"))
		for _, q := range queryNames {
			fmt.Fprintf(&b, " %s / %s |", value(s.name, q+", p50"), value(s.name, q+", p95"))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\nQueries: p50 / p95 in ms.")
	return b.String()
}
