package postgres_test

import (
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestSkippedRowsAreNotComputed: only the rows of a page have their metadata made to
// text, not all that an offset skips.
func TestSkippedRowsAreNotComputed(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	fill(t, db, "system_logs", "")
	for name, f := range map[string]syslog.Filter{"all": {}, "levels": {Levels: syslog.Levels()[1:]}} {
		text, args, err := st.PageSQL(syslog.Query{Filter: f, Offset: 1000})
		require.NoError(t, err)
		args = append([]any{pgx.QueryExecModeDescribeExec}, args...)
		rows, err := db.QueryContext(ctx, "EXPLAIN (ANALYZE, VERBOSE, TIMING OFF, COSTS OFF) "+text, args...)
		require.NoError(t, err)
		var plan []string
		for rows.Next() {
			var line string
			require.NoError(t, rows.Scan(&line))
			plan = append(plan, line)
		}
		require.NoError(t, rows.Err())
		computed := 0
		for i, line := range plan {
			if strings.Contains(line, "(metadata)::text") || strings.Contains(line, ".metadata)::text") {
				computed++
				require.Contains(t, plan[i-1], "rows=101 ", "%s: %s", name, strings.Join(plan, "\n"))
			}
		}
		require.Positive(t, computed, strings.Join(plan, "\n"))

		page, err := st.Query(ctx, syslog.Query{Filter: f, Offset: 1000})
		require.NoError(t, err)
		first, err := st.Query(ctx, syslog.Query{Filter: f, Limit: 500})
		require.NoError(t, err)
		second, err := st.Query(ctx, syslog.Query{Filter: f, Limit: 500, Cursor: first.Pagination.NextCursor})
		require.NoError(t, err)
		third, err := st.Query(ctx, syslog.Query{Filter: f, Limit: 100, Cursor: second.Pagination.NextCursor})
		require.NoError(t, err)
		require.Equal(t, third.Logs, page.Logs, name)
	}
	require.NoError(t, st.Close(ctx))
}
