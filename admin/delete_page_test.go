package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// post sends a form.
func (s *site) post(path, form string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.do("POST", "/anywhere"+path, form, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
	require.NotContains(s.t, w.Body.String(), "%!", path)
	return w
}

// fields are what the last form of a page sends that goes to an address, as it stands there.
func fields(t *testing.T, body, action string) url.Values {
	t.Helper()
	forms := regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)" method="post">(.*?)</form>`).FindAllStringSubmatch(body, -1)
	q := url.Values{}
	for _, form := range forms {
		if !strings.HasPrefix(form[1], action) {
			continue
		}
		for _, m := range regexp.MustCompile(`<input type="(hidden|radio|checkbox)" name="([^"]*)" value="([^"]*)"( checked)?`).FindAllStringSubmatch(form[2], -1) {
			if m[1] == "hidden" || m[4] != "" {
				q.Add(m[2], html.UnescapeString(m[3]))
			}
		}
	}
	require.NotEmpty(t, q, "there is no form")
	return q
}

// TestDeleteFlow: what a list shows, less what is grave, goes step by step; each shows the
// whole of it.
func TestDeleteFlow(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(12)...)
	start := s.view("/anywhere/delete?level=INFO,CRITICAL&actorId=user_1&endDate=2024-01-15&tz=Europe/Paris&lang=fr").Body.String()
	require.Contains(t, start, "INFO, CRITICAL")
	require.Contains(t, start, `name="_spare" value="1" checked`)
	form := fields(t, start, "./delete")
	require.Equal(t, url.Values{
		"_step": {"preview"}, "deleteType": {"filters"}, "_spare": {"1"}, "level": {"INFO,CRITICAL"}, "actorId": {"user_1"}, "endDate": {"2024-01-15"},
	}, form)

	w := s.post("/delete?tz=Europe/Paris&lang=fr", form.Encode())
	require.Equal(t, 200, w.Code, w.Body.String())
	body := w.Body.String()
	for _, want := range []string{
		"Vous allez supprimer 3 logs", "Niveau <i>≠</i> <b>CRITICAL", "le début → 15 janv. 2024 23:59:59 · Europe/Paris", "= le début → 15 janv. 2024 22:59:59 UTC",
		"Tous", "Failed to create booking", "export?actorId=user_1&amp;asOf=", "Supprimer 3 logs",
	} {
		require.Contains(t, body, want)
	}
	require.NotContains(t, body, "_typed", "a few old logs need a second button only")
	confirm := fields(t, body, "./delete")
	require.Equal(t, []string{"confirm", "3", "CRITICAL"}, []string{confirm.Get("_step"), confirm.Get("expectedCount"), confirm.Get("notLevel")})
	require.Equal(t, 12, s.total())

	w = s.post("/delete?tz=Europe/Paris&lang=fr", confirm.Encode())
	require.Equal(t, 303, w.Code, w.Body.String())
	require.Equal(t, 9, s.total())
	to := w.Header().Get("Location")
	require.Regexp(t, `^\./delete\?done=[0-9A-Z]{26}&lang=fr&tz=Europe/Paris$`, to)
	done := s.view("/anywhere/" + strings.TrimPrefix(to, "./")).Body.String()
	require.Contains(t, done, "3 logs supprimés")
	id := regexp.MustCompile(`done=([0-9A-Z]+)`).FindStringSubmatch(to)[1]
	require.Contains(t, done, `href="./logs/`+id+`?`)
	record := s.get("/" + id)["log"].(map[string]any)
	require.Equal(t, "ADMIN_LOGS_DELETED", record["type"])
	require.Equal(t, "adm_1", record["actorId"])
	require.EqualValues(t, 3, record["metadata"].(map[string]any)["deletedCount"])
	again := s.post("/delete?lang=fr", confirm.Encode())
	require.Equal(t, 409, again.Code, "sent twice")
	require.Contains(t, s.view("/anywhere/delete?done=aa").Body.String(), "There is no record", "another event says nothing")
	require.Contains(t, s.view("/anywhere/delete?done=none").Body.String(), "There is no record")
}

// TestDeleteByDates takes nothing but the dates, whatever filters were on.
func TestDeleteByDates(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	form := fields(t, s.view("/anywhere/delete?search=nothing&notType=x&range=7d").Body.String(), "./delete")
	form.Set("deleteType", "dateRange")
	w := s.post("/delete", form.Encode())
	require.Equal(t, 400, w.Code)
	require.Contains(t, w.Body.String(), "both ends of the range are needed")
	form.Set("_start", "2024-01-15T10:31")
	form.Set("_end", "yesterday")
	w = s.post("/delete", form.Encode())
	require.Equal(t, 400, w.Code)
	require.Contains(t, w.Body.String(), `type="text" step="any" name="_end" value="yesterday"`, "what was typed stays")
	require.Contains(t, w.Body.String(), `value="dateRange" checked`)
	require.Equal(t, "nothing", fields(t, w.Body.String(), "./delete").Get("search"), "and so do the filters")
	form.Set("_end", "2024-01-15T10:33")
	form.Del("_spare")
	w = s.post("/delete", form.Encode())
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), "You are about to delete 3 logs")
	confirm := fields(t, w.Body.String(), "./delete")
	require.Empty(t, confirm.Get("search"))
	require.Contains(t, w.Body.String(), `name="_typed"`, "one is CRITICAL")
	for typed, status := range map[string]int{"": 400, "2": 400, "three": 400, "-3": 400} {
		confirm.Set("_typed", typed)
		w = s.post("/delete", confirm.Encode())
		require.Equal(t, status, w.Code, typed)
		require.Contains(t, w.Body.String(), "Type 3 exactly to confirm.")
		require.Equal(t, 8, s.total())
	}
	confirm.Set("_typed", " 3 ")
	require.Equal(t, 303, s.post("/delete", confirm.Encode()).Code)
	require.Equal(t, 5, s.total())
}

// TestDeleteWhatMustBeTyped: much, fresh or grave; groups of digits are as they are shown.
func TestDeleteWhatMustBeTyped(t *testing.T) {
	s := open(t, admin.Options{})
	var many []syslog.Log
	for i := range 1201 {
		l := event(fmt.Sprintf("m%05d", i), "MANY", i)
		l.Level = syslog.LevelInfo
		many = append(many, l)
	}
	s.write(many...)
	s.logger.Info(context.Background(), "FRESH", syslog.System(), "x")
	require.NoError(t, s.logger.Flush(context.Background()))
	typed := func(query string) bool {
		w := s.post("/delete", "_step=preview&deleteType=filters&"+query)
		require.Equal(t, 200, w.Code, w.Body.String())
		return strings.Contains(w.Body.String(), `name="_typed"`)
	}
	old := "&endDate=2024-02-01"
	require.True(t, typed("type=MANY"+old))
	require.False(t, typed("type=MANY&endDate=2024-01-15T11:00"))
	require.True(t, typed("type=FRESH"))
	require.True(t, typed("type=FRESH&range=1h"))
	w := s.post("/delete?lang=fr", "_step=preview&deleteType=filters&type=MANY"+old)
	confirm := fields(t, w.Body.String(), "./delete")
	require.Contains(t, w.Body.String(), "Tapez 1\u202f201 pour confirmer")
	confirm.Set("_typed", "1\u202f201")
	require.Equal(t, 303, s.post("/delete?lang=fr", confirm.Encode()).Code)
}

// TestDeleteChanged: what came since is spared, and another number deletes nothing.
func TestDeleteChanged(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	body := s.post("/delete", "_step=preview&deleteType=filters&level=INFO&range=all").Body.String()
	confirm := fields(t, body, "./delete")
	confirm.Set("_typed", "2")
	late := event("late", "LATE", 0)
	late.Level, late.CreatedAt = syslog.LevelInfo, time.Now().Add(time.Hour)
	s.write(late)
	backdated := event("back", "BACK", 5)
	backdated.Level = syslog.LevelInfo
	s.write(backdated)
	w := s.post("/delete", confirm.Encode())
	require.Equal(t, 409, w.Code)
	require.Contains(t, w.Body.String(), "it is now 3 logs")
	require.Equal(t, 10, s.total())
	confirm = fields(t, w.Body.String(), "./delete")
	require.Equal(t, "3", confirm.Get("expectedCount"))
	confirm.Set("_typed", "3")
	require.Equal(t, 303, s.post("/delete", confirm.Encode()).Code)
	require.Equal(t, 7, s.total())
	require.Contains(t, s.stored(), "late")
	require.Contains(t, s.post("/delete", "_step=preview&deleteType=filters&level=INFO&endDate=2024-02-01").Body.String(), "there is nothing to delete")
}

// TestDeleteRange: one that ends now is the one of the preview by the time of the deletion.
func TestDeleteRange(t *testing.T) {
	s := open(t, admin.Options{})
	s.logger.Info(context.Background(), "FRESH", syslog.System(), "x")
	require.NoError(t, s.logger.Flush(context.Background()))
	confirm := fields(t, s.post("/delete", "_step=preview&deleteType=filters&range=1h").Body.String(), "./delete")
	require.Empty(t, confirm.Get("range"))
	from, err := time.Parse(time.RFC3339, confirm.Get("startDate"))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(-time.Hour), from, time.Minute)
}

// TestDeleteRefuses what it does not understand, what is hidden from who asks, and what
// would choose everything.
func TestDeleteRefuses(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	long := strings.Repeat("x", 2<<10)
	for form, want := range map[string]struct {
		status int
		say    string
	}{
		"": {400, "_step: want preview or confirm"},
		"_step=now&deleteType=filters&level=INFO":                                                           {400, "_step: "},
		"_step=preview&deleteType=filters":                                                                  {400, "At least one filter is required"},
		"_step=preview&deleteType=filters&_spare=1":                                                         {400, "At least one filter is required"},
		"_step=preview&deleteType=filters&level=&search=":                                                   {400, "At least one filter is required"},
		"_step=preview&deleteType=filters&range=all":                                                        {400, "At least one filter is required"},
		"_step=preview&deleteType=filters&asOf=2024-01-01":                                                  {400, "At least one filter is required"},
		"_step=preview&deleteType=all&level=INFO":                                                           {400, "want dateRange or filters"},
		"_step=preview&level=INFO":                                                                          {400, "want dateRange or filters"},
		"_step=preview&deleteType=filters&level=FATAL":                                                      {400, "want INFO"},
		"_step=preview&deleteType=filters&levl=INFO":                                                        {400, "levl: is not a parameter here"},
		"_step=preview&deleteType=filters&level=INFO&level=ERROR":                                           {400, "Level: is given more than once"},
		"_step=preview&deleteType=filters&search=" + long:                                                   {400, "is longer than"},
		"_step=preview&deleteType=filters&search=%zz":                                                       {400, "query: "},
		"_step=preview&deleteType=filters&search=" + strings.Repeat("x", 64<<10):                            {413, "64 KiB"},
		"_step=confirm&deleteType=filters&level=INFO&_typed=2":                                              {400, "expectedCount: "},
		"_step=confirm&deleteType=filters&level=INFO&_typed=2&expectedCount=2":                              {400, "asOf: "},
		"_step=confirm&deleteType=filters&level=INFO&_typed=2&expectedCount=-2&asOf=2024-02-01":             {400, "expectedCount: "},
		"_step=confirm&deleteType=filters&level=INFO&_typed=1&expectedCount=1&asOf=2024-02-01T00:00":        {409, "it is now 2 logs"},
		"_step=confirm&deleteType=filters&expectedCount=8&asOf=2024-02-01&_typed=8":                         {400, "At least one filter"},
		"_step=preview&deleteType=filters&search=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&type=%E2%80%AEcod": {200, "&lt;script&gt;"},
	} {
		w := s.post("/delete", form)
		require.Equal(t, want.status, w.Code, form[:min(len(form), 80)])
		require.Contains(t, w.Body.String(), want.say, form[:min(len(form), 80)])
		require.NotContains(t, w.Body.String(), "<script>alert")
	}
	const fine = "_step=preview&deleteType=filters&level=INFO"
	require.Equal(t, 415, s.post("/delete", fine, "Content-Type", "application/json").Code)
	require.Equal(t, 415, s.post("/delete", fine, "Content-Type", "text/plain").Code)
	require.Equal(t, 403, s.post("/delete", fine, "Origin", "https://evil.example").Code)
	require.Equal(t, 403, s.post("/delete", fine, "Sec-Fetch-Site", "cross-site").Code)
	require.Equal(t, 400, s.view("/anywhere/delete?level=X").Code)
	require.Equal(t, 400, s.view("/anywhere/delete?levl=INFO").Code)
	require.Equal(t, 400, s.post("/delete?level=ERROR", fine).Code, "given twice")

	blind := open(t, admin.Options{Authorize: may(admin.PermAll &^ admin.PermReveal)})
	l := event("x", "T", 0)
	l.Metadata = json.RawMessage(`{"password":"s3cret","plan":"pro"}`)
	blind.write(l)
	require.Equal(t, 403, blind.post("/delete", "_step=preview&deleteType=filters&meta.password=s3cret").Code, "nobody guesses what is masked")
	require.Equal(t, 403, blind.view("/anywhere/delete?meta.password=s3cret").Code)
	w := blind.post("/delete", "_step=preview&deleteType=filters&meta.plan=pro&endDate=2024-02-01")
	require.Equal(t, 200, w.Code)
	require.NotContains(t, w.Body.String(), "s3cret")
	require.Equal(t, 8, s.total())
}

// TestDeleteIsForThoseWhoMay: for others there is no way to it, either.
func TestDeleteIsForThoseWhoMay(t *testing.T) {
	const form = "_step=confirm&deleteType=filters&level=INFO&expectedCount=2&asOf=2024-02-01&endDate=2024-02-01"
	for name, c := range map[string]struct {
		opts    admin.Options
		get     int
		post    int
		offered bool
	}{
		"all":       {admin.Options{}, 200, 303, true},
		"view":      {admin.Options{Authorize: may(admin.PermView)}, 403, 403, false},
		"read only": {admin.Options{ReadOnly: true}, 200, 403, false},
		"nobody":    {admin.Options{Authorize: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, admin.ErrUnauthenticated }}, 401, 401, false},
	} {
		s := open(t, c.opts)
		s.write(some(8)...)
		get := s.do("GET", "/anywhere/delete?level=INFO", "")
		require.Equal(t, c.get, get.Code, name)
		require.Equal(t, c.offered, strings.Contains(get.Body.String(), `method="post"`), name)
		require.Equal(t, c.post, s.post("/delete", form).Code, name)
		require.Equal(t, map[bool]int{true: 6, false: 8}[c.offered], s.total(), name)
		if name != "nobody" {
			for _, path := range []string{"/", "/maintenance"} {
				require.Equal(t, c.offered, strings.Contains(s.view("/anywhere"+path).Body.String(), `href="./delete`), name)
			}
		}
	}
	s := open(t, admin.Options{Authorize: may(admin.PermDelete)})
	s.write(some(8)...)
	w := s.post("/delete", "_step=preview&deleteType=filters&level=INFO&endDate=2024-02-01")
	require.Equal(t, 200, w.Code)
	require.NotContains(t, w.Body.String(), "/export")
	require.NotContains(t, w.Body.String(), "logs/aa", "who may not look at events is not led to them")
}

// TestDeleteFragments are for the page that asks for them.
func TestDeleteFragments(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	near := []string{"X-Fragment", "1", "X-Base", "system-logs/"}
	w := s.do("GET", page+"/delete?level=INFO", "", near...)
	require.Equal(t, "1", w.Header().Get("X-Fragment"))
	require.NotContains(t, w.Body.String(), "<html")
	require.Contains(t, w.Body.String(), `data-region="delete"`)
	require.Contains(t, w.Body.String(), `action="system-logs/delete"`)
	w = s.post("/delete", "_step=confirm&deleteType=filters&level=INFO&expectedCount=2&asOf=2024-02-01&endDate=2024-02-01", near...)
	require.Equal(t, 303, w.Code)
	require.True(t, strings.HasPrefix(w.Header().Get("Location"), "./delete?done="), "a redirect is relative to where it comes from")
}
