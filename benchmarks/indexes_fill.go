package main

import (
	"context"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
)

// fill makes a table of a set. It grows row by row, as tables do: an index that
// is built over rows that are there is denser than one that grew.
func (x *indexed) fill(ctx context.Context, s indexSet, table string) error {
	if err := execute(ctx, x.dsn, s.ddl(table, s.indexes)...); err != nil {
		return err
	}
	if err := x.write(ctx, table, 0, x.rows, nil); err != nil {
		return err
	}
	statements := make([]string, 0, len(s.late)+1)
	for _, index := range s.late { // would take minutes to grow
		statements = append(statements, "CREATE INDEX ON "+table+" "+index)
	}
	return execute(ctx, x.dsn, append(statements, "VACUUM (ANALYZE) "+table)...)
}

// open is the store on a table that is there.
func (x *indexed) open(ctx context.Context, table string) (*store.Store, error) {
	return postgres.OpenWithOptions(ctx, x.dsn, &postgres.Options{Table: table, NoMigrate: true})
}

// write adds events by the store, as a logger's batches. took, if set, is the time
// without making the events.
func (x *indexed) write(ctx context.Context, table string, from, to int, took *time.Duration) error {
	st, err := x.open(ctx, table)
	if err != nil {
		return err
	}
	defer func() { _ = st.Close(ctx) }()
	return x.past.batches(from, to, syslog.DefaultBatchSize, func(logs []syslog.Log) error {
		start := time.Now()
		err := st.Write(ctx, logs)
		if took != nil {
			*took += time.Since(start)
		}
		return err
	})
}
