package postgres_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

const secret = "s3cr3t/?#@%zz"

// TestConnectionStrings: whatever is wrong with one, the error says what, and not
// the password.
func TestConnectionStrings(t *testing.T) {
	for name, c := range map[string]struct{ dsn, want string }{
		"empty":                 {" ", "want postgres://"},
		"no URL":                {"postgres://user:" + secret + "@host:port\x7f/db", "URL"},
		"bad escape":            {"postgres://user:%zz" + secret + "@host/db", "URL"},
		"bad port":              {"postgres://user:" + url.QueryEscape(secret) + "@host:99999/db", "port"},
		"bad sslmode":           {"host=h user=u password='" + secret + "' sslmode=perhaps", "sslmode"},
		"no list":               {"password=" + secret + " host", "key=value"},
		"open quote":            {"host=h password='" + secret, "key=value"},
		"missing certificate":   {"host=h password=" + secret + " sslmode=verify-full sslrootcert=/nowhere", "sslrootcert"},
		"something else":        {"mysql://user:" + secret + "@host/db", "want postgres://"},
		"bad connect_timeout":   {"host=h password=" + secret + " connect_timeout=soon", "connect_timeout"},
		"bad target":            {"host=h password=" + secret + " target_session_attrs=any-old", "target_session_attrs"},
		"nobody there":          {"postgres://user:" + url.QueryEscape(secret) + "@127.0.0.1:1/db", "is the server running"},
		"no such host":          {"host=nowhere.invalid password=" + url.QueryEscape(secret) + " user=u dbname=d", "host"},
		"service is not there":  {"service=none password=" + secret, "service"},
		"a password in options": {"host=127.0.0.1 port=1 user=u password=" + url.QueryEscape(secret), "127.0.0.1:1"},
	} {
		t.Run(name, func(t *testing.T) {
			bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
			defer cancel()
			_, err := postgres.Open(bounded, c.dsn)
			require.ErrorContains(t, err, c.want)
			for _, text := range []string{err.Error(), fmt.Sprintf("%+v %#v", err, err)} {
				require.NotContains(t, text, "s3cr3t")
			}
		})
	}
}

// TestServerRefuses: what the server says, with what to do about it.
func TestServerRefuses(t *testing.T) {
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	_, err := db.ExecContext(ctx, "REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	require.NoError(t, err)
	poor := pgtest.Role(t, dsn)
	u, err := url.Parse(poor)
	require.NoError(t, err)
	u.Path = "/nowhere"
	for name, c := range map[string]struct {
		dsn  string
		opts *postgres.Options
		want []string
	}{
		"missing database":    {u.String(), nil, []string{"nowhere", "CREATE DATABASE"}},
		"missing schema":      {dsn, &postgres.Options{Table: "audit.events"}, []string{"CREATE SCHEMA"}},
		"role without CREATE": {poor, nil, []string{"permission denied", "MigrateSQL", "NoMigrate"}},
		"partitions, role without CREATE": {poor, &postgres.Options{Partition: postgres.Daily},
			[]string{"permission denied", "MigrateSQL"}},
		"no table":  {dsn, &postgres.Options{NoMigrate: true}, []string{"MigrateSQL"}},
		"no Citus":  {dsn, &postgres.Options{Distributed: true}, []string{"citus", "coordinator"}},
		"no Prisma": {dsn, &postgres.Options{Layout: postgres.PrismaLayout}, []string{"prisma migrate"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := postgres.OpenWithOptions(ctx, c.dsn, c.opts)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			require.NotContains(t, err.Error(), "s3cr3t")
		})
	}
	var n int
	require.NoError(t, db.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_class WHERE relname LIKE '%log%' AND relnamespace = 'public'::regnamespace").Scan(&n))
	require.Zero(t, n, "nothing is left behind")

	// The wrong password needs a server that asks for one.
	_, err = postgres.Open(ctx, pgtest.WithPassword(t, "s3cr3t"))
	require.ErrorContains(t, err, "password is wrong")
	require.NotContains(t, err.Error(), "s3cr3t")
}

// TestTablesOfOthers: a table that is not as the library makes it is found when the
// store is opened, and left as it is.
func TestTablesOfOthers(t *testing.T) {
	for name, c := range map[string]struct {
		sql  string
		want string
	}{
		"another table":      {"CREATE TABLE system_logs (id INT)", "Options.Table"},
		"a view":             {"CREATE VIEW system_logs AS SELECT 1 AS id", "Options.Table"},
		"a table of columns": {"CREATE TABLE system_logs (id TEXT, level TEXT, created_at TIMESTAMPTZ)", "Options.Table"},
	} {
		t.Run(name, func(t *testing.T) {
			dsn := pgtest.New(t)
			_, err := direct(t, dsn).ExecContext(ctx, c.sql)
			require.NoError(t, err)
			_, err = postgres.Open(ctx, dsn)
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("a column is gone", func(t *testing.T) {
		dsn := pgtest.New(t)
		st, err := postgres.Open(ctx, dsn)
		require.NoError(t, err)
		require.NoError(t, st.Close(ctx))
		_, err = direct(t, dsn).ExecContext(ctx, "ALTER TABLE system_logs RENAME metadata TO meta")
		require.NoError(t, err)
		_, err = postgres.Open(ctx, dsn)
		require.ErrorContains(t, err, `column "metadata" does not exist`)
		require.ErrorContains(t, err, "MigrateSQL")
	})
	t.Run("made portable", func(t *testing.T) {
		dsn := pgtest.New(t)
		db := handle(t, gormpg.Config{DSN: dsn})
		_, err := store.New(db, &store.Options{Portable: true})
		require.NoError(t, err)
		_, err = postgres.New(db, nil)
		require.ErrorContains(t, err, "under these Options")
	})
	t.Run("of a newer version", func(t *testing.T) {
		dsn := pgtest.New(t)
		st, err := postgres.Open(ctx, dsn)
		require.NoError(t, err)
		require.NoError(t, st.Close(ctx))
		_, err = direct(t, dsn).ExecContext(ctx, "INSERT INTO system_logs_migrations VALUES (99, 'future', 0)")
		require.NoError(t, err)
		_, err = postgres.Open(ctx, dsn)
		require.ErrorIs(t, err, store.ErrSchemaNewer)
	})
}

// TestEveryWrongOption: all at once.
func TestEveryWrongOption(t *testing.T) {
	_, err := postgres.New(nil, &postgres.Options{Layout: 7, Partition: -1, Trigram: true, NoMigrate: true})
	for _, want := range []string{"Layout is 7", "Partition is -1", "Trigram"} {
		require.ErrorContains(t, err, want)
	}
	_, err = postgres.New(nil, &postgres.Options{Layout: postgres.PrismaLayout, Distributed: true})
	require.ErrorContains(t, err, "PrismaLayout leaves as it is")
	_, err = postgres.New(nil, nil)
	require.ErrorContains(t, err, "gorm.Open")
	_, err = postgres.OpenWithOptions(ctx, pgtest.New(t), &postgres.Options{Table: "a.b.c; DROP", BatchSize: -1})
	require.ErrorContains(t, err, "Table is")
	require.ErrorContains(t, err, "BatchSize is -1")
}

// TestUnescapedPasswords: a URL that can be read, but not as it was meant, is
// refused before any part of it is taken for a host.
func TestUnescapedPasswords(t *testing.T) {
	for _, dsn := range []string{
		"postgres://app:s3cr:t@pws3cr3t#1@127.0.0.1:5432/app", "postgres://app:pass@s3cr3t/x@127.0.0.1:5432/app",
		"postgres://app:p@s3cr3t?w@127.0.0.1:5432/app", "postgresql://app:Tr0ub4dor@s3cr3t#3@127.0.0.1/app",
	} {
		_, err := postgres.Open(ctx, dsn)
		require.ErrorContains(t, err, "%-escaped")
		require.NotContains(t, err.Error(), "s3cr3t@")
		require.NotContains(t, err.Error(), "at s3cr3t")
	}
	_, err := postgres.Open(ctx, "postgres://app:x@127.0.0.1:1/app?schema=public&pgbouncer=true")
	require.ErrorContains(t, err, "(schema, pgbouncer)")
	require.ErrorContains(t, err, "Options.Table")
	_, err = postgres.Open(ctx, strings.Replace(pgtest.New(t), "sslmode=disable", "sslmode=require", 1))
	require.ErrorContains(t, err, "switch ssl on")
}
