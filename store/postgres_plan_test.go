package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// TestPostgreSQLQueriesUseIndexes reads the plans of the statements that the store
// makes, over enough rows for the planner to mind.
func TestPostgreSQLQueriesUseIndexes(t *testing.T) {
	ctx := context.Background()
	db := openPostgres(t, pgtest.New(t))
	st, err := store.New(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	_, err = pool.ExecContext(ctx, `INSERT INTO system_logs SELECT to_char(i, 'FM000000'),
		CASE WHEN i % 10 = 0 THEN 'WARNING' WHEN i % 100 = 1 THEN 'ERROR' ELSE 'INFO' END, 'T', 'SYSTEM', 'usr_' || i % 100, 'message no. ' || i,
		NULL, to_timestamp(1700000000 + i) FROM generate_series(1, 50000) i`)
	require.NoError(t, err)
	_, err = pool.ExecContext(ctx, "ANALYZE system_logs")
	require.NoError(t, err)
	cursor := &syslog.Position{CreatedAt: time.Unix(1700025000, 0).UTC(), ID: "025000"}
	for name, c := range map[string]struct {
		f     syslog.Filter
		index string
	}{
		"all":     {syslog.Filter{}, "system_logs_created_at"},
		"level":   {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelWarning}}, "system_logs_level"},
		"levels":  {syslog.Filter{Levels: syslog.Levels()[1:]}, "system_logs_level"},
		"info":    {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}}, "system_logs_created_at"},
		"actorId": {syslog.Filter{ActorID: "usr_7"}, "system_logs_actor_id"},
		"actor":   {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, "system_logs_actor"},
		"actors":  {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest, syslog.ActorAdmin}}, "system_logs_actor"},
		"range":   {syslog.Filter{From: time.Unix(1700020000, 0), To: time.Unix(1700030000, 0)}, "system_logs_created_at"},
	} {
		for _, after := range []*syslog.Position{nil, cursor} {
			t.Run(fmt.Sprintf("%s, cursor %v", name, after != nil), func(t *testing.T) {
				q := syslog.Query{Filter: c.f}
				if after != nil {
					q.Cursor = after.Cursor(syslog.Desc)
				}
				text, args, err := st.PageSQL(q)
				require.NoError(t, err)
				rows, err := pool.QueryContext(ctx, "EXPLAIN "+text, args...)
				require.NoError(t, err)
				defer rows.Close()
				var plan strings.Builder
				for rows.Next() {
					var line string
					require.NoError(t, rows.Scan(&line))
					fmt.Fprintln(&plan, line)
				}
				require.NoError(t, rows.Err())
				require.Contains(t, plan.String(), "Backward using "+c.index)
				require.NotContains(t, plan.String(), "Seq Scan")
			})
		}
	}
}

// TestPostgreSQLTypes: the columns are what people who query the table expect.
func TestPostgreSQLTypes(t *testing.T) {
	ctx := context.Background()
	db := openPostgres(t, pgtest.New(t))
	require.NoError(t, db.Exec(`CREATE SCHEMA audit`).Error)
	st, err := store.New(db, &store.Options{Table: "audit.Events"})
	require.NoError(t, err)
	at := time.Date(2024, 1, 15, 10, 30, 0, 123e6, time.UTC)
	require.NoError(t, st.Write(ctx, []syslog.Log{{
		ID: "a", Type: "T", Actor: syslog.ActorSystem, Metadata: []byte(`{"user":{"id":7}}`), CreatedAt: at,
	}}))
	var n int64
	require.NoError(t, db.Raw(`SELECT COUNT(*) FROM audit."Events" WHERE metadata #>> '{user,id}' = '7'
		AND created_at = '2024-01-15 10:30:00.123Z' AND actor_id IS NULL AND level = 'INFO'`).Scan(&n).Error)
	require.EqualValues(t, 1, n)
	require.NoError(t, db.Raw(`SELECT COUNT(*) FROM pg_indexes WHERE schemaname = 'audit' AND indexname LIKE 'Events%'`).Scan(&n).Error)
	require.EqualValues(t, 7, n, "all of it lies in the schema")

	// The host forbids an event: waiting would not help.
	require.NoError(t, db.Exec(`ALTER TABLE audit."Events" ADD CHECK (type <> 'BAD')`).Error)
	err = st.Write(ctx, []syslog.Log{{Type: "GOOD"}, {Type: "BAD"}})
	var marked interface{ IsPermanent() bool }
	require.ErrorAs(t, err, &marked)
	require.True(t, marked.IsPermanent())
	page, err := st.Query(ctx, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1, "all of a batch or nothing")

	require.NoError(t, st.MigrateDown(ctx, 0))
	require.NoError(t, db.Raw(`SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'audit'`).Scan(&n).Error)
	require.EqualValues(t, 1, n, "the ledger stays")
}
