package postgres_test

import (
	"fmt"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

// TestDeleteReadsNoTableForEachBatch: of a table that is small for the planner, too,
// each batch reads what it deletes, and not the whole table.
func TestDeleteReadsNoTableForEachBatch(t *testing.T) {
	t.Parallel()
	for _, batch := range []int{1000, postgres.DefaultBatchSize} {
		t.Run(fmt.Sprint(batch), func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{BatchSize: batch})
			require.NoError(t, err)
			db := direct(t, dsn)
			fill(t, db, "system_logs", "")
			_, err = db.ExecContext(ctx, "SELECT pg_stat_reset()")
			require.NoError(t, err)
			n, err := st.Delete(ctx, syslog.Filter{To: planStart.Add(8 * day)})
			require.NoError(t, err)
			require.Greater(t, n, int64(planRows/2))
			require.NoError(t, st.Close(ctx)) // which has the server count what it did
			var scans, read int64
			await(t, "the server has counted", func() bool {
				var deleted int64
				require.NoError(t, db.QueryRowContext(ctx, "SELECT seq_scan, seq_tup_read, n_tup_del FROM pg_stat_user_tables WHERE relname = 'system_logs'").Scan(&scans, &read, &deleted))
				return deleted >= n
			})
			require.LessOrEqual(t, read, int64(2*planRows), "%d scans of the whole table", scans)
		})
	}
}

// TestDeleteWaitsForWhoChangesARow: what somebody changes at the time is deleted
// behind that, where it moved.
func TestDeleteWaitsForWhoChangesARow(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	st, err := postgres.Open(ctx, dsn)
	require.NoError(t, err)
	db := direct(t, dsn)
	fill(t, db, "system_logs", "")
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, "UPDATE system_logs SET message = 'anonymous' WHERE id IN ('000001', '004999', '005001', '030000')")
	require.NoError(t, err)
	deleted := make(chan int64, 1)
	go func() {
		n, err := st.Delete(ctx, syslog.Filter{To: at.Add(day)})
		if err != nil {
			n = -1
		}
		deleted <- n
	}()
	await(t, "the deletion waits for the change", func() (waits bool) {
		require.NoError(t, db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").Scan(&waits))
		return waits
	})
	require.NoError(t, tx.Commit())
	require.EqualValues(t, planRows, <-deleted)
	var left int
	require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM system_logs").Scan(&left))
	require.Zero(t, left)
	require.NoError(t, st.Close(ctx))
}
