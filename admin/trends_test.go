package admin_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// twoWeeks are events of which the first week lies before 2024-01-08, and the second behind.
func twoWeeks() (events []syslog.Log) {
	monday := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	add := func(day, n int, level syslog.LogLevel, typ, actor string) {
		for i := range n {
			events = append(events, syslog.Log{
				ID: fmt.Sprintf("%d-%s-%s-%d", day, typ, level, i), Level: level, Type: typ, Actor: syslog.ActorUser, ActorID: actor,
				Message: "x", CreatedAt: monday.AddDate(0, 0, day).Add(time.Duration(i) * time.Minute),
			})
		}
	}
	add(0, 8, syslog.LevelInfo, "AUTH_LOGIN", "usr_1")
	add(1, 2, syslog.LevelError, "PAYMENT_FAILED", "usr_2")
	add(7, 12, syslog.LevelInfo, "AUTH_LOGIN", "usr_1")
	add(8, 3, syslog.LevelError, "PAYMENT_FAILED", "usr_2")
	add(8, 1, syslog.LevelCritical, "=DATA_LOST", "")
	return events
}

const secondWeek = "startDate=2024-01-08&endDate=2024-01-14"

// TestTrends: the numbers of a week beside those of the one before.
func TestTrends(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(twoWeeks()...)
	w := s.view("/anywhere/trends?" + secondWeek + "&tz=Europe/Paris")
	require.Equal(t, 200, w.Code, w.Body.String())
	body := w.Body.String()
	for _, want := range []string{
		`>16</a> <span class="delta">&#43;60%</span>`, "before: 10", `>4</a> <span class="delta">&#43;100%</span>`, "before: 2", "25% <span class=\"delta\">&#43;5\u00a0pts</span>", "before: 20%",
		"Compared with 1 Jan 2024 00:00 → 7 Jan 2024 23:59:59", "usr_1", "usr_2", ">new</td>", "&#43;50%</td>",
		`aria-label="Mon 8 Jan 2024: 12 INFO"`, `aria-label="Tue 9 Jan 2024: 3 ERROR"`, "Show as a table",
	} {
		require.Contains(t, body, want)
	}
	fresh := body[strings.Index(body, `class="newcomers"`):]
	require.Contains(t, fresh, "=DATA_LOST")
	require.NotContains(t, fresh, "AUTH_LOGIN")

	// Each mark leads to what it counts.
	marks := regexp.MustCompile(`href="([^"]*)" aria-label="[^"]*: (?:[\d.]+% \((\d+) of|(\d+) (?:INFO|ERROR|CRITICAL)")`).FindAllStringSubmatch(body, -1)
	require.GreaterOrEqual(t, len(marks), 6)
	for _, m := range marks {
		to := strings.ReplaceAll(m[1], "&amp;", "&")
		got := s.do("GET", logs+strings.TrimPrefix(to, "./"), "")
		require.Equal(t, 200, got.Code, to)
		require.Equal(t, m[2]+m[3], fmt.Sprint(object(t, got)["pagination"].(map[string]any)["totalCount"]), to)
	}
	for _, to := range links(w) {
		require.True(t, strings.HasPrefix(to, "./"), to)
	}
}

// TestTrendsUsually are of seven days; all time is a choice here, too.
func TestTrendsUsually(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(twoWeeks()...)
	require.Contains(t, s.view("/anywhere/trends").Body.String(), `value="7d" aria-pressed="true"`)
	require.Contains(t, s.view("/anywhere/trends").Body.String(), "No log in this period")
	for sent, want := range map[string]string{
		"_range=all&range=7d": "range=all", "_range=24h&startDate=&endDate=": "range=24h", "level=INFO&level=ERROR&range=all": "level=INFO,ERROR&range=all",
		"level=ERROR&startDate=2024-01-08&endDate=": "level=ERROR&startDate=2024-01-08",
	} {
		w := s.do("GET", "/anywhere/trends?"+sent, "")
		require.Equal(t, 303, w.Code, sent)
		require.Equal(t, "./trends?"+want, w.Header().Get("Location"), sent)
		require.Equal(t, 200, s.do("GET", "/anywhere/trends?"+want, "").Code, "and there it ends")
	}
	body := s.view("/anywhere/trends?range=all&lang=fr").Body.String()
	require.Contains(t, body, "Sans début, la période n’a pas de précédente")
	require.Contains(t, body, `value="all" aria-pressed="true"`)
	require.Contains(t, body, "Sur les 366 derniers jours")
	require.Contains(t, s.view("/anywhere/trends?level=ERROR&"+secondWeek).Body.String(), "100%")
	for query, field := range map[string]string{"level=X": "Level", "levl=X": "levl", "format=json": "format", "format=csv&sep=tab": "sep", "sep=comma": "sep", "limit=0": "limit", "cols=x": "Columns"} {
		w := s.view("/anywhere/trends?" + query)
		require.Equal(t, 400, w.Code, query)
		require.Contains(t, w.Body.String(), field+": ", query)
	}
	far := s.view("/anywhere/trends?startDate=1970-01-01&endDate=2200-01-01")
	require.Equal(t, 200, far.Code)
}

// rows are those of a file of trends, by section.
func rows(t *testing.T, w *httptest.ResponseRecorder, sep rune) (out map[string][][]string) {
	t.Helper()
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, "text/csv; charset=utf-8; header=present", w.Header().Get("Content-Type"))
	require.Regexp(t, `^attachment; filename="trends-\d{8}T\d{6}Z-adm_1\.csv"$`, w.Header().Get("Content-Disposition"))
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF")))
	r.Comma = sep
	all, err := r.ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"section", "value", "start", "end", "INFO", "WARNING", "ERROR", "CRITICAL", "total", "errorRate", "previous"}, all[0])
	out = map[string][][]string{}
	for _, row := range all[1:] {
		out[row[0]] = append(out[row[0]], row[1:])
	}
	return out
}

// TestTrendsFile has the numbers of the page, and no formula.
func TestTrendsFile(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(twoWeeks()...)
	got := rows(t, s.do("GET", "/anywhere/trends?"+secondWeek+"&format=csv", ""), ',')
	require.Equal(t, [][]string{{"", "2024-01-08T00:00:00.000Z", "2024-01-14T23:59:59.999Z", "12", "0", "3", "1", "16", "0.2500", ""}}, got["total"])
	require.Equal(t, []string{"8", "0", "2", "0", "10", "0.2000", ""}, got["previous"][0][3:])
	require.Equal(t, [][]string{
		{"AUTH_LOGIN", "", "", "", "", "", "", "12", "", "8"}, {"PAYMENT_FAILED", "", "", "", "", "", "", "3", "", "2"}, {"'=DATA_LOST", "", "", "", "", "", "", "1", "", "0"},
	}, got["type"])
	require.Equal(t, "'=DATA_LOST", got["newType"][0][0])
	require.Len(t, got["day"], 7)
	require.Len(t, got["actorId"], 2)
	require.Len(t, got["bucket"], 84)
	semicolon := s.do("GET", "/anywhere/trends?"+secondWeek+"&format=csv&sep=semicolon&bom=1", "")
	require.True(t, strings.HasPrefix(semicolon.Body.String(), "\uFEFFsection;value"))
	require.Equal(t, got, rows(t, semicolon, ';'))
	require.Equal(t, 403, open(t, admin.Options{Authorize: may(admin.PermAll &^ admin.PermView)}).do("GET", "/anywhere/trends?format=csv", "").Code)
}

// TestTrendsInFrench.
func TestTrendsInFrench(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(twoWeeks()...)
	body := s.view("/anywhere/trends?" + secondWeek + "&lang=fr").Body.String()
	for _, want := range []string{"+60\u00a0%", "+5\u00a0pts", "nouveau", "lun.", "Comparé à 1 janv. 2024"} {
		require.Contains(t, strings.ReplaceAll(body, "&#43;", "+"), want)
	}
}

// TestTrendsNeedAStoreThatCounts, and say so.
func TestTrendsNeedAStoreThatCounts(t *testing.T) {
	s := open(t, admin.Options{})
	l, err := syslog.New(struct{ syslog.Store }{s.store}, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s.mux.Handle("/plain/", http.StripPrefix("/plain", h))
	w := s.view("/plain/trends")
	require.Equal(t, 501, w.Code)
	require.Contains(t, w.Body.String(), "cannot do that")
	require.Equal(t, 200, s.view("/plain/maintenance").Code)
	require.Equal(t, 200, s.view("/plain/delete?level=INFO").Code)
}
