package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"github.com/callastar/syslog"
)

// deletePlaces is deleteAll where rows are found again by their place in the table: a
// batch is one statement, which reads the index once and looks nothing up by key.
func (s *Store) deletePlaces(ctx context.Context, f *syslog.Filter, after func(n int64) error) (total int64, err error) {
	var from *syslog.Position
	for again := 0; ; {
		var deleted int64
		var found int
		var last *syslog.Position
		err := untangled(ctx, func() (err error) {
			deleted, found, last, err = s.deletePlace(ctx, f, from)
			return err
		})
		total += deleted
		if err != nil || found == 0 {
			return total, err
		}
		if err := after(total); err != nil {
			return total, err
		}
		if again++; deleted == int64(found) || again > mostMoved {
			again = 0
			if found < s.opts.BatchSize {
				return total, nil
			}
			if from != nil && from.ID == last.ID {
				return total, errStuck(last.ID)
			}
			from = last
		}
		if err := pause(ctx, s.opts.BatchPause); err != nil {
			return total, err
		}
	}
}

// mostMoved is how often a batch is looked for again of which some rows were not where
// they had been: others have deleted them, or changed them, which moves them.
const mostMoved = 5

// noSuchColumn is the SQLSTATE of a column that is not there.
const noSuchColumn = "42703"

// deletePlace deletes a batch behind a position. It returns how many rows it found,
// of which others may have deleted some meanwhile, and the position of the last one.
func (s *Store) deletePlace(ctx context.Context, f *syslog.Filter, from *syslog.Position) (deleted int64, found int, last *syslog.Position, err error) {
	st := s.statement("WITH batch AS (")
	st.ordered("id, ctid AS place, "+s.createdAt()+" AS ms", f, syslog.Asc, from, s.opts.BatchSize, 0)
	// An array of places is always looked up one by one: joined, the planner would rather
	// read a small table as a whole for each batch. The id tells rows of partitions apart,
	// which a table may get behind our back.
	st.add("), gone AS (DELETE FROM " + s.table() + " t WHERE t.ctid = ANY (ARRAY(SELECT place FROM batch)) AND t.id IN (SELECT id FROM batch) RETURNING 1)" +
		" SELECT (SELECT COUNT(*) FROM gone), (SELECT COUNT(*) FROM batch), id, ms FROM batch ORDER BY " + s.created() + " DESC, " +
		cmp.Or(s.dialect.OrderID, "id") + " DESC LIMIT 1")
	last = &syslog.Position{}
	var ms millis
	err = s.write.QueryRowContext(ctx, st.sql(), st.queryArgs()...).Scan(&deleted, &found, &last.ID, &ms)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, nil, nil
	}
	last.CreatedAt = ms.time()
	return deleted, found, last, err
}
