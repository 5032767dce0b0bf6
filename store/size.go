package store

import (
	"context"
	"errors"
	"fmt"
)

// Size returns how many bytes the table takes with its indexes and partitions; on SQLite
// the whole database file, with what else is in it and with room that is free. The error
// is [errors.ErrUnsupported] for any other database, and for one that is distributed.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	ctx = background(ctx)
	if err := s.alive(); err != nil {
		return 0, err
	}
	if s.dialect.Size == nil {
		return 0, fmt.Errorf("store: size: %w by this database", errors.ErrUnsupported)
	}
	if err := s.read.QueryRowContext(ctx, s.dialect.Size(s.opts.Table)).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: size: %w", s.plain(err))
	}
	return n, nil
}
