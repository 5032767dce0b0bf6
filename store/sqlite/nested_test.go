package sqlite_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// TestWriteTxInsideNestedTransactions: a host's handle may cache statements, and
// its transactions may lie in one another as savepoints.
func TestWriteTxInsideNestedTransactions(t *testing.T) {
	ctx := context.Background()
	for _, cfg := range []*gorm.Config{
		{Logger: logger.Discard, PrepareStmt: true},
		{Logger: logger.Discard, SkipDefaultTransaction: true, TranslateError: true},
	} {
		db := hostDB(t, cfg)
		st, err := store.New(db, nil)
		require.NoError(t, err)
		no := errors.New("no")
		require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
			require.NoError(t, st.WriteTx(tx, syslog.Log{ID: "outer", Type: "T"}, syslog.Log{ID: "outer", Type: "AGAIN"}))
			require.ErrorIs(t, tx.Transaction(func(tx *gorm.DB) error {
				require.NoError(t, st.WriteTx(tx.WithContext(ctx).Session(&gorm.Session{NewDB: true}), syslog.Log{ID: "inner", Type: "T"}))
				return no
			}), no)
			return st.WriteTx(tx.Debug(), syslog.Log{ID: "last", Type: "T"})
		}))
		page, err := st.Query(ctx, syslog.Query{})
		require.NoError(t, err)
		var got []string
		for _, l := range page.Logs {
			got = append(got, l.ID)
		}
		require.ElementsMatch(t, []string{"outer", "last"}, got)

		over, cancel := context.WithCancel(ctx)
		tx := db.WithContext(over).Begin()
		cancel()
		require.ErrorIs(t, st.WriteTx(tx, syslog.Log{Type: "T"}), context.Canceled)
		tx.Rollback()
		tx = db.WithContext(over).Begin()
		require.Error(t, st.WriteTx(tx, syslog.Log{Type: "T"}), "a transaction that did not begin")
	}
}
