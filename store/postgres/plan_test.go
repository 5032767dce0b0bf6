package postgres_test

import (
	"database/sql"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// planRows is enough for the planner to mind, over ten days.
const planRows = 60_000

var planStart = at.Truncate(day).Add(-9 * day)

// fill puts rows into a table: one in 10 is a WARNING, one in 100 an ERROR.
func fill(t testing.TB, db *sql.DB, table, enums string) {
	t.Helper()
	level, actor := "", ""
	if enums != "" {
		level, actor = `::"LogLevel"`, `::"LogActor"`
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf(`INSERT INTO %s SELECT to_char(i, 'FM000000'),
		(CASE WHEN i %% 10 = 0 THEN 'WARNING' WHEN i %% 100 = 1 THEN 'ERROR' ELSE 'INFO' END)%s, 'USER_LOGIN', 'SYSTEM'%s, 'usr_' || i %% 20000,
		'message ' || md5(i::text), NULL, timestamptz '%s' + i * interval '14.4 s' FROM generate_series(1, %d) i`,
		table, level, actor, planStart.Format(time.RFC3339), planRows))
	require.NoError(t, err)
	_, err = db.ExecContext(ctx, "VACUUM ANALYZE "+table)
	require.NoError(t, err)
}

// plan is how the server reads the first page of a filter.
func plan(t testing.TB, db *sql.DB, st *store.Store, f syslog.Filter, after *syslog.Position) string {
	t.Helper()
	q := syslog.Query{Filter: f}
	if after != nil {
		q.Cursor = after.Cursor(syslog.Desc)
	}
	text, args, err := st.PageSQL(q)
	require.NoError(t, err)
	rows, err := db.QueryContext(ctx, "EXPLAIN "+text, append([]any{pgx.QueryExecModeDescribeExec}, args...)...)
	require.NoError(t, err)
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		fmt.Fprintln(&b, line)
	}
	require.NoError(t, rows.Err())
	return b.String()
}

// seqScan is one of a table or partition that has more than a few rows: the tests
// end with the last day that has.
var seqScan = regexp.MustCompile(`Seq Scan on (system_logs |"Log"|system_logs_p202603(0\d|1[0-8]))`)

type planned struct {
	f     syslog.Filter
	index string // part of the names of the indexes
	many  bool   // too many to be sorted
}

func queries() map[string]planned {
	return map[string]planned{
		"all":             {syslog.Filter{}, "created_at", true},
		"level":           {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}}, "level", false},
		"levels":          {syslog.Filter{Levels: syslog.Levels()[1:]}, "level", false},
		"info":            {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}}, "created_at", true},
		"level, range":    {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}, From: planStart.Add(day), To: planStart.Add(2 * day)}, "level", false},
		"actor":           {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorSystem}}, "created_at", true},
		"rare actor":      {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, "actor", false},
		"rare actors":     {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest, syslog.ActorAdmin}}, "actor", false},
		"actorId":         {syslog.Filter{ActorID: "usr_17"}, "actor_id", false},
		"actorId, range":  {syslog.Filter{ActorID: "usr_17", From: planStart.Add(day), To: planStart.Add(8 * day)}, "actor_id", false},
		"type":            {syslog.Filter{Type: "login"}, "created_at", true},
		"search":          {syslog.Filter{Search: "message"}, "created_at", true},
		"range":           {syslog.Filter{From: planStart.Add(day), To: planStart.Add(2 * day)}, "created_at", true},
		"search in a day": {syslog.Filter{Search: "00ff", From: planStart.Add(day), To: planStart.Add(day + 2*time.Hour)}, "created_at", false},
	}
}

func TestPlans(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]*postgres.Options{
		"plain": {}, "partitioned": postgres.WithClock(postgres.Options{Partition: postgres.Daily}, func() time.Time { return planStart }, make(chan time.Time)),
	} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			if opts.Partition != postgres.Unpartitioned {
				// Ten days of partitions.
				first, err := postgres.OpenWithOptions(ctx, dsn, opts)
				require.NoError(t, err)
				require.NoError(t, first.Close(ctx))
				tick := make(chan time.Time)
				opts = postgres.WithClock(*opts, func() time.Time { return at }, tick)
				defer func() { close(tick) }()
			}
			st, err := postgres.OpenWithOptions(ctx, dsn, opts)
			require.NoError(t, err)
			defer func() { require.NoError(t, st.Close(ctx)) }()
			if opts.Partition != postgres.Unpartitioned {
				require.Eventually(t, func() bool { return strings.Count(parts(t, db, "system_logs"), "p2026") > 10 }, time.Minute, 10*time.Millisecond)
			}
			fill(t, db, "system_logs", "")
			for name, q := range queries() {
				cursors := []*syslog.Position{nil, {CreatedAt: planStart.Add(36 * time.Hour), ID: "025000"}}
				for i, after := range cursors {
					text := plan(t, db, st, q.f, after)
					require.NotRegexp(t, seqScan, text, "%s, cursor %d", name, i)
					require.Contains(t, text, q.index, "%s, cursor %d", name, i)
					if q.many {
						require.NotContains(t, text, "->  Sort", "%s, cursor %d", name, i)
					}
				}
			}
		})
	}
}

// TestPlansOnPrismasIndexes: what there is is used.
func TestPlansOnPrismasIndexes(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	db := direct(t, dsn)
	fill(t, db, `"Log"`, "enums")
	st, err := postgres.OpenWithOptions(ctx, dsn, prisma)
	require.NoError(t, err)
	for name, q := range queries() {
		for _, after := range []*syslog.Position{nil, {CreatedAt: planStart.Add(36 * time.Hour), ID: "025000"}} {
			text := plan(t, db, st, q.f, after)
			require.NotRegexp(t, seqScan, text, name)
		}
	}
	require.NoError(t, st.Close(ctx))
}

// TestTrigramIndex: rare text is looked for in the index, also where a plan for any
// value would walk the table; with partitions only in those that are closed.
func TestTrigramIndex(t *testing.T) {
	t.Parallel()
	for name, partition := range map[string]postgres.Partition{"plain": postgres.Unpartitioned, "partitioned": postgres.Weekly} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			now, tick := clock(planStart), make(chan time.Time)
			st, err := postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{
				Partition: partition, Trigram: true, Logger: slog.New(slog.DiscardHandler),
			}, func() time.Time { return *now.Load() }, tick))
			require.NoError(t, err)
			tick <- time.Time{} // the first round is done
			fill(t, db, "system_logs", "")
			later := at
			now.Store(&later)
			tick <- time.Time{}
			tick <- time.Time{} // the round before is done
			var built string
			require.NoError(t, db.QueryRowContext(ctx, `SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
				WHERE c.relname LIKE '%trigram' AND i.indisvalid`).Scan(&built))
			rare := syslog.Filter{Search: "c4ca4238a0b923820dcc509a6f75849b"} // of the first event
			text := plan(t, db, st, rare, nil)
			if partition == postgres.Unpartitioned {
				require.Equal(t, "system_logs_trigram", built)
				require.Contains(t, text, "Bitmap Index Scan on system_logs_trigram", text)
			} else {
				require.Equal(t, "system_logs_p20260309_trigram system_logs_past_trigram", built, "not those that are written to")
				require.Contains(t, text, "Bitmap Index Scan on system_logs_p20260309_trigram", text)
			}
			for range 10 { // a plan that is kept would be one for any value from the sixth time on
				page, err := st.Query(ctx, syslog.Query{Filter: rare})
				require.NoError(t, err)
				require.Len(t, page.Logs, 1)
			}
			require.NoError(t, st.Close(ctx))
			// An index whose building was cut short is made again.
			index := strings.Fields(built)[0]
			_, err = db.ExecContext(ctx, "UPDATE pg_index SET indisvalid = false WHERE indexrelid = $1::regclass", index)
			require.NoError(t, err)
			st, err = postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{
				Partition: partition, Trigram: true, Logger: slog.New(slog.DiscardHandler),
			}, func() time.Time { return at }, tick))
			require.NoError(t, err)
			tick <- time.Time{}
			var valid bool
			require.NoError(t, db.QueryRowContext(ctx, "SELECT indisvalid FROM pg_index WHERE indexrelid = $1::regclass", index).Scan(&valid))
			require.True(t, valid)
			require.NoError(t, st.Close(ctx))
		})
	}
}
