package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// benchBatches is how many batches go into one file, so that both ways of writing
// meet indexes of the same size.
const benchBatches = 20

func benchLogs(n, size int) []syslog.Log {
	logs := make([]syslog.Log, size)
	for i := range logs {
		k := n*size + i
		logs[i] = syslog.Log{
			ID: fmt.Sprintf("01HZ%022d", k), Type: "USER_LOGIN", Actor: syslog.ActorUser, ActorID: fmt.Sprintf("usr_%05d", k%20_000),
			Message: "signed in", Metadata: []byte(`{"ip":"203.0.113.9","attempt":3,"agent":"Mozilla/5.0 (X11; Linux x86_64)"}`),
			CreatedAt: time.UnixMilli(1_700_000_000_000 + int64(k)).UTC(),
		}
		if k%20 == 0 {
			logs[i].Level = syslog.LevelWarning
		}
	}
	return logs
}

// BenchmarkWrite compares Write with what the driver can do by itself: a prepared
// INSERT in transactions of the same size, into the same table with the same
// settings. They take turns, and the ratio is of the same run.
func BenchmarkWrite(b *testing.B) {
	ctx := context.Background()
	for _, size := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			var ours, raw time.Duration
			rows := 0
			for round := 0; b.Loop(); round++ {
				batches := make([][]syslog.Log, benchBatches*5000/size)
				for i := range batches {
					batches[i] = benchLogs(i, size)
					rows += size
				}
				if round%2 == 0 {
					raw += rawWrite(ctx, b, batches)
					ours += ourWrite(ctx, b, batches)
				} else {
					ours += ourWrite(ctx, b, batches)
					raw += rawWrite(ctx, b, batches)
				}
			}
			b.ReportMetric(float64(rows)/ours.Seconds(), "rows/s")
			b.ReportMetric(float64(rows)/raw.Seconds(), "raw-rows/s")
			b.ReportMetric(raw.Seconds()/ours.Seconds(), "of-raw")
		})
	}
}

func ourWrite(ctx context.Context, b *testing.B, batches [][]syslog.Log) time.Duration {
	st, err := sqlite.Open(filepath.Join(b.TempDir(), "ours.db"))
	require.NoError(b, err)
	start := time.Now()
	for _, logs := range batches {
		attempt, cancel := context.WithTimeout(ctx, 10*time.Second) // as the pipeline's
		n, err := st.WriteCount(attempt, logs)
		cancel()
		require.NoError(b, err)
		require.Equal(b, len(logs), n)
	}
	took := time.Since(start)
	require.NoError(b, st.Close(ctx))
	return took
}

func rawWrite(ctx context.Context, b *testing.B, batches [][]syslog.Log) time.Duration {
	path := filepath.Join(b.TempDir(), "raw.db")
	st, err := sqlite.Open(path)
	require.NoError(b, err)
	require.NoError(b, st.Close(ctx))
	db, err := sql.Open(sqlite.DriverName, sqlite.WriterDSN("file:"+path))
	require.NoError(b, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec("PRAGMA wal_autocheckpoint=10000")
	require.NoError(b, err)
	start := time.Now()
	for _, logs := range batches {
		tx, err := db.Begin()
		require.NoError(b, err)
		stmt, err := tx.Prepare("INSERT INTO system_logs VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
		require.NoError(b, err)
		for i := range logs {
			l := &logs[i]
			if _, err := stmt.Exec(l.ID, l.Level.String(), l.Type, string(l.Actor), l.ActorID, l.Message, string(l.Metadata), l.CreatedAt.UnixMilli()); err != nil {
				b.Fatal(err)
			}
		}
		require.NoError(b, tx.Commit())
	}
	return time.Since(start)
}
