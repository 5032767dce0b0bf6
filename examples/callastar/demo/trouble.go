package demo

import (
	"slices"
	"time"

	"github.com/callastar/syslog"
)

func apiError(g *Generator) syslog.Log {
	p := g.fan()
	route := g.one("POST /api/bookings", "GET /api/creators", "POST /api/payments", "GET /api/me")
	reason := g.one("context deadline exceeded", "connection refused", "too many connections", "invalid memory address or nil pointer dereference")
	return event(syslog.LevelError, "API_ERROR", p.fan(), "API error at "+route, g.request(p, route).with(fields{
		"endpoint": route, "errorMessage": reason, "errorType": "*errors.errorString",
		"errorStack": "main.(*server).serve\n\t/app/server.go:118\nnet/http.HandlerFunc.ServeHTTP\n\t/usr/local/go/src/net/http/server.go:2322",
	}))
}

func slowQuery(g *Generator) syslog.Log {
	return event(syslog.LevelWarning, "SYSTEM_SLOW_QUERY", syslog.System(), "A query took longer than a second",
		fields{"table": g.one("bookings", "payments", "messages"), "durationMs": 1000 + g.often(9000), "rows": g.rnd.IntN(50_000)})
}

func job(g *Generator) syslog.Log {
	name := g.one("reminders", "invoices", "sitemap", "search-index")
	return event(syslog.LevelInfo, "SYSTEM_JOB_DONE", syslog.System(), "Job "+name+" done", fields{"job": name, "items": g.rnd.IntN(900), "seconds": g.cents(40)})
}

func databaseDown(g *Generator) syslog.Log {
	return event(syslog.LevelCritical, "SYSTEM_DATABASE_UNREACHABLE", syslog.System(), "The database does not answer: bookings are refused",
		fields{"host": "db-1.internal", "lastError": "dial tcp 10.0.4.12:5432: connect: connection refused", "since": g.rnd.IntN(300)})
}

func attack(g *Generator) syslog.Log {
	p := g.fan()
	p.ip, p.agent = g.one("198.51.100.23", "198.51.100.24", "198.51.100.77"), "python-requests/2.32"
	return event(syslog.LevelWarning, "AUTH_LOGIN", syslog.Guest(), "Login of a guest failed",
		g.request(p, "POST /api/auth/login").with(fields{"email": p.email, "reason": "wrong password", "success": false}))
}

// trouble is a time in which something is broken, and what is logged then.
type trouble struct {
	from  time.Time
	lasts time.Duration
	more  float64 // times as many events as in a busy hour
	of    []func(*Generator) syslog.Log
}

// troubles are those of a history that ends at a moment: one of them today.
func (g *Generator) troubles(end time.Time) []trouble {
	ago := func(days, hours float64) time.Time {
		return end.Add(-time.Duration((days*24+hours)*float64(time.Hour)) - time.Duration(g.rnd.Int64N(int64(time.Hour))))
	}
	stripe := []func(*Generator) syslog.Log{paymentFailed, webhookFailed, webhookFailed, apiError}
	database := slices.Concat(slices.Repeat([]func(*Generator) syslog.Log{apiError, slowQuery}, 12), []func(*Generator) syslog.Log{databaseDown})
	return []trouble{
		{ago(26, 3), 35 * time.Minute, 6, stripe},
		{ago(21, 8), 80 * time.Minute, 9, []func(*Generator) syslog.Log{attack}},
		{ago(13, 2), 25 * time.Minute, 12, database},
		{ago(6, 5), 45 * time.Minute, 6, stripe},
		{ago(2, 9), 20 * time.Minute, 15, database},
		{ago(0, 7), 30 * time.Minute, 9, stripe},
	}
}

func (t trouble) at(at time.Time) bool { return !at.Before(t.from) && at.Before(t.from.Add(t.lasts)) }

// extra is by how much busier the hour is that begins at a moment.
func (t trouble) extra(hour time.Time) float64 {
	from, to := hour, hour.Add(time.Hour)
	if from.Before(t.from) {
		from = t.from
	}
	if end := t.from.Add(t.lasts); to.After(end) {
		to = end
	}
	return t.more * max(0, to.Sub(from).Hours())
}

// during is an event at a moment, of a trouble where there is one then.
func (g *Generator) during(troubles []trouble, at time.Time) syslog.Log {
	for _, t := range troubles {
		if t.at(at) && g.rnd.IntN(4) > 0 {
			return at0(t.of[g.rnd.IntN(len(t.of))](g), at)
		}
	}
	return g.Event(at)
}

// hours are how busy the hours of a day are, from midnight in Paris.
var hours = [24]float64{
	.30, .18, .10, .07, .06, .08, .15, .28, .40, .48, .52, .58, .66, .60, .55, .58, .65, .78, .90, 1, 1, .95, .78, .52,
}

// paris is where most people are: an hour before UTC, or two, which is near enough.
var paris = time.FixedZone("", 3600)

func busy(at time.Time) float64 {
	at = at.In(paris)
	w := hours[at.Hour()]
	if day := at.Weekday(); day == time.Saturday || day == time.Sunday {
		w *= 1.5
	}
	return w
}

// moments are n times within an hour, in order.
func (g *Generator) moments(n int, hour time.Time) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = hour.Add(time.Duration(g.rnd.Int64N(int64(time.Hour))))
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}
