package admin_test

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestDefectsOfOldDoNotReturn: each is one that people met in the service that this
// replaces.
func TestDefectsOfOldDoNotReturn(t *testing.T) {
	month := `"deleteType":"dateRange","startDate":"2024-01-01","endDate":"2024-01-31"`
	t.Run("a deletion by dates has the other filters, too", func(t *testing.T) {
		for filter, gone := range map[string]int{
			`"level":"CRITICAL"`: 2, `"actor":"USER"`: 8, `"actor":"ADMIN"`: 0, `"type":"API"`: 8, `"type":"PAYOUT"`: 0, `"actorId":"user_2"`: 0,
			`"search":"booking"`: 8, `"search":"payout"`: 0, `"notLevel":["CRITICAL","INFO"]`: 4, `"minLevel":"ERROR"`: 4, `"meta":{"price":50}`: 8, `"meta":{"price":51}`: 0,
			`"notType":"error"`: 0, `"notMeta":{"price":50}`: 0,
		} {
			s := open(t, admin.Options{})
			s.write(some(8)...)
			w := s.do("DELETE", logs, "{"+month+","+filter+"}")
			require.Equal(t, 200, w.Code, w.Body.String())
			require.EqualValues(t, gone, object(t, w)["deletedCount"], filter)
			require.Equal(t, 8-gone, s.total(), filter)
		}
	})
	t.Run("a deletion by filters needs one", func(t *testing.T) {
		s := open(t, admin.Options{})
		s.write(some(8)...)
		for _, none := range []string{
			``, `,"level":""`, `,"level":null`, `,"meta":{}`, `,"minLevel":"INFO"`, `,"asOf":"2030-01-01"`, `,"expectedCount":8`, `,"tz":"Europe/Paris"`, `,"notType":""`,
		} {
			w := s.do("DELETE", logs, `{"deleteType":"filters"`+none+`}`)
			require.Equal(t, 400, w.Code, none)
			require.Equal(t, "empty_filter", object(t, w)["code"], none)
		}
		require.Equal(t, 8, s.total())
	})
	t.Run("level and actor choose among all events, not those of a page", func(t *testing.T) {
		s := open(t, admin.Options{})
		s.write(some(400)...)
		rare := event("rare", "T", -1) // older than four pages
		rare.Level, rare.Actor = syslog.LevelCritical, "AUDITOR"
		s.write(rare)
		require.Equal(t, []string{"rare"}, ids(object(t, s.do("GET", logs+"?actor=AUDITOR", ""))["logs"]))
		require.EqualValues(t, 101, object(t, s.do("GET", logs+"?level=CRITICAL", ""))["pagination"].(map[string]any)["totalCount"])
	})
	t.Run("the last day is all of it", func(t *testing.T) {
		s := open(t, admin.Options{})
		for id, moment := range map[string]string{
			"before": "2024-03-30T22:59:59.999Z", "first": "2024-03-30T23:00:00Z", "late": "2024-03-31T21:59:59.999Z", "after": "2024-03-31T22:00:00Z",
			"before2": "2024-10-26T21:59:59.999Z", "first2": "2024-10-26T22:00:00Z", "late2": "2024-10-27T22:59:59.999Z", "after2": "2024-10-27T23:00:00Z",
		} {
			l := event(id, "T", 0)
			l.CreatedAt, _ = time.Parse(time.RFC3339Nano, moment)
			s.write(l)
		}
		for day, want := range map[string][]string{"2024-03-31": {"late", "first"}, "2024-10-27": {"late2", "first2"}} {
			got := object(t, s.do("GET", logs+"?tz=Europe/Paris&startDate="+day+"&endDate="+day, ""))
			require.Equal(t, want, ids(got["logs"]), "a day of 23 hours, and one of 25")
			w := s.do("DELETE", logs, `{"deleteType":"dateRange","tz":"Europe/Paris","startDate":"`+day+`","endDate":"`+day+`"}`)
			require.EqualValues(t, 2, object(t, w)["deletedCount"])
		}
		require.Equal(t, 4, s.total())
	})
	t.Run("the scheduler is known by the secret alone", func(t *testing.T) {
		s := open(t, admin.Options{CronSecret: "s3cr3t"})
		s.write(some(8)...)
		w := s.do("POST", cron, "", "X-Vercel-Cron", "1", "User-Agent", "vercel-cron/1.0", "X-Forwarded-For", "127.0.0.1")
		require.Equal(t, 401, w.Code)
		require.Equal(t, 8, s.total())
	})
}
