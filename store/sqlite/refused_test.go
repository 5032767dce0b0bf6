package sqlite_test

import (
	"context"
	"errors"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
)

func permanent(err error) bool {
	var p interface {
		IsPermanent() bool
	}
	return errors.As(err, &p) && p.IsPermanent()
}

// TestRefusedEvent has the host forbid an event that the library would store.
func TestRefusedEvent(t *testing.T) {
	ctx := context.Background()
	for _, portable := range []bool{false, true} {
		db := hostDB(t, nil)
		st, err := store.New(db, &store.Options{Portable: portable})
		require.NoError(t, err)
		pool, err := db.DB()
		require.NoError(t, err)
		_, err = pool.Exec(`CREATE TRIGGER no_bad BEFORE INSERT ON system_logs WHEN NEW.type = 'BAD'
			BEGIN INSERT INTO system_logs (id) VALUES (NULL); END`)
		require.NoError(t, err)
		logs := []syslog.Log{{Type: "GOOD"}, {Type: "BAD"}, {Type: "GOOD"}}
		n, err := st.WriteCount(ctx, logs)
		require.Zero(t, n)
		require.Error(t, err)
		require.True(t, permanent(err), "%v", err)
		require.NoError(t, st.Write(ctx, logs[2:]), "the connection is as good as before")
		require.NoError(t, st.Write(ctx, logs[:1]))
		page, err := st.Query(ctx, syslog.Query{})
		require.NoError(t, err)
		require.Len(t, page.Logs, 2)

		_, err = pool.Exec("ALTER TABLE system_logs RENAME TO elsewhere")
		require.NoError(t, err)
		err = st.Write(ctx, logs[:1])
		require.Error(t, err)
		require.False(t, permanent(err), "a missing table can come back: keep the events")
	}
}

func TestWriteTxChecksTheTransaction(t *testing.T) {
	db := hostDB(t, nil)
	st, err := store.New(db, nil)
	require.NoError(t, err)
	st.SetNormalizer(nil)
	tx := db.Begin()
	require.NoError(t, st.WriteTx(tx))
	foreign := *tx
	cfg := *tx.Config
	cfg.Dialector = otherDialect{cfg.Dialector}
	foreign.Config = &cfg
	require.ErrorContains(t, st.WriteTx(&foreign, syslog.Log{Type: "T"}), `dialect "other"`)
	require.NoError(t, tx.Commit().Error)
	require.NoError(t, st.Close(context.Background()))
	tx = db.Begin()
	require.ErrorIs(t, st.WriteTx(tx, syslog.Log{Type: "T"}), syslog.ErrClosed)
	require.NoError(t, tx.Rollback().Error)
	_, err = store.New(db, &store.Options{NoMigrate: true})
	require.NoError(t, err)
	pool, err := db.DB()
	require.NoError(t, err)
	_, err = pool.Exec("UPDATE system_logs_migrations SET version = 99")
	require.NoError(t, err)
	_, err = store.New(db, &store.Options{NoMigrate: true})
	require.ErrorIs(t, err, store.ErrSchemaNewer)
}

type otherDialect struct{ gorm.Dialector }

func (otherDialect) Name() string { return "other" }

func TestWriteMakesEventsWhole(t *testing.T) {
	ctx := context.Background()
	st, err := store.New(hostDB(t, nil), nil)
	require.NoError(t, err)
	logs := []syslog.Log{{}, {ID: "x", Level: 3, CreatedAt: syslog.Normalize(syslog.Log{}).CreatedAt}}
	require.NoError(t, st.Write(ctx, logs))
	require.Equal(t, syslog.Log{}, logs[0], "in a copy")
	page, err := st.Query(ctx, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, page.Logs, 2)
	for _, l := range page.Logs {
		require.NotEmpty(t, l.ID)
		require.False(t, l.CreatedAt.IsZero())
		require.NotEmpty(t, l.Type)
	}
}
