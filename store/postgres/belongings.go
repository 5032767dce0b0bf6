package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// What belongs to a table and is not the library's: a new table in its place has none of
// it. Owner and rights are handed over; what else there is stops a Repartition.

// strangers are the host's things at a table, t, by the name of their kind.
const strangers = `WITH t AS (SELECT oid, relrowsecurity FROM pg_class WHERE oid = $table::regclass)
	SELECT 'row level security' FROM t WHERE relrowsecurity
	UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger JOIN t ON tgrelid = t.oid WHERE NOT tgisinternal
	UNION ALL SELECT DISTINCT 'view ' || c.oid::regclass FROM pg_depend d JOIN t ON d.refobjid = t.oid JOIN pg_rewrite w ON w.oid = d.objid JOIN pg_class c ON c.oid = w.ev_class
		WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND c.oid <> t.oid
	UNION ALL SELECT 'publication ' || p.pubname FROM pg_publication_rel pr JOIN t ON pr.prrelid = t.oid JOIN pg_publication p ON p.oid = pr.prpubid
	UNION ALL SELECT 'foreign key ' || conname || ' of ' || conrelid::regclass FROM pg_constraint JOIN t ON confrelid = t.oid
	UNION ALL SELECT 'constraint ' || conname FROM pg_constraint JOIN t ON conrelid = t.oid WHERE contype IN ('c', 'f', 'u', 'x') AND conname <> $within
	UNION ALL SELECT 'index ' || c.relname FROM pg_index i JOIN t ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid
		WHERE NOT i.indisprimary AND c.relname NOT IN ($indexes) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
	UNION ALL SELECT 'column ' || attname FROM pg_attribute JOIN t ON attrelid = t.oid WHERE attnum > 0 AND NOT attisdropped
		AND attname NOT IN ('id', 'level', 'type', 'actor', 'actor_id', 'message', 'metadata', 'created_at')`

// strange fails for a table that has things of the host's, before anything is changed.
func (r *repartition) strange(ctx context.Context) error {
	_, name, found := strings.Cut(r.table, ".")
	if !found {
		name = r.table
	}
	var indexes []string
	for _, suffix := range []string{"_created_at", "_level", "_actor", "_actor_id", "_trigram", "_past_pkey"} {
		indexes = append(indexes, literal(name+suffix))
	}
	things, err := names(ctx, r.db, strings.NewReplacer("$table", literal(quote(r.table)), "$within", literal(within),
		"$indexes", strings.Join(indexes, ", ")).Replace(strangers))
	if err != nil || len(things) == 0 {
		return err
	}
	return fmt.Errorf("the table has what would stay behind with the old one: %s; drop it, call Repartition, and make it again for the partitioned table",
		strings.Join(things, ", "))
}

// rights are the statements that give a table another one's rights, by the rows of
// aclexplode; $to is the table's name.
const rights = `WITH t AS (SELECT oid, relowner, relacl FROM pg_class WHERE oid = $table::regclass),
	a AS (SELECT x.*, '' AS col FROM t, aclexplode(t.relacl) x
		UNION ALL SELECT x.*, ' (' || quote_ident(attname) || ')' FROM t JOIN pg_attribute ON attrelid = t.oid, aclexplode(attacl) x WHERE attnum > 0)
	SELECT 'GRANT ' || privilege_type || col || ' ON ' || $to || ' TO ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END ||
		CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
	FROM a, t WHERE grantee <> relowner`

// inherit returns the statements by which the new table has the rights of the one that
// is in its place, and it and its partitions that one's owner.
func (r *repartition) inherit(ctx context.Context, tx *sql.Tx, made []partition) ([]string, error) {
	table := quote(r.table)
	stmts, err := names(ctx, tx, strings.NewReplacer("$table", literal(table), "$to", literal(table)).Replace(rights))
	if err != nil {
		return nil, err
	}
	owner, err := names(ctx, tx, "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = "+literal(table)+"::regclass AND relowner <> current_user::regrole")
	if err != nil || len(owner) == 0 {
		return stmts, err
	}
	for _, p := range made {
		stmts = append(stmts, "ALTER TABLE "+p.name+" OWNER TO "+owner[0])
	}
	return append(stmts, "ALTER TABLE "+table+" OWNER TO "+owner[0]), nil
}
