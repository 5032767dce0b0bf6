package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/callastar/syslog"
	"github.com/jackc/pgx/v5"
)

// prismaRow is what findMany selects.
type prismaRow struct {
	ID, Level, Type, Actor string
	ActorID                *string
	Message                string
	Metadata               []byte
	CreatedAt              time.Time
}

const prismaColumns = `"public"."Log"."id", "public"."Log"."level"::text, "public"."Log"."type", "public"."Log"."actor"::text, ` +
	`"public"."Log"."actorId", "public"."Log"."message", "public"."Log"."metadata", "public"."Log"."createdAt"`

// findMany skips what comes before a page, also where the library has a cursor.
func findMany(ctx context.Context, conn *pgx.Conn, q syslog.Query) ([]prismaRow, error) {
	after, err := q.After()
	if err != nil {
		return nil, err
	}
	skip, order := q.Offset, " DESC"
	switch {
	case after != nil:
		skip = after.Rows
	case q.Page > 0:
		skip = (q.Page - 1) * syslog.DefaultLimit
	}
	if q.Order == syslog.Asc {
		order = " ASC"
	}
	var w prismaWhere
	text := "SELECT " + prismaColumns + ` FROM "public"."Log" WHERE ` + w.of(q.Filter) +
		` ORDER BY "public"."Log"."createdAt"` + order + " LIMIT " + w.arg(cmp.Or(q.Limit, syslog.DefaultLimit)) + " OFFSET " + w.arg(skip)
	rows, err := conn.Query(ctx, text, w.args()...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[prismaRow])
}

func prismaCount(ctx context.Context, conn *pgx.Conn, f syslog.Filter) (n int64, err error) {
	var w prismaWhere
	text := `SELECT COUNT(*) AS "_count$_all" FROM (SELECT "public"."Log"."id" FROM "public"."Log" WHERE ` + w.of(f) + " OFFSET " + w.arg(0) + `) AS "sub"`
	err = conn.QueryRow(ctx, text, w.args()...).Scan(&n)
	return n, err
}

// prismaWhere numbers the variables of a statement. The statements of this file are the
// ones that Prisma 7.10 was seen to send by its adapter for pg, without a name, so that
// each is planned for its values.
type prismaWhere struct{ values []any }

func (w *prismaWhere) arg(v any) string {
	w.values = append(w.values, v)
	return fmt.Sprintf("$%d", len(w.values))
}

func (w *prismaWhere) args() []any { return append([]any{pgx.QueryExecModeCacheDescribe}, w.values...) }

// of is the condition that the original makes of its parameters.
func (w *prismaWhere) of(f syslog.Filter) string {
	var conds []string
	if len(f.Levels) > 0 {
		conds = append(conds, prismaIn(w, "level", "LogLevel", f.Levels))
	}
	if len(f.Actors) > 0 {
		conds = append(conds, prismaIn(w, "actor", "LogActor", f.Actors))
	}
	contains := func(column, text string) string {
		return `"public"."Log"."` + column + `" ILIKE ('%' || ` + w.arg(text) + ` || '%')`
	}
	if f.Type != "" {
		conds = append(conds, contains("type", f.Type))
	}
	if f.ActorID != "" {
		conds = append(conds, `"public"."Log"."actorId" = `+w.arg(f.ActorID))
	}
	if !f.From.IsZero() {
		conds = append(conds, `"public"."Log"."createdAt" >= `+w.arg(f.From))
	}
	if !f.To.IsZero() {
		conds = append(conds, `"public"."Log"."createdAt" <= `+w.arg(f.To))
	}
	if f.Search != "" {
		conds = append(conds, "("+contains("message", f.Search)+" OR "+contains("type", f.Search)+" OR "+contains("actorId", f.Search)+")")
	}
	switch len(conds) {
	case 0:
		return "1=1"
	case 1:
		return conds[0]
	}
	return "(" + strings.Join(conds, " AND ") + ")"
}

// prismaIn is the condition that an enum has one of these values.
func prismaIn[T any](w *prismaWhere, column, enum string, values []T) string {
	var all []string
	for _, v := range values {
		all = append(all, "CAST("+w.arg(fmt.Sprint(v))+`::text AS "public"."`+enum+`")`)
	}
	column = `"public"."Log"."` + column + `"`
	if len(all) == 1 {
		return column + " = " + all[0]
	}
	return column + " IN (" + strings.Join(all, ",") + ")"
}
