package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/callastar/syslog/store/sqlite"
)

// source has what all sides are filled from.
type source struct {
	*bench
	cluster *cluster
	past    history
	name    string // of files and databases
}

// readers are the sides. open fills a database with the same events, oldest first,
// batch by batch, and returns what asks it.
var readers = []struct {
	name string
	open func(ctx context.Context, s *source) (ask asker, end func(), err error)
}{
	{onPostgres, fromPostgres}, {onTrigrams, fromTrigrams}, {onSQLite, fromSQLite}, {inPrisma, fromPrisma},
}

func (s *source) fill(ctx context.Context, st *store.Store) error {
	return s.past.batches(0, s.rows, syslog.DefaultBatchSize, func(logs []syslog.Log) error { return st.Write(ctx, logs) })
}

// postgres makes a database of a name with the events, as the store has them by
// default.
func (s *source) postgres(ctx context.Context, name string) (dsn string, err error) {
	if dsn, err = s.cluster.database(ctx, name, ""); err != nil {
		return "", err
	}
	st, err := postgres.Open(ctx, dsn)
	if err != nil {
		return "", err
	}
	err = s.fill(ctx, st)
	if closeErr := st.Close(ctx); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", err
	}
	return dsn, execute(ctx, dsn, "VACUUM (ANALYZE)", "CHECKPOINT")
}

func fromPostgres(ctx context.Context, s *source) (asker, func(), error) {
	dsn, err := s.postgres(ctx, s.name+"_ours")
	if err != nil {
		return nil, nil, err
	}
	st, err := postgres.Open(ctx, dsn)
	if err != nil {
		return nil, nil, err
	}
	return byQuery(st)
}

// fromTrigrams has the store build its index for searching over the full table.
func fromTrigrams(ctx context.Context, s *source) (asker, func(), error) {
	dsn, err := s.postgres(ctx, s.name+"_trigrams")
	if err != nil {
		return nil, nil, err
	}
	st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Trigram: true, Logger: slog.New(slog.NewTextHandler(s.progress, nil))})
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for built := false; !built; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, nil, fmt.Errorf("the index for searching is not built: %w", ctx.Err())
		}
		if err := query(ctx, dsn, "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('system_logs_trigram') AND indisvalid)", &built); err != nil {
			return nil, nil, err
		}
	}
	if err := execute(ctx, dsn, "VACUUM (ANALYZE)", "CHECKPOINT"); err != nil {
		return nil, nil, err
	}
	return byQuery(st)
}

func fromSQLite(ctx context.Context, s *source) (asker, func(), error) {
	st, err := sqlite.Open(filepath.Join(s.dir, s.name+".db"))
	if err != nil {
		return nil, nil, err
	}
	if err := s.fill(ctx, st); err != nil {
		return nil, nil, err
	}
	return byQuery(st)
}

// byQuery asks as users do.
func byQuery(st *store.Store) (asker, func(), error) {
	l, err := syslog.New(st, &syslog.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		return nil, nil, err
	}
	ask := func(ctx context.Context, q *question) (func() []string, int64, error) {
		p, err := l.Query(ctx, q.q)
		ids := func() (ids []string) {
			for i := range p.Logs {
				ids = append(ids, p.Logs[i].ID)
			}
			return ids
		}
		return ids, p.Pagination.TotalCount, err
	}
	return ask, func() { _ = l.Close() }, nil
}
