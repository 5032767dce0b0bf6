package postgres

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// belongings is a query for what hangs on a table that the library did not make. It
// would stay with the table's past when another takes its name, and be missing from
// then on without a word. A publication may hold all that it publishes as the table's.
const belongings = `WITH t AS (SELECT c.oid, c.relrowsecurity, c.reltype, y.typarray FROM pg_class c JOIN pg_type y ON y.oid = c.reltype WHERE c.oid = $table::regclass),
	used AS (SELECT d.classid, d.objid, d.deptype FROM t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
		OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.reltype, t.typarray))
SELECT DISTINCT what FROM t, LATERAL (
	SELECT 'row level security' WHERE t.relrowsecurity
	UNION ALL SELECT 'policy ' || polname FROM pg_policy WHERE polrelid = t.oid
	UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgrelid = t.oid AND NOT tgisinternal
	UNION ALL SELECT 'rule ' || rulename FROM pg_rewrite WHERE ev_class = t.oid
	UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE conrelid = t.oid AND contype IN ('c', 'f') AND conname <> $within
	UNION ALL SELECT 'foreign key ' || conname || ' of ' || conrelid::regclass FROM pg_constraint WHERE confrelid = t.oid AND conrelid <> t.oid AND contype = 'f'
	UNION ALL SELECT 'index ' || c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE i.indrelid = t.oid AND NOT i.indisprimary AND c.relname <> ALL ($indexes)
	UNION ALL SELECT 'statistics ' || stxname FROM pg_statistic_ext WHERE stxrelid = t.oid
	UNION ALL SELECT 'column ' || attname FROM pg_attribute WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($columns)
	UNION ALL SELECT 'default of column ' || attname FROM pg_attribute WHERE attrelid = t.oid AND atthasdef AND attname = ANY ($columns)
	UNION ALL SELECT 'inheritance from ' || inhparent::regclass FROM pg_inherits WHERE inhrelid = t.oid
	UNION ALL SELECT 'inheritance by ' || inhrelid::regclass FROM pg_inherits WHERE inhparent = t.oid
	UNION ALL SELECT 'view ' || w.ev_class::regclass FROM used u JOIN pg_rewrite w ON w.oid = u.objid WHERE u.classid = 'pg_rewrite'::regclass AND w.ev_class <> t.oid
	UNION ALL SELECT 'function ' || objid::regprocedure FROM used WHERE classid = 'pg_proc'::regclass
	UNION ALL SELECT 'publication ' || p.pubname FROM pg_publication p WHERE EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = t.oid)
		OR to_jsonb(p)->>'pubviaroot' IS DISTINCT FROM 'true' AND EXISTS (SELECT FROM pg_publication_tables l JOIN pg_class c ON c.relname = l.tablename
			AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = l.schemaname) WHERE l.pubname = p.pubname AND c.oid = t.oid)
) AS found(what) ORDER BY what`

// ownColumns are the table's columns.
var ownColumns = []string{"id", "level", "type", "actor", "actor_id", "message", "metadata", "created_at"}

// bereft fails for a table that something of the host's would be lost from.
func (r *repartition) bereft(ctx context.Context, db interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}) error {
	_, name, found := strings.Cut(r.table, ".")
	if !found {
		name = r.table
	}
	var indexes []string
	for _, suffix := range []string{"_created_at", "_level", "_actor", "_actor_id", "_trigram", newKey} {
		indexes = append(indexes, name+suffix)
	}
	array := func(of []string) string { return literal("{"+strings.Join(of, ",")+"}") + "::text[]" }
	all, err := names(ctx, db, strings.NewReplacer("$table", literal(quote(r.table)), "$within", literal(within),
		"$indexes", array(indexes), "$columns", array(ownColumns)).Replace(belongings))
	if err != nil || len(all) == 0 {
		return err
	}
	return errors.New("the table has what the library did not make, and what would stay behind with the old events: " + strings.Join(all, ", ") +
		"; remove it, call Repartition, and make it again for the table with partitions")
}
