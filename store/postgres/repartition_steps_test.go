package postgres_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// steps is called with each step that a Repartition begins, before it does.
type steps func(step string)

func (s steps) Enabled(context.Context, slog.Level) bool { return true }
func (s steps) WithAttrs([]slog.Attr) slog.Handler       { return s }
func (s steps) WithGroup(string) slog.Handler            { return s }

func (s steps) Handle(_ context.Context, r slog.Record) error {
	s(strings.TrimPrefix(r.Message, "syslog: repartition: "))
	return nil
}

// before calls f at the first of the steps of this name.
func before(step string, f func()) steps {
	done := false
	return func(s string) {
		if s == step && !done {
			done = true
			f()
		}
	}
}

// watched are the options of daily with steps.
func watched(s steps) *postgres.Options {
	o := daily()
	o.Logger = slog.New(s)
	return o
}

const lastStep = "put the partitioned table in its place"

// TestRepartitionLooksAgain: what the host makes while an index is built is not lost
// either.
func TestRepartitionLooksAgain(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	openPlain(t, dsn)
	err := postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), watched(before(lastStep, func() {
		_, err := db.ExecContext(ctx, "CREATE VIEW report AS SELECT type FROM system_logs")
		require.NoError(t, err)
		_, err = db.ExecContext(ctx, "GRANT SELECT ON system_logs TO PUBLIC")
		require.NoError(t, err)
	})))
	require.ErrorContains(t, err, "old events: view report; remove it")
	_, err = db.ExecContext(ctx, "DROP VIEW report")
	require.NoError(t, err)
	had := rights(t, db)
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
	require.Equal(t, had, rights(t, db))
}

// TestRepartitionBesideNew: a replica that restarts meanwhile leaves alone what the
// one that is at work needs.
func TestRepartitionBesideNew(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"check that all events are within the bounds", lastStep} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			openPlain(t, dsn)
			begun := map[string]int{}
			meanwhile := before(step, func() {
				was := dump(t, dsn)
				openPlain(t, dsn)
				require.Equal(t, was, dump(t, dsn))
			})
			require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), watched(func(s string) {
				begun[s]++
				meanwhile(s)
			})))
			require.Equal(t, 1, begun[lastStep])
			require.Contains(t, parts(t, db, "system_logs"), "past=0 p20260320=0")
		})
	}
}

// TestRepartitionProvesTheBoundsAgain where the constraint was removed by hand: the
// table is not read while nobody can use it.
func TestRepartitionProvesTheBoundsAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ step, stmt string }{
		"before the check": {"check that all events are within the bounds", "ALTER TABLE system_logs DROP CONSTRAINT syslog_before"},
		"behind the check": {lastStep, "ALTER TABLE system_logs DROP CONSTRAINT syslog_before"},
		"made without one": {lastStep, "UPDATE pg_constraint SET convalidated = false WHERE conname = 'syslog_before'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			openPlain(t, dsn)
			begun := map[string]int{}
			remove := func() {
				_, err := db.ExecContext(ctx, c.stmt)
				require.NoError(t, err)
			}
			once := before(c.step, remove)
			require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), watched(func(s string) {
				begun[s]++
				once(s)
			})))
			require.Equal(t, 2, begun["check that all events are within the bounds"])
			require.Contains(t, parts(t, db, "system_logs"), "past=0 p20260320=0")
		})
	}
	t.Run("always", func(t *testing.T) {
		t.Parallel()
		dsn := pgtest.New(t)
		db := direct(t, dsn)
		openPlain(t, dsn)
		was := dump(t, dsn)
		err := postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), watched(func(s string) {
			if s == lastStep {
				_, err := db.ExecContext(ctx, "ALTER TABLE system_logs DROP CONSTRAINT syslog_before")
				require.NoError(t, err)
			}
		}))
		require.ErrorContains(t, err, "leave it alone")
		require.Equal(t, was, dump(t, dsn))
	})
}
