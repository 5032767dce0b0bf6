package sqlite_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// hostDB is a host's handle, with everything a host may have set.
func hostDB(t testing.TB, cfg *gorm.Config) *gorm.DB {
	t.Helper()
	pool := raw(t, filepath.Join(t.TempDir(), "host.db")+"?"+hostParams)
	if cfg == nil {
		cfg = &gorm.Config{Logger: logger.Discard}
	}
	db, err := gorm.Open(gormsqlite.Dialector{Conn: pool}, cfg)
	require.NoError(t, err)
	return db
}

// spy is the host's logger; it can pass SQL on to us.
type spy struct {
	logger.Interface
	lines atomic.Int64
	to    atomic.Pointer[syslog.Logger]
}

func (s *spy) LogMode(logger.LogLevel) logger.Interface { return s }

func (s *spy) Trace(ctx context.Context, _ time.Time, fc func() (string, int64), _ error) {
	s.lines.Add(1)
	sql, _ := fc()
	s.to.Load().Info(ctx, "SQL", syslog.System(), sql)
}

// plugin counts the statements that GORM's callbacks see.
type plugin struct{ seen atomic.Int64 }

func (p *plugin) Name() string { return "spy" }

func (p *plugin) Initialize(db *gorm.DB) error {
	count := func(*gorm.DB) { p.seen.Add(1) }
	return errors.Join(db.Callback().Create().Before("gorm:create").Register("spy", count),
		db.Callback().Query().Before("gorm:query").Register("spy", count),
		db.Callback().Delete().Before("gorm:delete").Register("spy", count),
		db.Callback().Raw().Before("gorm:raw").Register("spy", count),
		db.Callback().Row().Before("gorm:row").Register("spy", count))
}

func TestHostsHandleStaysTheHosts(t *testing.T) {
	ctx := context.Background()
	seen := &spy{Interface: logger.Discard}
	naming := schema.NamingStrategy{TablePrefix: "host_", SingularTable: true}
	db := hostDB(t, &gorm.Config{Logger: seen, NamingStrategy: naming, PrepareStmt: true})
	p := &plugin{}
	require.NoError(t, db.Use(p))
	pool, err := db.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(3)

	st, err := sqlite.New(db, nil)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: textLogger(io.Discard)})
	require.NoError(t, err)
	seen.to.Store(l)
	for range 100 {
		l.Info(ctx, "T", syslog.User("u"), "m")
	}
	require.NoError(t, l.Flush(ctx))
	_, err = l.Query(ctx, syslog.Query{Filter: syslog.Filter{Search: "é"}})
	require.NoError(t, err)
	_, err = l.Cleanup(ctx)
	require.NoError(t, err)
	_, err = l.Delete(ctx, syslog.Filter{ActorID: "nobody"})
	require.NoError(t, err)
	require.Zero(t, seen.lines.Load(), "the host's logger sees none of our SQL")
	require.Zero(t, p.seen.Load(), "nor do its plugins")

	// The host logs its own SQL through us: that does not feed itself.
	type Thing struct{ ID int }
	require.NoError(t, db.AutoMigrate(&Thing{}))
	require.NoError(t, db.Create(&Thing{}).Error)
	require.NoError(t, l.Flush(ctx))
	lines := seen.lines.Load()
	page, err := l.Query(ctx, syslog.Query{Filter: syslog.Filter{Type: "SQL"}})
	require.NoError(t, err)
	require.EqualValues(t, lines, page.Pagination.TotalCount)
	require.True(t, strings.Contains(page.Logs[0].Message, "host_thing"))

	require.Equal(t, naming, db.NamingStrategy)
	require.Same(t, seen, db.Logger)
	require.Equal(t, 3, pool.Stats().MaxOpenConnections)
	require.NoError(t, l.Close())
	require.NoError(t, pool.Ping(), "the host's pool stays open")
}

func TestWriteTx(t *testing.T) {
	ctx := context.Background()
	db := hostDB(t, nil)
	st, err := sqlite.New(db, nil)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Redact: []string{"iban"}})
	require.NoError(t, err)
	rolledBack := errors.New("no")
	err = db.Transaction(func(tx *gorm.DB) error {
		require.NoError(t, st.WriteTx(tx, syslog.Log{Type: "GONE"}))
		return rolledBack
	})
	require.ErrorIs(t, err, rolledBack)
	require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
		return st.WriteTx(tx, syslog.Log{Type: "KEPT\x00", Metadata: []byte(`{"iban":"FR76","password":"x"}`)}, syslog.Log{Type: "SECOND"})
	}))
	page, err := l.Query(ctx, syslog.Query{Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, page.Logs, 2)
	require.Equal(t, "KEPT\uFFFD", page.Logs[0].Type)
	require.Contains(t, string(page.Logs[0].Metadata), `"iban":"[REDACTED]","password":"[REDACTED]"`, "the logger's redaction holds")

	require.NoError(t, db.Transaction(func(tx *gorm.DB) error {
		require.ErrorContains(t, st.WriteTx(tx.Session(&gorm.Session{DryRun: true}), syslog.Log{}), "dry run")
		return nil
	}))
	require.ErrorIs(t, st.WriteTx(db, syslog.Log{}), store.ErrNotInTransaction)
	require.ErrorIs(t, st.WriteTx(nil), store.ErrNotInTransaction)
	tx := db.Begin()
	_, err = sqlite.New(tx, nil)
	require.ErrorContains(t, err, "transaction")
	require.NoError(t, tx.Rollback().Error)
	_, err = sqlite.New(nil, nil)
	require.Error(t, err)
	require.NoError(t, l.Close())
}
