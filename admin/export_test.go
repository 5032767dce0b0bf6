package admin_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// exported are the ids of the events of a file, by what reads such files.
func exported(t *testing.T, format string, body []byte) (ids []string) {
	t.Helper()
	if format == "csv" {
		rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"id", "createdAt", "level", "type", "actor", "actorId", "message", "metadata"}, rows[0])
		for _, row := range rows[1:] {
			ids = append(ids, row[0])
		}
		return ids
	}
	var events []syslog.Log
	if format == "json" {
		require.NoError(t, json.Unmarshal(body, &events))
	} else {
		for lines := bufio.NewScanner(bytes.NewReader(body)); lines.Scan(); {
			var l syslog.Log
			require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
			events = append(events, l)
		}
	}
	for _, l := range events {
		ids = append(ids, l.ID)
	}
	return ids
}

// exports are the records of exports, oldest first.
func (s *site) exports() (all []syslog.Log) {
	s.t.Helper()
	require.NoError(s.t, s.logger.Flush(context.Background()))
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_EXPORTED"}, Order: syslog.Asc})
	require.NoError(s.t, err)
	return page.Logs
}

// TestExport has every match, in order, in each format, and is recorded.
func TestExport(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(4)...)
	for format, want := range map[string]struct{ kind, body string }{
		"csv": {"text/csv; charset=utf-8; header=present", "id,createdAt,level,type,actor,actorId,message,metadata\r\n" +
			`ad,2024-01-15T10:33:00.000Z,CRITICAL,API_ERROR,USER,user_1,Failed to create booking,"{""price"":50}"` + "\r\n" +
			`ac,2024-01-15T10:32:00.000Z,ERROR,API_ERROR,USER,user_1,Failed to create booking,"{""price"":50}"` + "\r\n"},
		"json": {"application/json", "[\n" +
			`{"id":"ad","level":"CRITICAL","type":"API_ERROR","actor":"USER","actorId":"user_1","message":"Failed to create booking","metadata":{"price":50},"createdAt":"2024-01-15T10:33:00Z"},` + "\n" +
			`{"id":"ac","level":"ERROR","type":"API_ERROR","actor":"USER","actorId":"user_1","message":"Failed to create booking","metadata":{"price":50},"createdAt":"2024-01-15T10:32:00Z"}` + "\n]\n"},
		"ndjson": {"application/x-ndjson", `{"id":"ad","level":"CRITICAL","type":"API_ERROR","actor":"USER","actorId":"user_1","message":"Failed to create booking","metadata":{"price":50},"createdAt":"2024-01-15T10:33:00Z"}` + "\n" +
			`{"id":"ac","level":"ERROR","type":"API_ERROR","actor":"USER","actorId":"user_1","message":"Failed to create booking","metadata":{"price":50},"createdAt":"2024-01-15T10:32:00Z"}` + "\n"},
	} {
		w := s.do("GET", logs+"/export?minLevel=ERROR&format="+format, "")
		require.Equal(t, 200, w.Code)
		require.Equal(t, want.body, w.Body.String())
		require.Equal(t, want.kind, w.Header().Get("Content-Type"))
		require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		require.Regexp(t, `^attachment; filename="system-logs-\d{8}T\d{6}Z-adm_1\.`+format+`"$`, w.Header().Get("Content-Disposition"))
		require.Equal(t, "false", w.Result().Trailer.Get("X-Export-Truncated"))
	}
	require.Equal(t, []string{"aa", "ab", "ac", "ad"}, exported(t, "csv", s.do("GET", logs+"/export?orderBy=asc&type=API", "").Body.Bytes()))
	require.Equal(t, "[\n]\n", s.do("GET", logs+"/export?format=json&search=nothing", "").Body.String())
	require.Empty(t, s.do("GET", logs+"/export?format=ndjson&startDate=2999-01-01", "").Body.String(), "all of it lies in the future")
	semicolons := s.do("GET", logs+"/export?sep=semicolon&bom=1&search=nothing", "").Body.String()
	require.Equal(t, "\uFEFFid;createdAt;level;type;actor;actorId;message;metadata\r\n", semicolons)

	records := s.exports()
	require.Len(t, records, 7)
	last := records[3]
	require.Equal(t, syslog.ActorAdmin, last.Actor)
	require.Equal(t, "adm_1", last.ActorID)
	require.Equal(t, "4 log(s) exported", last.Message)
	var details map[string]any
	require.NoError(t, json.Unmarshal(last.Metadata, &details))
	filter := details["filter"].(map[string]any)
	until, err := time.Parse(time.RFC3339Nano, filter["endDate"].(string))
	require.NoError(t, err)
	require.WithinDuration(t, last.CreatedAt, until, time.Minute, "what there was")
	delete(filter, "endDate")
	require.Equal(t, map[string]any{"adminName": "Ada", "format": "csv", "exportedCount": 4.0, "truncated": false, "filter": map[string]any{"type": "API"}}, details)
}

// TestExportSaysWhatIsWrong before there is a file.
func TestExportSaysWhatIsWrong(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(4)...)
	for query, field := range map[string]string{
		"format=xlsx": "format", "format=CSV": "format", "sep=tab": "sep", "sep=%2C": "sep", "bom=yes": "bom", "bom=true": "bom",
		"format=json&sep=comma": "sep", "format=ndjson&bom=0": "bom", "format=json&bom=1": "bom", "orderBy=up": "orderBy", "level=NONE": "level",
		"limit=10": "limit", "cursor=x": "cursor", "count=none": "count", "format=csv&format=json": "format", "startDate=2024-02-01&asOf=2024-01-01": "asOf",
	} {
		w := s.do("GET", logs+"/export?"+query, "")
		require.Equal(t, 400, w.Code, query)
		require.False(t, object(t, w)["success"].(bool))
		require.Contains(t, w.Body.String(), `{"field":"`+field+`","message":"`+field+`: `, query)
		require.NotContains(t, w.Body.String(), "%!")
		require.Empty(t, w.Header().Get("Content-Disposition"))
		require.Empty(t, w.Header().Get("Trailer"))
	}
	require.Contains(t, s.do("GET", logs+"/export?format=json&bom=1&lang=fr", "").Body.String(), "avec le format csv")
	w := s.do("POST", logs+"/export", "")
	require.Equal(t, 405, w.Code)
	require.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
	require.Empty(t, s.exports())

	require.NoError(t, s.store.Close(context.Background()))
	w = s.do("GET", logs+"/export", "")
	require.Equal(t, 503, w.Code, "an answer as any other")
	require.Equal(t, "unavailable", object(t, w)["code"])
	require.Empty(t, w.Header().Get("Content-Disposition"))
}

// TestExportNeedsItsPermission: to see is not to take away.
func TestExportNeedsItsPermission(t *testing.T) {
	for perms, code := range map[admin.Perm]int{admin.PermAll &^ admin.PermExport: 403, admin.PermExport: 200} {
		s := open(t, admin.Options{Authorize: may(perms)})
		s.write(some(4)...)
		for _, method := range []string{"GET", "HEAD"} {
			w := s.do(method, logs+"/export", "")
			require.Equal(t, code, w.Code)
			require.Equal(t, code == 200, strings.Contains(w.Body.String(), "API_ERROR") || method == "HEAD" && w.Header().Get("Content-Disposition") != "")
		}
	}
	_, err := admin.New(open(t, admin.Options{}).logger, &admin.Options{Authorize: boss, ExportCap: -1})
	require.ErrorContains(t, err, "ExportCap")
}

// TestExportHead has the headers of the file, and takes nothing away.
func TestExportHead(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(4)...)
	w := s.do("HEAD", logs+"/export?format=json", "")
	require.Equal(t, 200, w.Code)
	require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	require.Contains(t, w.Header().Get("Content-Disposition"), ".json")
	require.Empty(t, w.Body.String())
	require.Equal(t, 400, s.do("HEAD", logs+"/export?format=x", "").Code)
	require.Empty(t, s.exports())
}

// TestExportNameIsHarmless: who asks may be called anything.
func TestExportNameIsHarmless(t *testing.T) {
	for id, want := range map[string]string{
		"": "", "auth0|5f\"\r\nX: y/../é": "-auth0_5f_X_y_", "adm-1_B": "-adm-1_B", strings.Repeat("x", 200): "-" + strings.Repeat("x", 64),
	} {
		s := open(t, admin.Options{Authorize: as(admin.Principal{ID: id, Perms: admin.PermAll})})
		w := s.do("GET", logs+"/export", "")
		require.Regexp(t, `^attachment; filename="system-logs-\d{8}T\d{6}Z`+want+`\.csv"$`, w.Header().Get("Content-Disposition"))
		require.Len(t, w.Result().Header["X"], 0)
	}
}

func as(who admin.Principal) func(*http.Request) (admin.Principal, error) {
	return func(*http.Request) (admin.Principal, error) { return who, nil }
}

// TestExportOfHostileCells: no cell is a formula, and what reads CSV gets every one back.
func TestExportOfHostileCells(t *testing.T) {
	s, wants, n := open(t, admin.Options{}), map[string]string{}, 0
	for message, want := range map[string]string{
		`=HYPERLINK("http://evil","x")`: `'=HYPERLINK("http://evil","x")`, "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "'\r'=1", "\n=1": "'\n'=1", "x;=1": "x;'=1", "x,\"+1": "x,\"'+1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", " =1": " =1", "a=1": "a=1", `"; DROP`: `"; DROP`, `,;"",`: `,;"",`, `\.`: `\.`,
		"two\nlines\rand\ta half": "two\nlines\rand\ta half", "\u202Egnp.exe": "\u202Egnp.exe", "": "", "'quoted": "'quoted",
		strings.Repeat("é", 8<<10): strings.Repeat("é", 8<<10), "bad \xff byte": "bad \uFFFD byte", "nul \x00 byte": "nul \uFFFD byte",
	} {
		l := event(fmt.Sprintf("=%02d", n), "@T", n)
		l.Message, l.ActorID, l.Metadata = message, "-7", []byte(`{"k":"=1,\"\n"}`)
		s.write(syslog.Normalize(l))
		wants["'"+l.ID], n = want, n+1
	}
	for name, sep := range map[string]rune{"comma": ',', "semicolon": ';'} {
		r := csv.NewReader(s.do("GET", logs+"/export?type=@T&sep="+name, "").Body)
		r.Comma = sep
		rows, err := r.ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1+len(wants))
		for _, row := range rows[1:] {
			require.Equal(t, []string{"INFO", "'@T", "USER", "'-7", wants[row[0]]}, row[2:7])
			require.Contains(t, row[7], `{"k":"=1,\"\n"`)
		}
	}
	l := event("a", "T", 0)
	l.Message = "two\r\nlines"
	s.write(l)
	require.Contains(t, s.do("GET", logs+"/export", "").Body.String(), "\"two\r\nlines\",\r\n", "as they are, though csv.Reader takes CRLF for LF")
}
