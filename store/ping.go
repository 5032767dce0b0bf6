package store

import (
	"context"
	"fmt"
)

// Ping says whether the database answers and the table can be read: it is what
// Logger.Healthy asks. It may be called concurrently.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.alive(); err != nil {
		return err
	}
	rows, err := s.read.QueryContext(background(ctx), "SELECT 1 FROM "+s.table()+" WHERE 1 = 0") //nolint:gosec // a quoted name
	if err == nil {
		defer rows.Close() //nolint:errcheck // nothing was read
		rows.Next()
		err = rows.Err()
	}
	if err != nil {
		return fmt.Errorf("store: ping: %w", s.plain(err))
	}
	return nil
}
