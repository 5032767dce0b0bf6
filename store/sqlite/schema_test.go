package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

func objects(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.Query("SELECT type || ' ' || name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1")
	require.NoError(t, err)
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(t, rows.Err())
	return strings.Join(out, "\n")
}

func TestMigrateUpAndDown(t *testing.T) {
	ctx := context.Background()
	for _, portable := range []bool{false, true} {
		db := hostDB(t, nil)
		pool, err := db.DB()
		require.NoError(t, err)
		opts := &store.Options{Portable: portable}
		st, err := store.New(db, opts)
		require.NoError(t, err)
		up := objects(t, pool)
		require.Contains(t, up, "table system_logs\n")
		require.Contains(t, up, "index system_logs_actor_id\n")
		require.NoError(t, st.MigrateDown(ctx, 0))
		require.Equal(t, "table system_logs_migrations", objects(t, pool))
		_, err = store.New(db, opts)
		require.NoError(t, err)
		require.Equal(t, up, objects(t, pool), "up again is the same")
	}
}

func TestHostMigratesItself(t *testing.T) {
	db := hostDB(t, nil)
	_, err := store.New(db, &store.Options{NoMigrate: true})
	require.ErrorContains(t, err, "MigrateSQL")
	text, err := store.MigrateSQL(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	_, err = pool.Exec(text)
	require.NoError(t, err)
	st, err := store.New(db, &store.Options{NoMigrate: true})
	require.NoError(t, err)
	require.NoError(t, st.Write(context.Background(), []syslog.Log{{Type: "T"}}))
}

func TestWrongOptionsAllAtOnce(t *testing.T) {
	_, err := store.New(hostDB(t, nil), &store.Options{Table: "a; DROP TABLE b", BatchSize: -1, BatchPause: 1 << 60})
	for _, field := range []string{"Table", "BatchSize", "BatchPause"} {
		require.ErrorContains(t, err, field)
	}
}

// TestQueriesUseIndexes reads SQLite's plans of the statements that the store
// makes of the contract's queries.
func TestQueriesUseIndexes(t *testing.T) {
	db := hostDB(t, nil)
	st, err := store.New(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	cursor := syslog.Position{CreatedAt: syslog.Normalize(syslog.Log{}).CreatedAt, ID: "x"}
	for name, c := range map[string]struct {
		f     syslog.Filter
		after *syslog.Position
		index string
	}{
		"first page":      {syslog.Filter{}, nil, "system_logs_created_at"},
		"cursor":          {syslog.Filter{}, &cursor, "system_logs_created_at ((created_at,id)<(?,?))"},
		"level":           {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}}, nil, "system_logs_level (level=?)"},
		"level, cursor":   {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelCritical}}, &cursor, "system_logs_level (level=? AND (created_at,id)<(?,?))"},
		"levels":          {syslog.Filter{Levels: syslog.Levels()[1:]}, nil, "system_logs_level (level=?)"},
		"levels, cursor":  {syslog.Filter{Levels: syslog.Levels()[1:]}, &cursor, "system_logs_level (level=? AND (created_at,id)<(?,?))"},
		"actorId":         {syslog.Filter{ActorID: "u"}, nil, "system_logs_actor_id (actor_id=?)"},
		"actorId, cursor": {syslog.Filter{ActorID: "u"}, &cursor, "system_logs_actor_id (actor_id=? AND (created_at,id)<(?,?))"},
		"range":           {syslog.Filter{From: cursor.CreatedAt, To: cursor.CreatedAt}, nil, "system_logs_created_at (created_at>? AND created_at<?)"},
		"until, cursor":   {syslog.Filter{To: cursor.CreatedAt.Add(1e9)}, &cursor, "system_logs_created_at ((created_at,id)<(?,?))"},
		"range, cursor":   {syslog.Filter{From: cursor.CreatedAt.Add(-1e9), To: cursor.CreatedAt}, &cursor, "system_logs_created_at (created_at>? AND (created_at,id)<(?,?))"},
		"info":            {syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}}, nil, "system_logs_created_at"},
		"actor of many":   {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorSystem}}, nil, "system_logs_created_at"},
		"actor":           {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, nil, "system_logs_actor (actor=?)"},
		"actors":          {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest, syslog.ActorAdmin}}, nil, "system_logs_actor (actor=?)"},
		"actor, cursor":   {syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, &cursor, "system_logs_actor (actor=? AND (created_at,id)<(?,?))"},
		"actors, info": {
			syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest, syslog.ActorUser}, Levels: []syslog.LogLevel{syslog.LevelInfo}}, nil,
			"system_logs_created_at",
		},
		"search": {syslog.Filter{Search: "x"}, nil, "system_logs_created_at"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []int{1, 2, 100} {
				q := syslog.Query{Filter: c.f, Limit: limit}
				if c.after != nil {
					q.Cursor = c.after.Cursor(syslog.Desc)
				}
				how := queryPlan(t, pool, st, q)
				require.Contains(t, how, c.index)
				require.NotContains(t, how, "TEMP B-TREE", "no sort")
			}
		})
	}
}

// TestCursorOutsideThePeriod: a page begins behind the cursor and keeps to the period,
// whichever of the two is narrower.
func TestCursorOutsideThePeriod(t *testing.T) {
	st, err := store.New(hostDB(t, nil), nil)
	require.NoError(t, err)
	at := time.UnixMilli(1_700_000_000_000).UTC()
	var all []syslog.Log
	for i := range 10 {
		all = append(all, syslog.Normalize(syslog.Log{ID: fmt.Sprint(i), Type: "T", CreatedAt: at.Add(time.Duration(i) * time.Second)}))
	}
	require.NoError(t, st.Write(context.Background(), all))
	for cursor := range 10 {
		for o, want := range map[syslog.Order][]string{syslog.Desc: {"6", "5", "4", "3"}, syslog.Asc: {"3", "4", "5", "6"}} {
			behind := slices.DeleteFunc(want, func(id string) bool {
				return o == syslog.Desc && id >= fmt.Sprint(cursor) || o == syslog.Asc && id <= fmt.Sprint(cursor)
			})
			page, err := st.Query(context.Background(), syslog.Query{
				Filter: syslog.Filter{From: all[3].CreatedAt, To: all[6].CreatedAt}, Order: o,
				Cursor: syslog.Position{CreatedAt: all[cursor].CreatedAt, ID: all[cursor].ID}.Cursor(o),
			})
			require.NoError(t, err)
			var got []string
			for _, l := range page.Logs {
				got = append(got, l.ID)
			}
			require.ElementsMatch(t, behind, got, "behind %d", cursor)
		}
	}
}

// TestManyActors asks for more than a statement has parts.
func TestManyActors(t *testing.T) {
	st, err := store.New(hostDB(t, nil), nil)
	require.NoError(t, err)
	actors := make([]syslog.LogActor, 600)
	for i := range actors {
		actors[i] = syslog.LogActor(fmt.Sprint("ACTOR_", i))
	}
	_, err = st.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Actors: actors}})
	require.NoError(t, err)
}

// queryPlan is how SQLite reads the page of a query.
func queryPlan(t *testing.T, pool *sql.DB, st *store.Store, q syslog.Query) string {
	t.Helper()
	text, args, err := st.PageSQL(q)
	require.NoError(t, err)
	rows, err := pool.Query("EXPLAIN QUERY PLAN "+text, args...)
	require.NoError(t, err)
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var a, b, n int
		var detail string
		require.NoError(t, rows.Scan(&a, &b, &n, &detail))
		fmt.Fprintln(&plan, detail)
	}
	require.NoError(t, rows.Err())
	return plan.String()
}
