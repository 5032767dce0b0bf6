package postgres

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// lost are the numbers of the server's processes that were at a COPY when its
// connection was lost. The server may still be at work on it, or wait for the rest:
// where the network was down it never heard that the connection is gone, and may wait
// for hours, holding rows that the same batch has to wait for.
type lost struct {
	mu   sync.Mutex
	pids []uint32
}

// mostLost is how many are kept: a batch has two at a time, and each is looked after
// before the next.
const mostLost = 16

func (l *lost) add(pid uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.pids) == mostLost {
		l.pids = slices.Delete(l.pids, 0, 1)
	}
	l.pids = append(l.pids, pid)
}

// end ends those that wait for their clients, and forgets those that are gone.
//
// Should the process be another one by now, at a COPY into the same table, its
// batch is sent again, which does no harm. An error does none either: then the
// batch waits for the process to end, as it would have.
func (l *lost) end(ctx context.Context, pg *pgconn.PgConn, statement string) {
	l.mu.Lock()
	pids := slices.Clone(l.pids)
	l.mu.Unlock()
	if len(pids) == 0 {
		return
	}
	list := make([]string, len(pids))
	for i, pid := range pids {
		list[i] = strconv.FormatUint(uint64(pid), 10)
	}
	res, err := pg.Exec(ctx, "SELECT pid, CASE WHEN wait_event = 'ClientRead' THEN pg_terminate_backend(pid) END"+
		" FROM pg_stat_activity WHERE pid IN ("+strings.Join(list, ", ")+")"+
		" AND datname = current_database() AND usename = session_user AND query = "+literal(statement)).ReadAll()
	if err != nil || len(res) != 1 {
		return
	}
	there := map[string]bool{}
	for _, row := range res[0].Rows {
		there[string(row[0])] = true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pids = slices.DeleteFunc(l.pids, func(pid uint32) bool {
		return slices.Contains(pids, pid) && !there[strconv.FormatUint(uint64(pid), 10)]
	})
}
