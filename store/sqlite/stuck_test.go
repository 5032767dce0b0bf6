package sqlite_test

import (
	"context"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// A host that writes times as text breaks the order of the table. Walking it must
// end all the same.
func TestTextTimesDoNotHoldAWalkForEver(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	db := hostDB(t, nil)
	st, err := store.New(db, &store.Options{Portable: true, BatchPause: -1})
	require.NoError(t, err)
	require.NoError(t, db.Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
		INSERT INTO system_logs SELECT 'x' || i, 'INFO', 'T', 'SYSTEM', NULL, 'm', NULL, '2024-01-15 10:00:00' FROM n`).Error)
	_, err = st.Delete(ctx, syslog.Filter{Search: "nothing like it"})
	require.ErrorContains(t, err, "correct or delete that row")
	require.NoError(t, ctx.Err())
}
