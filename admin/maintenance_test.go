package admin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestMaintenance: how the log is kept, what was done with it, and how it is.
func TestMaintenance(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	w := s.view("/anywhere/maintenance?lang=fr&tz=Europe/Paris")
	require.Equal(t, 200, w.Code)
	for _, want := range []string{"30 jours", "60 jours", "90 jours", "illimitée", "RGPD", "15 janv. 2024 11:30:00.000", "Aucun nettoyage", "Rien de tel", "Les logs arrivent à destination", "stockage\u00a0:"} {
		require.Contains(t, w.Body.String(), want)
	}
	require.Equal(t, 3, strings.Count(w.Body.String(), `<td class="r"><b>2</b></td>`), "two of each level are due, but CRITICAL")

	require.Equal(t, 200, s.do("GET", logs+"/export?level=ERROR&type=API", "").Code)
	require.Equal(t, 200, s.do("POST", actors+"user_1/erase", `{"mode":"anonymize","asOf":"2024-01-15T10:30"}`).Code)
	require.Equal(t, 200, s.do("POST", logs+"/aa/reveal", "").Code)
	require.NoError(t, s.logger.Flush(context.Background()))
	body := s.view("/anywhere/maintenance").Body.String()
	for _, want := range []string{"Export</td>", "level = ERROR · type = API", "Actor anonymised", "Masked values revealed", "id = aa", "Ada (adm_1)"} {
		require.Contains(t, body, want)
	}
	for query, field := range map[string]string{"level=INFO": "level", "running=yes": "running", "tz=Mars/Base": "Time zone", "page=2": "page"} {
		w := s.view("/anywhere/maintenance?" + query)
		require.Equal(t, 400, w.Code)
		require.Contains(t, w.Body.String(), field+": ")
	}
}

// TestCleanupOfThePage leads back to what it did, which a reload does not do again.
func TestCleanupOfThePage(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	require.Contains(t, s.view("/anywhere/maintenance").Body.String(), `<form action="./maintenance/cleanup" method="post" data-runs="The cleanup is running…">`)
	w := s.post("/maintenance/cleanup?lang=fr", "")
	require.Equal(t, 303, w.Code)
	to := w.Header().Get("Location")
	require.True(t, strings.HasPrefix(to, "../maintenance?done="), to)
	require.Equal(t, 2, s.total())
	w = s.view("/anywhere/" + strings.TrimPrefix(to, "../"))
	for _, want := range []string{"Nettoyage terminé\u00a0: 6 logs supprimés", "à la main · Ada (adm_1)", `class="self"`} {
		require.Contains(t, w.Body.String(), want)
	}
	require.Equal(t, 2, s.total())
	require.Equal(t, 400, s.post("/maintenance/cleanup?level=INFO", "").Code)
	require.Equal(t, 403, s.post("/maintenance/cleanup", "", "Origin", "https://evil.example").Code)
	require.Equal(t, 413, s.post("/maintenance/cleanup", strings.Repeat("x", 65<<10)).Code)
	require.Equal(t, 405, s.do("GET", "/anywhere/maintenance/cleanup", "").Code)
	for name, opts := range map[string]admin.Options{"read only": {ReadOnly: true}, "others": {Authorize: may(admin.PermAll &^ admin.PermCleanup)}} {
		s := open(t, opts)
		s.write(some(8)...)
		require.NotContains(t, s.view("/anywhere/maintenance").Body.String(), "maintenance/cleanup", name)
		require.Equal(t, 403, s.post("/maintenance/cleanup", "").Code, name)
		require.Equal(t, 8, s.total(), name)
	}
}

// mirror is a sink that never takes anything.
type mirror struct{}

func (mirror) Write(context.Context, []syslog.Log) error {
	return syslog.Permanent(errors.New("disk of <b>mirror</b> is gone"))
}
func (mirror) Close(context.Context) error { return nil }

// TestMaintenanceOfALogThatIsNotWell shows where.
func TestMaintenanceOfALogThatIsNotWell(t *testing.T) {
	s := open(t, admin.Options{})
	l, err := syslog.New(struct{ syslog.Store }{s.store}, &syslog.Config{Logger: quiet, Sinks: []syslog.SinkConfig{{Name: "mirror", Sink: mirror{}}}})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s.mux.Handle("/plain/", http.StripPrefix("/plain", h))
	s.write(some(8)...)
	l.Error(context.Background(), "X", syslog.System(), "x")
	_ = l.Flush(context.Background()) // the sink loses it
	body := s.view("/plain/maintenance").Body.String()
	require.Contains(t, body, `<th scope="row">mirror</th>`)
	require.Contains(t, body, "disk of &lt;b&gt;mirror&lt;/b&gt; is gone")
	require.Contains(t, body, `<td class="r">3</td>`, "a store without histograms counts, too: ERROR")
	require.NotContains(t, body, "storage:", "this one cannot tell its size")
	require.ErrorContains(t, l.Close(), "is gone")
	closed := s.do("GET", "/plain/maintenance", "")
	require.Equal(t, 200, closed.Code)
	require.Contains(t, closed.Body.String(), `class="state bad"`)
}

// indexed is a store with these indexes.
type indexed struct {
	syslog.Store
	all []syslog.Index
}

func (i indexed) Indexes(context.Context) ([]syslog.Index, error) { return i.all, nil }

// TestMaintenanceOfIndexes: what does not do its work is said in words.
func TestMaintenanceOfIndexes(t *testing.T) {
	s := open(t, admin.Options{})
	page := func(lang string, all ...syslog.Index) string {
		l, err := syslog.New(indexed{s.store, all}, &syslog.Config{Logger: quiet})
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
		require.NoError(t, err)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/maintenance?lang="+lang, nil))
		require.Equal(t, 200, w.Code)
		return w.Body.String()
	}
	body := page("en")
	require.NotContains(t, body, `id="indexes"`)
	time := syslog.Index{Name: "logs_time", Columns: []string{"created_at", ""}, Tables: 1, Bytes: 3 << 20, State: syslog.IndexReady}
	body = page("en", time)
	require.Contains(t, body, `<th scope="row">logs_time</th><td class="long">created_at, (…)</td><td>ready</td><td class="r">3.0 MB</td>`)
	require.Contains(t, body, "All are there and in use.")
	require.Contains(t, body, "Texts are searched from the newest log on")
	body = page("en", time, syslog.Index{Name: "p1_trigram", Columns: []string{"message"}, Text: true, Tables: 12, State: syslog.IndexReady})
	require.Contains(t, body, `p1_trigram <span class="muted">on 12 partitions</span>`)
	require.Contains(t, body, "Parts of messages are found by an index.")
	body = page("fr", syslog.Index{Name: "<b>\x1b\u202e", Columns: []string{"message"}, Text: true, Tables: 1, State: syslog.IndexInvalid},
		syslog.Index{Name: "b", Columns: []string{"actor_id"}, Text: true, Tables: 1, State: syslog.IndexBuilding}, syslog.Index{Columns: []string{"level"}, State: syslog.IndexMissing})
	require.Contains(t, body, "&lt;b&gt;")
	require.NotContains(t, body, "\x1b")
	require.NotContains(t, body, "\u202e")
	require.Contains(t, body, "Aucun ne commence par level")
	require.Contains(t, body, "sa construction a été interrompue, ou continue")
	require.Contains(t, body, "<td>en construction</td>")
	require.NotContains(t, body, "Les morceaux de messages", "neither is in use")
	body = page("en", syslog.Index{Columns: []string{"level"}, State: syslog.IndexMissing})
	require.Contains(t, body, "None begins with level")
}

// TestCleanupOfThePageTwice: the second leads back to the page, and who leaves the first does
// not end it.
func TestCleanupOfThePageTwice(t *testing.T) {
	st := &slowCleanup{Store: syslogtest.NewStore(), began: make(chan struct{}), end: make(chan struct{})}
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	press := func(ctx context.Context) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "/maintenance/cleanup?lang=fr", nil)
		h.ServeHTTP(w, r)
		return w
	}
	ctx, leave := context.WithCancel(t.Context())
	first := make(chan *httptest.ResponseRecorder)
	go func() { first <- press(ctx) }()
	<-st.began
	leave()
	w := press(t.Context())
	require.Equal(t, 303, w.Code, w.Body.String())
	require.Equal(t, "../maintenance?lang=fr&running=1", w.Header().Get("Location"))
	close(st.end)
	require.Contains(t, (<-first).Header().Get("Location"), "done=")
	require.NoError(t, st.err)

	w = httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/maintenance?lang=fr&running=1", nil))
	require.Contains(t, w.Body.String(), "Un nettoyage était déjà en cours\u00a0: aucun autre")
	require.NotContains(t, w.Body.String(), "running=1", "no link says so")
}

// slowCleanup is a store whose cleanup lasts until end.
type slowCleanup struct {
	*syslogtest.Store
	began, end chan struct{}
	running    atomic.Bool
	err        error // of its context, when it ended
}

func (s *slowCleanup) Cleanup(ctx context.Context, p syslog.RetentionPolicy, now time.Time) (syslog.CleanupStats, error) {
	if !s.running.CompareAndSwap(false, true) {
		return syslog.CleanupStats{}, syslog.ErrCleanupRunning
	}
	close(s.began)
	<-s.end
	s.err = ctx.Err()
	return s.Store.Cleanup(ctx, p, now)
}

// TestSlowMaintenance shows what does not need the store's answer.
func TestSlowMaintenance(t *testing.T) {
	s := open(t, admin.Options{QueryTimeout: time.Nanosecond})
	w := s.view("/anywhere/maintenance")
	require.Equal(t, 200, w.Code)
	require.Contains(t, w.Body.String(), "Part of this page could not be read.")
	require.Contains(t, w.Body.String(), "90 days")
}

// TestActorPage: all that there is of somebody, and the erasure of it, step by step.
func TestActorPage(t *testing.T) {
	for mode, left := range map[string]int{"anonymize": 5, "delete": 2} {
		s := open(t, admin.Options{})
		s.write(erasable()...)
		require.Contains(t, s.view("/anywhere/maintenance/actor").Body.String(), `name="actorId" value=""`)
		require.Contains(t, s.view("/anywhere/maintenance/actor?actorId=nobody").Body.String(), "There is no log with this actor ID")
		w := s.view("/anywhere/maintenance/actor?actorId=user_1&lang=fr&tz=Asia/Tokyo")
		for _, want := range []string{"3 logs portent cet ID acteur", "15 janv. 2024 19:30:00.000", "15 janv. 2024 19:32:00.000", "export?actorId=user_1&amp;format=json", `href="../?actorId=user_1`} {
			require.Contains(t, w.Body.String(), want)
		}
		form := fields(t, w.Body.String(), "../maintenance/actor")
		require.Equal(t, "anonymize", form.Get("mode"))
		form.Set("mode", mode)
		w = s.post("/maintenance/actor?lang=fr", form.Encode())
		require.Equal(t, 200, w.Code, w.Body.String())
		confirm := fields(t, w.Body.String(), "../maintenance/actor")
		require.Equal(t, "3", confirm.Get("expectedCount"))
		before := s.stored()

		confirm.Set("_typed", "2")
		w = s.post("/maintenance/actor?lang=fr", confirm.Encode())
		require.Equal(t, 400, w.Code)
		require.Contains(t, w.Body.String(), "Tapez exactement 3 pour confirmer.")
		confirm.Set("expectedCount", "2")
		w = s.post("/maintenance/actor?lang=fr", confirm.Encode())
		require.Equal(t, 409, w.Code)
		require.Contains(t, w.Body.String(), "il compte maintenant 3 logs")
		require.Equal(t, before, s.stored())

		confirm = fields(t, w.Body.String(), "../maintenance/actor")
		confirm.Set("_typed", "3")
		w = s.post("/maintenance/actor?lang=fr", confirm.Encode())
		require.Equal(t, 303, w.Code, w.Body.String())
		to := w.Header().Get("Location")
		require.True(t, strings.HasPrefix(to, "../maintenance/actor?done="), to)
		require.NotContains(t, to, "user_1")
		require.Equal(t, left, s.total())
		done := s.view("/anywhere/" + strings.TrimPrefix(to, "../")).Body.String()
		require.Contains(t, done, map[string]string{"anonymize": "3 logs anonymisés", "delete": "3 logs supprimés"}[mode])
		require.NotContains(t, done, "user_1")
		require.NotContains(t, s.view("/anywhere/maintenance").Body.String(), "user_1")
	}
}

// TestActorPageRefuses: no id is not everybody's.
func TestActorPageRefuses(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(erasable()...)
	before := s.stored()
	for form, field := range map[string]string{
		"_step=preview&mode=delete": "Actor ID",
		"_step=confirm&mode=delete&asOf=2024-02-01&expectedCount=5&_typed=5":                  "Actor ID",
		"_step=confirm&mode=anonymize&actorId=&asOf=2024-02-01&expectedCount=5":               "Actor ID",
		"_step=preview&mode=forget&actorId=user_1":                                            "mode",
		"_step=preview&actorId=user_1":                                                        "mode",
		"_step=preview&mode=delete&actorId=user_1&level=INFO":                                 "level",
		"_step=preview&mode=delete&actorId=user_1&actorId=user_2":                             "Actor ID",
		"_step=confirm&mode=delete&actorId=user_1":                                            "asOf",
		"_step=confirm&mode=delete&actorId=user_1&asOf=now&expectedCount=3":                   "asOf",
		"mode=delete&actorId=user_1":                                                          "_step",
		"_step=preview&mode=delete&actorId=" + strings.Repeat("x", 2000):                      "Actor ID",
		"_step=confirm&mode=delete&actorId=user_1&asOf=2024-02-01&expectedCount=many&_typed=": "expectedCount",
	} {
		w := s.post("/maintenance/actor", form)
		require.Equal(t, 400, w.Code, form[:min(len(form), 60)])
		require.Contains(t, w.Body.String(), field+": ", form[:min(len(form), 60)])
	}
	require.Equal(t, 400, s.view("/anywhere/maintenance/actor?level=INFO").Code)
	require.Equal(t, 400, s.view("/anywhere/maintenance/actor?tz=Mars/Base").Code)
	require.Equal(t, 415, s.post("/maintenance/actor", "_step=preview&mode=delete&actorId=user_1", "Content-Type", "application/json").Code)
	hostile := event("hostile", "T", 9)
	hostile.ActorID = "\u202e\"><script>alert(1)</script>"
	s.write(hostile)
	w := s.view("/anywhere/maintenance/actor?actorId=%E2%80%AE%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
	require.Contains(t, w.Body.String(), `<span class="ctl">\u202e</span>&#34;&gt;&lt;script&gt;`)
	require.NotContains(t, w.Body.String(), "<script>alert")
	delete(before, "hostile")
	for id, l := range before {
		require.Equal(t, l, s.stored()[id])
	}
	for name, opts := range map[string]admin.Options{"read only": {ReadOnly: true}, "others": {Authorize: may(admin.PermAll &^ (admin.PermErase | admin.PermExport))}} {
		s := open(t, opts)
		s.write(erasable()...)
		body := s.view("/anywhere/maintenance/actor?actorId=user_1").Body.String()
		require.Contains(t, body, "3 logs with this actor ID")
		require.NotContains(t, body, `method="post"`, name)
		require.Equal(t, name == "read only", strings.Contains(body, "/export?"), name)
		require.Equal(t, 403, s.post("/maintenance/actor", "_step=preview&mode=delete&actorId=user_1").Code, name)
		require.Equal(t, 5, s.total())
	}
}
