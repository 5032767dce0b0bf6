package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/storetest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	gormpg "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

var ctx = context.Background()

func TestMain(m *testing.M) {
	code := pgtest.Main(m)
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// handle is a host's handle.
func handle(t testing.TB, cfg gormpg.Config) *gorm.DB {
	t.Helper()
	db, err := gorm.Open(gormpg.New(cfg), &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	t.Cleanup(func() {
		pool, err := db.DB()
		require.NoError(t, err)
		require.NoError(t, pool.Close())
	})
	return db
}

func TestConformance(t *testing.T) {
	partitioned := func(p postgres.Partition) func(t *testing.T, dsn string) (*store.Store, error) {
		return func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Partition: p, Table: "public.Split"})
		}
	}
	for name, open := range map[string]func(t *testing.T, dsn string) (*store.Store, error){
		"plain": func(_ *testing.T, dsn string) (*store.Store, error) { return postgres.Open(ctx, dsn) },
		"host": func(t *testing.T, dsn string) (*store.Store, error) {
			return postgres.New(handle(t, gormpg.Config{DSN: dsn}), nil)
		},
		"simple protocol": func(t *testing.T, dsn string) (*store.Store, error) {
			return postgres.New(handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}), nil)
		},
		"prisma": func(t *testing.T, dsn string) (*store.Store, error) {
			makePrisma(t, dsn)
			return postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Layout: postgres.PrismaLayout})
		},
		"daily": partitioned(postgres.Daily),
		// The partitions begin with the day of the suite's events.
		"partitioned, long ago": func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.OpenWithOptions(ctx, dsn, postgres.WithClock(postgres.Options{Partition: postgres.Weekly},
				func() time.Time { return time.Date(2024, 1, 15, 12, 0, 0, 0, time.UTC) }, nil))
		},
		"trigram": func(_ *testing.T, dsn string) (*store.Store, error) {
			return postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Trigram: true, Logger: slog.New(slog.DiscardHandler)})
		},
	} {
		var opts []storetest.Option
		if strings.Contains(name, "ly") || strings.Contains(name, "partitioned") {
			opts = append(opts, storetest.TimeInKey())
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) syslog.Store {
				st, err := open(t, pgtest.New(t))
				require.NoError(t, err)
				return st
			}, opts...)
		})
	}
}
