package postgres_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestChild is the body of the processes that TestTenProcessesMigrate starts.
func TestChild(t *testing.T) {
	dsn := os.Getenv("SYSLOG_TEST_CHILD_DSN")
	if dsn == "" {
		return // run on its own it has nothing to do
	}
	opts := &postgres.Options{Table: "audit.events"}
	if os.Getenv("SYSLOG_TEST_CHILD_PARTITION") != "" {
		opts.Partition, opts.Trigram = postgres.Weekly, true
	}
	var diagnostics bytes.Buffer
	opts.Logger = slog.New(slog.NewTextHandler(&diagnostics, &slog.HandlerOptions{Level: slog.LevelWarn}))
	st, err := postgres.OpenWithOptions(ctx, dsn, opts)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: slog.New(slog.NewTextHandler(&diagnostics, nil))})
	require.NoError(t, err)
	for i := range 500 {
		l.Info(ctx, "CHILD", syslog.User(fmt.Sprint(os.Getpid())), "m", syslog.Metadata{"i": i})
	}
	require.NoError(t, l.Close())
	require.Empty(t, diagnostics.String())
}

// TestTenProcessesMigrate starts ten processes at once on an empty database.
func TestTenProcessesMigrate(t *testing.T) {
	t.Parallel()
	for _, partition := range []string{"", "weekly"} {
		t.Run("partition "+partition, func(t *testing.T) {
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			_, err := db.ExecContext(ctx, "CREATE SCHEMA audit")
			require.NoError(t, err)
			const children = 10
			type result struct {
				out []byte
				err error
			}
			results := make(chan result)
			for range children {
				go func() {
					cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.count=1")
					cmd.Env = append(os.Environ(), "SYSLOG_TEST_CHILD_DSN="+dsn, "SYSLOG_TEST_CHILD_PARTITION="+partition)
					out, err := cmd.CombinedOutput()
					results <- result{out, err}
				}()
			}
			for range children {
				r := <-results
				require.NoError(t, r.err, string(r.out))
			}
			var n, steps int
			require.NoError(t, db.QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM audit.events), (SELECT COUNT(*) FROM audit.events_migrations)").Scan(&n, &steps))
			require.Equal(t, children*500, n)
			require.Equal(t, 1, steps)
		})
	}
}

// TestMigrateSQL: what it prints makes what New makes, and New finds it done.
func TestMigrateSQL(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string]postgres.Options{
		"plain": {}, "schema": {Table: "audit.Events"}, "partitioned": {Partition: postgres.Monthly},
		"trigram": {Trigram: true, Logger: slog.New(slog.DiscardHandler)},
	} {
		t.Run(name, func(t *testing.T) {
			var schemas []string
			for range 2 {
				dsn := pgtest.New(t)
				host := handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true})
				require.NoError(t, host.Exec("CREATE SCHEMA audit").Error)
				if len(schemas) == 1 {
					text, err := postgres.MigrateSQL(&opts)
					require.NoError(t, err)
					require.NoError(t, host.Exec(text).Error)
				}
				for _, by := range []bool{false, true} {
					opts := opts
					if opts.NoMigrate = by; by {
						opts.Trigram = false
					}
					tick := make(chan time.Time)
					st, err := postgres.New(host, postgres.WithClock(opts, time.Now, tick))
					require.NoError(t, err)
					if opts.Trigram {
						tick <- time.Time{} // the index is built
					}
					require.NoError(t, st.Write(ctx, made(syslog.LevelInfo, at, 3)))
					require.NoError(t, st.Close(ctx))
				}
				schemas = append(schemas, dump(t, dsn))
			}
			require.Equal(t, schemas[0], schemas[1])
		})
	}
	text, err := postgres.MigrateSQL(&postgres.Options{Layout: postgres.PrismaLayout})
	require.NoError(t, err)
	require.Empty(t, text)
	_, err = postgres.MigrateSQL(&postgres.Options{Table: `x"; DROP TABLE y`})
	require.ErrorContains(t, err, "Table is")
}

// dump is the schema of a database, as the server's own tool has it.
func dump(t testing.TB, dsn string) string {
	t.Helper()
	cmd := exec.Command(pgtest.Binary(t, "pg_dump"), "--schema-only", "--no-comments", dsn)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	var kept bytes.Buffer
	for line := range bytes.Lines(out) {
		if !bytes.HasPrefix(line, []byte(`\`)) { // newer ones print a random key
			kept.Write(line)
		}
	}
	return kept.String()
}
