package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// TestLeasesRunOutByTheServersClock: the clock of a process that is minutes off
// neither takes a living lock away nor lets one live for ever.
func TestLeasesRunOutByTheServersClock(t *testing.T) {
	ctx := context.Background()
	db := openPostgres(t, pgtest.New(t))
	st, err := store.New(db, nil)
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	cleanup := func() error {
		_, err := st.Cleanup(ctx, syslog.RetentionPolicy{}, time.Now())
		return err
	}
	const server = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
	_, err = pool.ExecContext(ctx, "INSERT INTO system_logs_locks VALUES ('cleanup', 'another', "+server+" + 30000)")
	require.NoError(t, err)
	require.ErrorIs(t, cleanup(), syslog.ErrCleanupRunning)
	_, err = pool.ExecContext(ctx, "UPDATE system_logs_locks SET expires_at = "+server+" - 1")
	require.NoError(t, err)
	require.NoError(t, cleanup())
	// What a cleanup writes is a minute by that clock.
	_, err = pool.ExecContext(ctx, `CREATE TABLE seen AS SELECT 0::bigint AS left_ms;
		CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN UPDATE seen SET left_ms = NEW.expires_at - `+server+`; RETURN NEW; END$$;
		CREATE TRIGGER see BEFORE INSERT ON system_logs_locks FOR EACH ROW EXECUTE FUNCTION see()`)
	require.NoError(t, err)
	require.NoError(t, cleanup())
	var left int64
	require.NoError(t, pool.QueryRowContext(ctx, "SELECT left_ms FROM seen").Scan(&left))
	require.InDelta(t, 60_000, left, 10_000)
}
