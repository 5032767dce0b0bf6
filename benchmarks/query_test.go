package main

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestPrismaConditions has what Prisma was seen to send.
func TestPrismaConditions(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for want, f := range map[string]syslog.Filter{
		`1=1`: {},
		`"public"."Log"."level" = CAST($1::text AS "public"."LogLevel")`: {Levels: []syslog.LogLevel{syslog.LevelError}},
		`"public"."Log"."level" IN (CAST($1::text AS "public"."LogLevel"),CAST($2::text AS "public"."LogLevel"),CAST($3::text AS "public"."LogLevel"))`: {
			Levels: syslog.Levels()[1:]},
		`"public"."Log"."type" ILIKE ('%' || $1 || '%')`:                          {Type: "payout"},
		`"public"."Log"."actorId" = $1`:                                           {ActorID: "usr_1"},
		`("public"."Log"."createdAt" >= $1 AND "public"."Log"."createdAt" <= $2)`: {From: at, To: at},
		`("public"."Log"."message" ILIKE ('%' || $1 || '%') OR "public"."Log"."type" ILIKE ('%' || $2 || '%') OR "public"."Log"."actorId" ILIKE ('%' || $3 || '%'))`: {
			Search: "a_b"},
		`("public"."Log"."level" = CAST($1::text AS "public"."LogLevel") AND "public"."Log"."actor" = CAST($2::text AS "public"."LogActor") AND ` +
			`"public"."Log"."type" ILIKE ('%' || $3 || '%') AND "public"."Log"."createdAt" >= $4 AND ("public"."Log"."message" ILIKE ('%' || $5 || '%') OR ` +
			`"public"."Log"."type" ILIKE ('%' || $6 || '%') OR "public"."Log"."actorId" ILIKE ('%' || $7 || '%')))`: {
			Levels: []syslog.LogLevel{syslog.LevelError}, Actors: []syslog.LogActor{syslog.ActorUser}, Type: "x", From: at, Search: "ab"},
	} {
		var w prismaWhere
		require.Equal(t, want, w.of(f))
	}
	var w prismaWhere
	w.of(syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}, Type: "x"})
	require.Equal(t, []any{"ERROR", "x"}, w.values)
}

// TestADifferentAnswerIsAnError: sides that do not say the same are not compared.
func TestADifferentAnswerIsAnError(t *testing.T) {
	q := querying{questions: make([]question, 1)}
	require.NoError(t, q.same(0, answer{[]string{"a", "b"}, 2}))
	require.NoError(t, q.same(0, answer{[]string{"a", "b"}, 2}))
	require.Error(t, q.same(0, answer{[]string{"b", "a"}, 2}))
	require.Error(t, q.same(0, answer{[]string{"a"}, 2}))
	require.Error(t, q.same(0, answer{[]string{"a", "b"}, 3}))
}
