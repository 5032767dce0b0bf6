package store_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/storetest"
	"github.com/stretchr/testify/require"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func openPostgres(t testing.TB, dsn string) *gorm.DB {
	t.Helper()
	db, err := gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Discard})
	require.NoError(t, err)
	t.Cleanup(func() {
		pool, err := db.DB()
		require.NoError(t, err)
		require.NoError(t, pool.Close())
	})
	return db
}

// TestPortableOnPostgreSQL has the plain SQL for any dialect pass on a real
// server that is not SQLite.
func TestPortableOnPostgreSQL(t *testing.T) {
	storetest.Run(t, func(t *testing.T) syslog.Store {
		st, err := store.New(openPostgres(t, pgtest.New(t)), &store.Options{Portable: true})
		require.NoError(t, err)
		return st
	})
}

func TestPostgreSQL(t *testing.T) {
	storetest.Run(t, func(t *testing.T) syslog.Store {
		st, err := store.New(openPostgres(t, pgtest.New(t)), nil)
		require.NoError(t, err)
		return st
	})
}

func TestTenAtOnceOnAnEmptyDatabase(t *testing.T) {
	dsn := pgtest.New(t)
	var wg sync.WaitGroup
	errs := make([]error, 10)
	for i := range errs {
		db := openPostgres(t, dsn)
		wg.Go(func() {
			st, err := store.New(db, nil)
			if err == nil {
				err = st.Write(context.Background(), []syslog.Log{{Type: "T"}})
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestWriteTxOnPostgreSQL(t *testing.T) {
	db := openPostgres(t, pgtest.New(t))
	st, err := store.New(db, nil)
	require.NoError(t, err)
	tx := db.Begin()
	require.NoError(t, st.WriteTx(tx, syslog.Log{Type: "GONE"}))
	require.NoError(t, tx.Rollback().Error)
	require.NoError(t, db.Transaction(func(tx *gorm.DB) error { return st.WriteTx(tx, syslog.Log{Type: "KEPT"}) }))
	p, err := st.Query(context.Background(), syslog.Query{})
	require.NoError(t, err)
	require.Len(t, p.Logs, 1)
	require.Equal(t, "KEPT", p.Logs[0].Type)
}
