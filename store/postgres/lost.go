package postgres

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// endLost ends the server's process of a lost COPY that still waits for the rest of
// it. Where the network was down, the server never heard that the connection is
// gone: it may wait for hours, holding rows that the same batch has to wait for.
//
// Should the process be another one by now, at a COPY into the same table, its
// batch is sent again, which does no harm. An error does none either: then the
// batch waits for the process to end, as it would have.
func (w *writer) endLost(ctx context.Context, pg *pgconn.PgConn) {
	for i := range w.lost {
		if pid := w.lost[i].Load(); pid != 0 {
			_, _ = pg.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = "+strconv.FormatUint(uint64(pid), 10)+
				" AND datname = current_database() AND usename = current_user AND query = "+literal(w.copy)+
				" AND wait_event = 'ClientRead'").ReadAll()
		}
	}
}
