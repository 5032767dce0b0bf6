package admin_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// TestFiltersMeanWhatSQLMeans compares a list and a deletion by random filters with what
// an independent statement counts.
func TestFiltersMeanWhatSQLMeans(t *testing.T) {
	const rows = 2000
	path := filepath.Join(t.TempDir(), "a.db")
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s := &site{t, l, st, http.NewServeMux()}
	h.Register(s.mux)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	types, ids := []string{"PAYOUT_APPROVED", "PAYMENT_FAILED", "AUTH_LOGIN", "50%_OFF"}, []string{"", "usr_1", "usr_2", "USR_1"}
	var events []syslog.Log
	for i := range rows {
		level, err := syslog.ParseLevel(pick("INFO", "INFO", "WARNING", "ERROR", "CRITICAL"))
		require.NoError(t, err)
		events = append(events, syslog.Log{
			ID: fmt.Sprintf("%06d", i), Level: level, Type: pick(types...), Actor: syslog.LogActor(pick("USER", "ADMIN", "SYSTEM", "BOT")), ActorID: pick(ids...),
			Message: pick("paid", "Failed: card", "approved by usr_2", "a_b%c"), CreatedAt: at.Add(time.Duration(random.IntN(72*3600)) * time.Second),
		})
	}
	s.write(events...)
	db, err := sql.Open(sql.Drivers()[0], path) // with cgo and without
	require.NoError(t, err)
	defer db.Close()
	for n := range 300 {
		given, conds, args := url.Values{}, []string{"true"}, []any{}
		add := func(name, value, cond string, arg ...any) {
			given.Set(name, value)
			conds, args = append(conds, cond), append(args, arg...)
		}
		contains := func(column, text string) string {
			return fmt.Sprintf("instr(lower(%s), lower('%s')) > 0", column, text)
		}
		if random.IntN(2) == 0 {
			one, other := pick("INFO", "WARNING"), pick("ERROR", "CRITICAL")
			add("level", strings.ToLower(one)+", "+other, "level IN (?, ?)", one, other)
		}
		if random.IntN(3) == 0 {
			actor := pick("USER", "ADMIN", "BOT", "GUEST")
			add("actor", actor, "actor = ?", actor)
		}
		if random.IntN(3) == 0 {
			text := pick("pay", "LOGIN", "%", "_", "nothing")
			add("type", text, contains("type", text))
		}
		if random.IntN(4) == 0 {
			id := pick("usr_1", "USR_1", "usr_9")
			add("actorId", id, "actor_id = ?", id)
		}
		if random.IntN(3) == 0 {
			text := pick("card", "USR_2", "b%", "paid", "OFF")
			add("search", text, "("+contains("message", text)+" OR "+contains("type", text)+" OR "+contains("coalesce(actor_id, '')", text)+")")
		}
		if random.IntN(3) == 0 {
			from := at.Add(time.Duration(random.IntN(72)) * time.Hour)
			add("startDate", from.Format(time.RFC3339), "created_at+0 >= ?", from.UnixMilli())
		}
		{ // always: what tells of the deletions is of today
			end := at.AddDate(0, 0, random.IntN(4))
			add("endDate", end.Format(time.DateOnly), "created_at+0 < ?", end.Truncate(24*time.Hour).AddDate(0, 0, 1).UnixMilli())
		}
		var want int64
		require.NoError(t, db.QueryRow("SELECT count(*) FROM system_logs WHERE "+strings.Join(conds, " AND "), args...).Scan(&want), conds)
		if from, end := given.Get("startDate"), given.Get("endDate"); from != "" && end != "" && from[:10] > end {
			require.Equal(t, 400, s.do("GET", logs+"?"+given.Encode(), "").Code, given)
			continue
		}
		var got struct{ Pagination syslog.Pagination }
		w := s.do("GET", logs+"?limit=1&"+given.Encode(), "")
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got))
		require.Equal(t, want, got.Pagination.TotalCount, given)
		if n%20 == 19 && want < rows/4 && want > 0 {
			body := map[string]string{"deleteType": "filters"}
			for name := range given {
				body[name] = given.Get(name)
			}
			text, err := json.Marshal(body)
			require.NoError(t, err)
			w := s.do("DELETE", logs, string(text))
			var done struct{ DeletedCount int64 }
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &done), w.Body.String())
			require.Equal(t, want, done.DeletedCount, given)
			var left int64
			require.NoError(t, db.QueryRow("SELECT count(*) FROM system_logs WHERE "+strings.Join(conds, " AND "), args...).Scan(&left))
			require.Zero(t, left)
		}
	}
}
