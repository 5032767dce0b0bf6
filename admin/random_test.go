package admin_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// dice make events, and filters together with what SQL says in their place.
type dice struct{ *rand.Rand }

func (d dice) pick(of ...string) string { return of[d.IntN(len(of))] }

func (d dice) events(n int) (events []syslog.Log) {
	for i := range n {
		level, _ := syslog.ParseLevel(d.pick("INFO", "INFO", "WARNING", "ERROR", "CRITICAL"))
		l := syslog.Log{
			ID: fmt.Sprintf("%06d", i), Level: level, Type: d.pick("PAYOUT_APPROVED", "PAYMENT_FAILED", "AUTH_LOGIN", "50%_OFF"),
			Actor: syslog.LogActor(d.pick("USER", "ADMIN", "SYSTEM", "BOT")), ActorID: d.pick("", "usr_1", "usr_2", "USR_1"),
			Message: d.pick("paid", "Failed: card", "approved by usr_2", "a_b%c"), CreatedAt: at.Add(time.Duration(d.IntN(72*3600)) * time.Second),
		}
		if d.IntN(3) > 0 {
			l.Metadata = fmt.Appendf(nil, `{"requestId":"r%d","n":%d,"a.b":%t,"in":{"id":"x%d"}}`, d.IntN(4), d.IntN(3), d.IntN(2) == 0, d.IntN(3))
		}
		events = append(events, l)
	}
	return events
}

// choice is a filter in the words of a request, and in those of SQL.
type choice struct {
	given url.Values
	conds []cond
}

type cond struct {
	name, text string
	args       []any
}

func (c *choice) add(name, value, text string, args ...any) {
	c.given.Add(name, value)
	c.conds = append(c.conds, cond{name, text, args})
}

// where is what SQL says for it, without what it says of some names.
func (c choice) where(without ...string) (text string, args []any) {
	text = " FROM system_logs WHERE true"
	for _, one := range c.conds {
		if !slices.Contains(without, one.name) {
			text, args = text+" AND "+one.text, append(args, one.args...)
		}
	}
	return text, args
}

func containing(text string, columns ...string) string {
	var conds []string
	for _, column := range columns {
		conds = append(conds, fmt.Sprintf("instr(lower(%s), lower('%s')) > 0", column, text))
	}
	return "(" + strings.Join(conds, " OR ") + ")"
}

var searched = []string{"message", "type", "coalesce(actor_id, '')"}

// choice leaves out what is older than the events or newer: what tells of deletions is of today.
func (d dice) choice() choice {
	c := choice{given: url.Values{}}
	one := func(of int) bool { return d.IntN(of) == 0 }
	if one(3) {
		a, b := d.pick("INFO", "WARNING"), d.pick("ERROR", "CRITICAL")
		c.add("level", strings.ToLower(a)+", "+b, "level IN (?, ?)", a, b)
	}
	if one(5) {
		c.add("minLevel", "Error", "level IN ('ERROR', 'CRITICAL')")
	}
	if one(4) {
		actor := d.pick("USER", "ADMIN", "BOT", "GUEST")
		c.add("actor", actor, "actor = ?", actor)
	}
	if one(4) {
		text := d.pick("pay", "LOGIN", "%", "_", "nothing")
		c.add("type", text, containing(text, "type"))
	}
	if one(5) {
		id := d.pick("usr_1", "USR_1", "usr_9")
		c.add("actorId", id, "actor_id = ?", id)
	}
	if one(4) {
		text := d.pick("card", "USR_2", "b%", "paid", "OFF")
		c.add("search", text, containing(text, searched...))
	}
	if one(5) {
		a, b := d.pick("INFO", "WARNING"), d.pick("ERROR", "CRITICAL")
		c.add("notLevel", a, "level <> ?", a)
		c.add("notLevel", b, "level <> ?", b)
	}
	if one(5) {
		c.add("notActor", "user,bot", "actor NOT IN ('USER', 'BOT')")
	}
	if one(5) {
		text := d.pick("OUT_", "50", "x")
		c.add("notType", text, "NOT "+containing(text, "type"))
	}
	if one(5) {
		id := d.pick("usr_1", "usr_9")
		c.add("notActorId", id, "(actor_id IS NULL OR actor_id <> ?)", id)
	}
	if one(5) {
		text := d.pick("usr_2", "paid")
		c.add("notSearch", text, "NOT "+containing(text, searched...))
	}
	if one(5) {
		id := d.pick("r1", "r2", "R1")
		c.add("meta.requestId", id, "json_extract(metadata, '$.requestId') = ?", id)
	}
	if one(6) {
		c.add(`meta.a\.b`, "true", `json_extract(metadata, '$."a.b"') = 1`)
	}
	if one(6) {
		c.add("notMeta.in.id", "x1", "coalesce(json_extract(metadata, '$.in.id'), '') <> 'x1'")
	}
	if one(6) {
		c.add("meta.n", "2", "json_extract(metadata, '$.n') = 2")
	}
	if one(3) {
		from := at.Add(time.Duration(d.IntN(72)) * time.Hour)
		c.add("startDate", from.Format(time.RFC3339), "created_at+0 >= ?", from.UnixMilli())
	}
	if one(5) {
		asOf := at.Add(time.Duration(48+d.IntN(48)) * time.Hour)
		c.add("asOf", asOf.Format("2006-01-02T15:04:05.000Z"), "created_at+0 <= ?", asOf.UnixMilli())
	}
	end := at.AddDate(0, 0, 1+d.IntN(4))
	c.add("endDate", end.Format(time.DateOnly), "created_at+0 < ?", end.Truncate(24*time.Hour).AddDate(0, 0, 1).UnixMilli())
	return c
}

// body is the choice as one of a deletion.
func (c choice) body(t *testing.T, more map[string]any) string {
	body := map[string]any{"deleteType": "filters"}
	for name, values := range c.given {
		if path, found := strings.CutPrefix(name, "meta."); found {
			name = "meta"
			body[name] = with(body[name], path, values[0])
		} else if path, found := strings.CutPrefix(name, "notMeta."); found {
			body["notMeta"] = with(body["notMeta"], path, values)
		} else if len(values) > 1 {
			body[name] = values
		} else {
			body[name] = values[0]
		}
	}
	for name, value := range more {
		body[name] = value
	}
	text, err := json.Marshal(body)
	require.NoError(t, err)
	return string(text)
}

func with(object any, path string, value any) any {
	m, _ := object.(map[string]any)
	if m == nil {
		m = map[string]any{}
	}
	m[path] = value
	return m
}

// TestFiltersMeanWhatSQLMeans compares whatever is chosen by a filter with what an
// independent statement counts, over random filters.
func TestFiltersMeanWhatSQLMeans(t *testing.T) {
	const rows = 2000
	s := open(t, admin.Options{})
	d := dice{rand.New(rand.NewPCG(1, 2))}
	s.write(d.events(rows)...)
	drivers := sql.Drivers()
	db, err := sql.Open(drivers[slices.IndexFunc(drivers, func(d string) bool { return strings.HasPrefix(d, "sqlite") })], s.path) // with cgo and without
	require.NoError(t, err)
	defer db.Close()
	found := 0
	for n := range 300 {
		c := d.choice()
		where, args := c.where()
		count := func(cond string) (n int64) {
			require.NoError(t, db.QueryRow("SELECT count(*)"+where+" AND "+cond, args...).Scan(&n), c.conds)
			return n
		}
		want, q := count("true"), c.given.Encode()
		list := s.do("GET", logs+"?limit=1&"+q, "")
		if list.Code == 400 { // a period that ends before it begins
			require.Contains(t, list.Body.String(), "startDate", c.given)
			continue
		}
		if want > 0 {
			found++
		}
		number := func(w map[string]any, path ...string) int64 {
			var v any = w
			for _, key := range path {
				v = v.(map[string]any)[key]
			}
			return int64(v.(float64))
		}
		require.Equal(t, want, number(object(t, list), "pagination", "totalCount"), c.given)
		require.Equal(t, want, number(object(t, s.do("GET", logs+"/count?"+q, "")), "count"), c.given)

		stats, hist := object(t, s.do("GET", logs+"/stats?"+q, "")), object(t, s.do("GET", logs+"/histogram?buckets=20&"+q, ""))
		preview := object(t, s.do("POST", logs+"/delete-preview", c.body(t, nil)))
		require.Equal(t, want, number(stats, "total"), c.given)
		require.Equal(t, want, number(preview, "count"), c.given)
		for _, level := range []string{"INFO", "WARNING", "ERROR", "CRITICAL"} {
			of, sum := count("level = '"+level+"'"), int64(0)
			for _, b := range hist["buckets"].([]any) {
				sum += number(b.(map[string]any), level)
			}
			require.Equal(t, of, sum, c.given)
			require.Equal(t, of, number(stats, "byLevel", level), c.given)
			require.Equal(t, of, number(preview, "byLevel", level), c.given)
		}
		if n%5 == 0 {
			format, order := d.pick("csv", "json", "ndjson"), d.pick("asc", "desc")
			ids := exported(t, format, s.do("GET", logs+"/export?format="+format+"&orderBy="+order+"&"+q, "").Body.Bytes())
			require.Equal(t, idsOf(t, db, "SELECT id"+where+" ORDER BY created_at "+order+", id "+order, args), ids, c.given)
		}
		facets := object(t, s.do("GET", logs+"/facets?"+q, ""))
		for field, own := range map[string][]string{
			"level": {"level", "minLevel", "notLevel"}, "actor": {"actor", "notActor"}, "type": {"type", "notType"}, "actorId": {"actorId", "notActorId"},
		} {
			where, args := c.where(own...)
			column := map[string]string{"actorId": "actor_id"}[field]
			column = cmp.Or(column, field)
			require.Equal(t, valuesOf(t, db, "SELECT "+column+", count(*)"+where+" AND "+column+" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1", args), facetOf(facets[field]), c.given)
		}
		if n%20 == 19 && want < rows/4 && want > 0 {
			more := map[string]any{"expectedCount": want + 1}
			w := s.do("DELETE", logs, c.body(t, more))
			require.Equal(t, 409, w.Code)
			require.Equal(t, want, number(object(t, w), "currentCount"))
			more["expectedCount"] = want
			require.Equal(t, want, number(object(t, s.do("DELETE", logs, c.body(t, more))), "deletedCount"), c.given)
			require.Zero(t, count("true"))
		}
	}
	require.Greater(t, found, 100, "the filters choose something")
}

// valuesOf are values and how often they are there.
func valuesOf(t *testing.T, db *sql.DB, statement string, args []any) (out []string) {
	rows, err := db.Query(statement, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var value string
		var n int
		require.NoError(t, rows.Scan(&value, &n))
		out = append(out, fmt.Sprint(value, n))
	}
	require.NoError(t, rows.Err())
	return out
}

func idsOf(t *testing.T, db *sql.DB, statement string, args []any) (ids []string) {
	rows, err := db.Query(statement, args...)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var id string
		require.NoError(t, rows.Scan(&id))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	return ids
}

func facetOf(facet any) (out []string) {
	for _, v := range facet.(map[string]any)["values"].([]any) {
		value := v.(map[string]any)
		out = append(out, fmt.Sprint(value["value"], int(value["count"].(float64))))
	}
	return out
}
