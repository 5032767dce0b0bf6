package postgres_test

import (
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/storetest"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestThroughPooler runs the suite where each transaction has another connection:
// nothing may be left to a session, neither statements nor locks nor settings.
func TestThroughPooler(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, dsn string) (*store.Store, error){
		"host": func(t *testing.T, dsn string) (*store.Store, error) {
			return postgres.New(handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}), nil)
		},
		"open": func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.Open(ctx, dsn+"&default_query_exec_mode=simple_protocol")
		},
		"statements without a name": func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.Open(ctx, dsn+"&default_query_exec_mode=cache_describe")
		},
		"statements without a name, partitions": func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.OpenWithOptions(ctx, dsn+"&default_query_exec_mode=exec", &postgres.Options{Partition: postgres.Daily})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var opts []storetest.Option
			if strings.Contains(name, "partitions") {
				opts = append(opts, storetest.TimeInKey())
			}
			storetest.Run(t, func(t *testing.T) syslog.Store {
				st, err := open(t, pgtest.Bouncer(t, pgtest.New(t)))
				require.NoError(t, err)
				return st
			}, opts...)
		})
	}
}
