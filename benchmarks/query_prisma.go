package main

import (
	"context"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/postgres"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// fromPrisma asks the table that Prisma makes what the original's stack asks: findMany
// with skip and take, and count. What Prisma itself needs, in Node, is not in the time.
func fromPrisma(ctx context.Context, s *source) (_ asker, end func(), err error) {
	dsn, err := s.cluster.database(ctx, "original", "")
	if err != nil {
		return nil, nil, err
	}
	if err := execute(ctx, dsn, prismaSQL); err != nil {
		return nil, nil, err
	}
	st, err := postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Layout: postgres.PrismaLayout})
	if err != nil {
		return nil, nil, err
	}
	err = s.fill(ctx, st)
	if closeErr := st.Close(ctx); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, nil, err
	}
	if err := execute(ctx, dsn, "VACUUM (ANALYZE)", "CHECKPOINT"); err != nil {
		return nil, nil, err
	}
	var conns [2]*pgx.Conn // for the page and for the count
	end = func() {
		for _, c := range conns {
			if c != nil {
				_ = c.Close(context.WithoutCancel(ctx))
			}
		}
	}
	for i := range conns {
		if conns[i], err = pgx.Connect(ctx, dsn); err != nil {
			end()
			return nil, nil, err
		}
	}
	return func(ctx context.Context, q *question) (func() []string, int64, error) {
		return askPrisma(ctx, conns, q)
	}, end, nil
}

// askPrisma asks for the page and for the count at the same time. Its count is always
// exact; a capped one is cut for the comparison of answers.
func askPrisma(ctx context.Context, conns [2]*pgx.Conn, q *question) (ids func() []string, total int64, err error) {
	var rows []prismaRow
	var group errgroup.Group
	if !q.counts {
		group.Go(func() (err error) {
			rows, err = findMany(ctx, conns[0], q.q)
			return err
		})
	}
	if q.q.Count != syslog.CountNone {
		group.Go(func() (err error) {
			total, err = prismaCount(ctx, conns[1], q.q.Filter)
			return err
		})
	}
	err = group.Wait()
	if q.q.Count == syslog.CountCapped {
		total = min(total, syslog.CountCap)
	}
	return func() (ids []string) {
		for i := range rows {
			ids = append(ids, rows[i].ID)
		}
		return ids
	}, total, err
}
