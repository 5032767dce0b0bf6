package postgres_test

import (
	"crypto/rand"
	"os"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/storetest"
	"github.com/stretchr/testify/require"
)

// citusEnv names the coordinator of a cluster, by its connection string. There is
// no cluster to be had without, so there is no test then either.
const citusEnv = "SYSLOG_TEST_CITUS"

// TestDistributed runs the suite on a cluster, if there is one, and looks at the
// statements that make the table in any case.
func TestDistributed(t *testing.T) {
	t.Parallel()
	for name, partition := range map[string]postgres.Partition{"plain": postgres.Unpartitioned, "partitioned": postgres.Monthly} {
		t.Run(name, func(t *testing.T) {
			opts := postgres.Options{Table: "audit.events", Partition: partition, Distributed: true}
			text, err := postgres.MigrateSQL(&opts)
			require.NoError(t, err)
			at := strings.Index(text, `SELECT create_distributed_table('"audit"."events"', 'id');`)
			require.Positive(t, at)
			require.Greater(t, at, strings.LastIndex(text, "PARTITION OF"), "with its partitions")
			require.Less(t, at, strings.Index(text, "_migrations"), "and nothing else")
			dsn := os.Getenv(citusEnv)
			if dsn == "" {
				return
			}
			var also []storetest.Option
			if partition != postgres.Unpartitioned {
				also = append(also, storetest.TimeInKey())
			}
			storetest.Run(t, func(t *testing.T) syslog.Store {
				schema := "test_" + strings.ToLower(rand.Text())
				db := direct(t, dsn)
				_, err := db.ExecContext(ctx, "CREATE SCHEMA "+schema)
				require.NoError(t, err)
				t.Cleanup(func() {
					_, err := db.ExecContext(ctx, "DROP SCHEMA "+schema+" CASCADE")
					require.NoError(t, err)
				})
				st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Table: schema + ".events", Partition: partition, Distributed: true})
				require.NoError(t, err)
				return st
			}, also...)
		})
	}
}
