package postgres_test

import (
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

// TestPartitionsInAnyDateStyle has a server write times in every form, in a zone whose short
// name it reads as another zone's: a bound that is read wrongly leaves hours without a partition.
func TestPartitionsInAnyDateStyle(t *testing.T) {
	t.Parallel()
	for _, style := range []string{"ISO, DMY", "SQL, DMY", "SQL, MDY", "Postgres, DMY", "German"} {
		t.Run(style, func(t *testing.T) {
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			for name, value := range map[string]string{"DateStyle": style, "TimeZone": "Asia/Kolkata"} {
				_, err := db.ExecContext(ctx, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "+name+" = %L', current_database(), '"+value+"'); END $$")
				require.NoError(t, err)
			}
			db = direct(t, dsn) // whose sessions have the form
			now, tick := clock(at), make(chan time.Time)
			st := openParts(t, dsn, postgres.Daily, now, tick)
			for range 5 {
				next := now.Load().Add(day)
				now.Store(&next)
				tick <- time.Time{}
				tick <- time.Time{} // the first one is done
			}
			require.ElementsMatch(t, strings.Fields("past=0 p20260318=0 p20260319=0 p20260320=0 p20260321=0 p20260322=0 p20260323=0 p20260324=0 p20260325=0 p20260326=0 future=0"),
				strings.Fields(parts(t, db, "system_logs")))
			var hourly []syslog.Log
			for from := at; from.Before(at.Add(10 * day)); from = from.Add(time.Hour) {
				hourly = append(hourly, made(syslog.LevelInfo, from, 1)...)
			}
			require.NoError(t, st.Write(ctx, hourly))
			stats, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelInfo: day}, at.Add(8*day))
			require.NoError(t, err)
			require.EqualValues(t, 7*24, stats.InfoDeleted)
		})
	}
}
