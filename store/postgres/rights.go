package postgres

import (
	"context"
	"database/sql"
)

// rights are whose a table is, and what others may do with it.
type rights struct {
	table  string // as in Options
	owner  string // quoted where it must be
	grants []string
}

// rightsOf reads those of a table. The grants are all of the owner's then, also
// what somebody passed on who was allowed to.
func rightsOf(ctx context.Context, tx *sql.Tx, table string) (rights, error) {
	r, oid := rights{table: table}, literal(quote(table))+"::regclass"
	if err := tx.QueryRowContext(ctx, "SELECT quote_ident(pg_get_userbyid(relowner)) FROM pg_class WHERE oid = "+oid).Scan(&r.owner); err != nil {
		return r, err
	}
	var err error
	r.grants, err = names(ctx, tx, `SELECT 'GRANT ' || x.privilege_type || a.columns || ' ON ' || `+literal(quote(table))+` || ' TO ' || `+grantee+`
			|| CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
		FROM (SELECT '' AS columns, COALESCE(relacl, acldefault('r', relowner)) AS acl FROM pg_class WHERE oid = `+oid+`
			UNION ALL SELECT ' (' || quote_ident(attname) || ')', attacl FROM pg_attribute WHERE attrelid = `+oid+` AND NOT attisdropped) AS a,
			aclexplode(a.acl) AS x`)
	return r, err
}

// grantee is the role of a row of aclexplode, as a statement names it.
const grantee = "CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END"

// give has the new table of the name have these rights, and none of those that new
// tables get by default.
func (r rights) give(ctx context.Context, tx *sql.Tx) error {
	name := quote(r.table)
	if err := execAll(ctx, tx, []string{r.own(name)}); err != nil {
		return err
	}
	revoked, err := names(ctx, tx, `SELECT DISTINCT 'REVOKE ALL ON ' || `+literal(name)+` || ' FROM ' || `+grantee+`
		FROM pg_class c, aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner))) AS x WHERE c.oid = `+literal(name)+`::regclass`)
	if err != nil {
		return err
	}
	return execAll(ctx, tx, append(revoked, r.grants...))
}

// own is the statement that gives a table, by its quoted name, to the owner.
func (r rights) own(name string) string { return "ALTER TABLE " + name + " OWNER TO " + r.owner }
