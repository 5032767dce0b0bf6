package admin_test

import (
	"bufio"
	"context"
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestExportAllocatesNoMoreForAMillion: an export of a million events begins at once, has
// them all, takes no memory for them, and longer than the server gives to an answer.
func TestExportAllocatesNoMoreForAMillion(t *testing.T) {
	rows := 1_000_000
	if raceEnabled {
		rows = 100_000
	}
	s := open(t, admin.Options{})
	begun := time.Now()
	drivers := sql.Drivers()
	db, err := sql.Open(drivers[slices.IndexFunc(drivers, func(d string) bool { return strings.HasPrefix(d, "sqlite") })], s.path)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
		INSERT INTO system_logs (id, level, type, actor, actor_id, message, metadata, created_at)
		SELECT printf('%08d', i), CASE i % 10 WHEN 0 THEN 'ERROR' ELSE 'INFO' END, 'PAYMENT_SUCCEEDED', 'USER', 'usr_' || i % 5000,
			'Payment pay_' || i || ' of booking bk_1 succeeded', '{"paymentId":"pay_' || i || '","amount":49.9,"currency":"EUR"}', ? + i * 1000 FROM n`, rows, at.UnixMilli())
	require.NoError(t, err)
	t.Logf("%d events written in %v", rows, time.Since(begun))
	server := httptest.NewUnstartedServer(s.mux)
	server.Config.WriteTimeout = 500 * time.Millisecond
	server.Start()
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()

	heap := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	export := func(query string) (first time.Duration, lines int, grown int64, trailer http.Header) {
		runtime.GC()
		before := heap()
		begun := time.Now()
		r, err := http.NewRequestWithContext(context.Background(), "GET", server.URL+logs+"/export?"+query, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		require.Equal(t, 200, answer.StatusCode)
		body := bufio.NewReaderSize(answer.Body, 64<<10)
		_, err = body.ReadByte()
		require.NoError(t, err)
		first = time.Since(begun)
		for {
			line, err := body.ReadSlice('\n')
			if err == io.EOF {
				require.Empty(t, line)
				break
			}
			require.NoError(t, err)
			if lines++; lines%10_000 == 0 {
				grown = max(grown, int64(heap())-int64(before))
			}
		}
		t.Logf("%s: first byte after %v, %d lines after %v, heap grew by %d KiB", query, first, lines, time.Since(begun), grown>>10)
		return first, lines, grown, answer.Trailer
	}
	for query, more := range map[string]int{"orderBy=asc&endDate=2024-02-01": 1, "orderBy=desc&endDate=2024-02-01": 1} {
		var first time.Duration
		for range 3 { // on a machine that does other things, too
			var lines int
			var grown int64
			var trailer http.Header
			first, lines, grown, trailer = export(query)
			require.Equal(t, rows+more, lines)
			require.Equal(t, "false", trailer.Get("X-Export-Truncated"))
			require.Less(t, grown, int64(64<<20))
			if first < 500*time.Millisecond {
				break
			}
		}
		require.Less(t, first, 500*time.Millisecond)
	}
}
