package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
)

// byCleanup is the library's way.
func byCleanup(ctx context.Context, c *cleanup, st *store.Store, _ string) (int64, error) {
	policy := syslog.RetentionPolicy{}
	for _, l := range syslog.Levels() {
		policy[l] = keep
	}
	stats, err := st.Cleanup(ctx, policy, c.now)
	return stats.TotalDeleted, err
}

// byDelete is what a service without the library would do.
func byDelete(ctx context.Context, c *cleanup, _ *store.Store, dsn string) (n int64, err error) {
	err = connected(ctx, dsn, func(conn *pgx.Conn) error {
		tag, err := conn.Exec(ctx, "DELETE FROM system_logs WHERE created_at < $1", c.now.Add(-keep))
		n = tag.RowsAffected()
		return err
	})
	return n, err
}

// byDrop is what a service would do that partitioned its table by hand: partitions
// that are over go as they are, and the rest of the last day row by row.
func byDrop(ctx context.Context, c *cleanup, _ *store.Store, dsn string) (int64, error) {
	const day = 24 * time.Hour
	var drops []string
	for at := c.past.start.UTC().Truncate(day); !at.Add(day).After(c.now.Add(-keep)); at = at.Add(day) {
		drops = append(drops, "DROP TABLE system_logs_p"+at.Format("20060102"))
	}
	if err := execute(ctx, dsn, drops...); err != nil {
		return 0, err
	}
	_, err := byDelete(ctx, c, nil, dsn)
	return c.old, err // DROP does not count
}

// cleaner is a way to be rid of old events. Without clean there is none: what the
// writer feels then shows how far two stretches differ by themselves.
type cleaner struct {
	name    string
	opts    postgres.Options
	clean   func(ctx context.Context, c *cleanup, st *store.Store, dsn string) (deleted int64, err error)
	ours    bool   // the library's default: it has a goal
	against string // what its duration is compared with
}

const (
	noDeletion = "no deletion"
	oneDelete  = "one DELETE"
	handDrop   = "DROP by hand, partitions"
)

var daily = postgres.Options{Partition: postgres.Daily}

var cleaners = []cleaner{
	{noDeletion, postgres.Options{}, nil, false, ""},
	{"Cleanup", postgres.Options{}, byCleanup, true, oneDelete},
	{"Cleanup, batches of 10 000", postgres.Options{BatchSize: 10_000}, byCleanup, false, oneDelete},
	{oneDelete, postgres.Options{}, byDelete, false, ""},
	{noDeletion + ", partitions", daily, nil, false, ""},
	{"Cleanup, partitions", daily, byCleanup, true, handDrop},
	{handDrop, daily, byDrop, false, oneDelete},
}

// makeDays makes the partitions that there would be if the store had been open all
// the time.
func (c *cleanup) makeDays(ctx context.Context, dsn string) error {
	const day = 24 * time.Hour
	first, today := c.past.start.UTC().Truncate(day), c.now.UTC().Truncate(day)
	stmts := []string{"ALTER TABLE system_logs DETACH PARTITION system_logs_past"}
	for at := first; at.Before(today); at = at.Add(day) {
		stmts = append(stmts, fmt.Sprintf("CREATE TABLE system_logs_p%s PARTITION OF system_logs FOR VALUES FROM ('%s+00') TO ('%s+00')",
			at.Format("20060102"), at.Format(time.DateTime), at.Add(day).Format(time.DateTime)))
	}
	return execute(ctx, dsn, append(stmts, fmt.Sprintf(
		"ALTER TABLE system_logs ATTACH PARTITION system_logs_past FOR VALUES FROM (MINVALUE) TO ('%s+00')", first.Format(time.DateTime)))...)
}

// template is a database with the table full, made once for each kind of table.
func (c *cleanup) template(ctx context.Context, opts postgres.Options) (name string, err error) {
	name = fmt.Sprintf("template_%d", opts.Partition)
	var found bool
	if err := query(ctx, c.cluster.dsn, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '"+name+"')", &found); err != nil || found {
		return name, err
	}
	dsn, err := c.cluster.database(ctx, name, "")
	if err != nil {
		return "", err
	}
	st, err := postgres.OpenWithOptions(ctx, dsn, &opts)
	if err != nil {
		return "", err
	}
	if opts.Partition != postgres.Unpartitioned {
		err = c.makeDays(ctx, dsn)
	}
	if err != nil {
		return "", errors.Join(err, st.Close(ctx))
	}
	err = c.past.batches(0, c.rows, syslog.DefaultBatchSize, func(logs []syslog.Log) error { return st.Write(ctx, logs) })
	if closeErr := st.Close(ctx); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", err
	}
	return name, execute(ctx, dsn, "CREATE EXTENSION pg_prewarm", "VACUUM (ANALYZE)")
}
