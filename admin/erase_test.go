package admin_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

const actors = logs + "/actors/"

// erasable are three events of user_1, one of somebody else who mentions user_1, and one of
// user_12.
func erasable() []syslog.Log {
	events := some(5)
	for i := range events {
		events[i].Message = "user_1 wrote to user_12 (user_1)"
		events[i].Metadata = []byte(`{"userId":"user_1","to":["user_12","user_1"],"by":{"user_1":"x"},"clientIp":"10.0.0.1","password":"s3cret","amount":12345678901234567890.1230}`)
	}
	events[3].ActorID, events[4].ActorID = "user_2", "user_12"
	return events
}

// stored are the events of the store by their ids, without those of the tests' own records.
func (s *site) stored() map[string]syslog.Log {
	s.t.Helper()
	all := map[string]syslog.Log{}
	for l, err := range s.store.All(context.Background(), syslog.Filter{}) {
		require.NoError(s.t, err)
		all[l.ID] = l
	}
	return all
}

// TestEraseAnonymizes what a preview has shown, and records it without the id.
func TestEraseAnonymizes(t *testing.T) {
	s := open(t, admin.Options{Mask: admin.MaskKeys("password")})
	s.write(erasable()...)
	before := s.stored()
	w := s.do("POST", actors+"user_1/erase-preview", `{"mode":"anonymize"}`)
	require.Equal(t, 200, w.Code, w.Body.String())
	preview := object(t, w)
	require.EqualValues(t, 3, preview["count"])
	require.Equal(t, map[string]any{"INFO": 1.0, "WARNING": 1.0, "ERROR": 1.0, "CRITICAL": 0.0}, preview["byLevel"])
	require.Equal(t, []any{"2024-01-15T10:30:00Z", "2024-01-15T10:32:00Z"}, []any{preview["oldest"], preview["newest"]})
	require.Equal(t, []string{"ac", "ab", "aa"}, ids(preview["sample"]))
	require.NotContains(t, w.Body.String(), "s3cret")
	require.Equal(t, before, s.stored())

	body := func(count int) string {
		text, err := json.Marshal(map[string]any{"mode": "anonymize", "expectedCount": count, "asOf": preview["asOf"]})
		require.NoError(t, err)
		return string(text)
	}
	w = s.do("POST", actors+"user_1/erase", body(2))
	require.Equal(t, 409, w.Code)
	require.Equal(t, "changed", object(t, w)["code"])
	require.EqualValues(t, 3, object(t, w)["currentCount"])
	require.Equal(t, before, s.stored())

	w = s.do("POST", actors+"user_1/erase?lang=fr", body(3))
	require.JSONEq(t, `{"success":true,"erasedCount":3,"message":"3 log(s) anonymisé(s) avec succès"}`, w.Body.String())
	require.NoError(t, s.logger.Flush(context.Background()))
	after := s.stored()
	for _, id := range []string{"aa", "ab", "ac"} {
		want := before[id]
		want.ActorID, want.Message = "", "[erased] wrote to user_12 ([erased])"
		want.Metadata = []byte(`{"userId":"[erased]","to":["user_12","[erased]"],"by":{"[erased]":"x"},"clientIp":"[erased]","password":"[erased]","amount":12345678901234567890.1230}`)
		require.Equal(t, want, after[id])
		delete(after, id)
	}
	for _, id := range []string{"ad", "ae"} {
		require.Equal(t, before[id], after[id], "what another's events say of the actor stays")
		delete(after, id)
	}
	require.Len(t, after, 1)
	hash := sha256.Sum256([]byte("user_1"))
	for _, record := range after {
		require.Equal(t, "ADMIN_LOGS_ERASED", record.Type)
		require.Equal(t, "adm_1", record.ActorID)
		require.NotContains(t, record.Message+string(record.Metadata), "user_1")
		var got map[string]any
		require.NoError(t, json.Unmarshal(record.Metadata, &got))
		until, err := time.Parse(time.RFC3339, preview["asOf"].(string)) // which shows zeroes at its end
		require.NoError(t, err)
		require.Equal(t, map[string]any{
			"adminName": "Ada", "mode": "anonymize", "erasedCount": 3.0, "actorHash": hex.EncodeToString(hash[:8]), "filter": map[string]any{"endDate": until.Format(time.RFC3339Nano)},
		}, got)
	}
	w = s.do("POST", actors+"user_1/erase", `{"mode":"anonymize"}`)
	require.EqualValues(t, 0, object(t, w)["erasedCount"], "again")
}

// TestEraseDeletes, and reaches what was still queued.
func TestEraseDeletes(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(erasable()...)
	s.logger.UserAction(context.Background(), "X", "user_1", "on its way")
	w := s.do("POST", actors+"user_1/erase", `{"mode":"delete","asOf":"2024-01-15T10:31"}`)
	require.JSONEq(t, `{"success":true,"erasedCount":2,"message":"2 log(s) deleted successfully"}`, w.Body.String())
	w = s.do("POST", actors+"user_1/erase-preview", `{"mode":"delete"}`)
	require.EqualValues(t, 2, object(t, w)["count"], "one of before, and the one that was queued")
	w = s.do("POST", actors+"user_1/erase", `{"mode":"delete","expectedCount":2}`)
	require.EqualValues(t, 2, object(t, w)["erasedCount"], w.Body.String())
	require.NoError(t, s.logger.Flush(context.Background()))
	require.Contains(t, s.stored(), "ad")
	require.Contains(t, s.stored(), "ae")
	require.Len(t, s.stored(), 4, "and two records")
}

// TestEraseOfAnyID: what may be in an actor's id, and what is no request.
func TestEraseOfAnyID(t *testing.T) {
	s := open(t, admin.Options{})
	for _, id := range []string{"a/b", "%", "50%25", "é ü", "日本", "a?b#c", `"'\`, "actors", "erase", "..", "\u202e<b>", strings.Repeat("é", 128), strings.Repeat("x", 256), "-"} {
		other, mine := event("other", "T", 0), event("mine", "T", 1)
		other.ActorID, mine.ActorID, mine.Message = "x"+id, id, "by "+id
		mine.Metadata, _ = json.Marshal(map[string]string{"a": id})
		s.write(other, mine)
		w := s.do("POST", actors+url.PathEscape(id)+"/erase", `{"mode":"anonymize","expectedCount":1}`)
		if id == ".." { // what cleans paths takes it for one; an encoded dot it leaves
			w = s.do("POST", actors+"%2E%2E/erase", `{"mode":"anonymize","expectedCount":1}`)
		}
		require.Equal(t, 200, w.Code, "%q: %s", id, w.Body.String())
		got := s.stored()["mine"]
		require.Equal(t, []string{"", "by [erased]", `{"a":"[erased]"}`}, []string{got.ActorID, got.Message, string(got.Metadata)}, id)
		_, err := s.logger.DeleteAll(context.Background())
		require.NoError(t, err)
	}
	s.write(erasable()...)
	before := s.stored()
	for _, route := range []string{"/erase", "/erase-preview"} {
		for body, field := range map[string]string{
			`{}`: "mode", `{"mode":"forget"}`: "mode", `{"mode":1}`: "mode", `{"mode":"delete","expectedCount":-1}`: "expectedCount",
			`{"mode":"delete","asOf":"now"}`: "asOf", `{"mode":"delete","actorId":"user_1"}`: "actorId", `{"mode":"delete","level":"INFO"}`: "level", `[]`: "body", ``: "body",
		} {
			w := s.do("POST", actors+"user_1"+route, body)
			require.Equal(t, 400, w.Code, body)
			require.Contains(t, w.Body.String(), `{"field":"`+field+`","message":"`+field+`: `, body)
			require.NotContains(t, w.Body.String(), "%!")
		}
		require.Equal(t, 400, s.do("POST", actors+"user_1"+route+"?level=INFO", `{"mode":"delete"}`).Code)
		require.Equal(t, 400, s.do("POST", actors+strings.Repeat("x", 2000)+route, `{"mode":"delete"}`).Code)
		require.Equal(t, 405, s.do("GET", actors+"user_1"+route, "").Code)
		require.Equal(t, 404, s.do("POST", logs+"/actors"+route, `{"mode":"delete"}`).Code, "without an id")
		require.Equal(t, 404, s.do("POST", actors+"user_1"+route+"/now", `{"mode":"delete"}`).Code)
		require.Equal(t, 403, s.do("POST", actors+"user_1"+route, `{"mode":"delete"}`, "Origin", "https://evil.example").Code)
	}
	require.Contains(t, s.do("POST", actors+"user_1/erase", `[]`).Body.String(), `{\"mode\": …}`)
	odd := event("actors", "ODD", 3)
	s.write(odd)
	require.Equal(t, "actors", s.get("/actors")["log"].(map[string]any)["id"], "an event may be called as the path is")
	require.Equal(t, 200, s.do("GET", logs+"/actors/context", "").Code)
	delete(before, "actors")
	for id, l := range before {
		require.Equal(t, l, s.stored()[id])
	}
}

// TestEraseIsForThoseWhoMay.
func TestEraseIsForThoseWhoMay(t *testing.T) {
	for _, c := range []struct {
		opts           admin.Options
		erase, preview int
	}{
		{admin.Options{Authorize: may(admin.PermErase)}, 200, 200},
		{admin.Options{Authorize: may(admin.PermAll &^ admin.PermErase)}, 403, 403},
		{admin.Options{ReadOnly: true}, 403, 200},
		{admin.Options{Authorize: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, admin.ErrUnauthenticated }}, 401, 401},
	} {
		s := open(t, c.opts)
		s.write(erasable()...)
		require.Equal(t, c.preview, s.do("POST", actors+"user_1/erase-preview", `{"mode":"anonymize"}`).Code)
		require.Equal(t, c.erase, s.do("POST", actors+"user_1/erase", `{"mode":"anonymize"}`).Code)
		require.Equal(t, c.erase == 200, s.stored()["aa"].ActorID == "")
	}
}

// TestEraseEndsMidway: what was done by then is recorded, and the rest can be done later.
func TestEraseEndsMidway(t *testing.T) {
	const all = 1200
	st := syslogtest.NewStore()
	events := make([]syslog.Log, all)
	for i := range events {
		events[i] = event(fmt.Sprintf("%06d", i), "T", i)
		events[i].ActorID = "user_1"
	}
	require.NoError(t, st.Write(context.Background(), events))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	half := &midway{Store: st, after: 500, cancel: cancel}
	l, err := syslog.New(half, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	r := httptest.NewRequest("POST", actors+"user_1/erase", strings.NewReader(`{"mode":"anonymize"}`)).WithContext(ctx)
	h.ServeHTTP(httptest.NewRecorder(), r)
	require.NoError(t, l.Flush(context.Background()))
	page, err := l.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_ERASED"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1)
	var record struct {
		ErasedCount int64  `json:"erasedCount"`
		Error       string `json:"error"`
	}
	require.NoError(t, json.Unmarshal(page.Logs[0].Metadata, &record))
	require.Equal(t, int64(half.after), record.ErasedCount)
	require.Contains(t, record.Error, "canceled")
	left, err := l.Query(context.Background(), syslog.Query{Filter: syslog.Filter{ActorID: "user_1"}})
	require.NoError(t, err)
	require.EqualValues(t, all-half.after, left.Pagination.TotalCount)
}

// midway cancels once so many events were changed.
type midway struct {
	*syslogtest.Store
	after  int
	cancel func()
}

func (m *midway) Anonymize(ctx context.Context, f syslog.Filter, scrub syslog.Scrub) (int64, error) {
	n := 0
	return m.Store.Anonymize(ctx, f, func(l syslog.Log) (string, json.RawMessage, error) {
		if n++; n > m.after {
			m.cancel()
		}
		return scrub(l)
	})
}

// TestEraseWithoutAnonymizer: deleting it still can.
func TestEraseWithoutAnonymizer(t *testing.T) {
	s := open(t, admin.Options{})
	require.Equal(t, true, s.get("/health")["capabilities"].(map[string]any)["anonymize"])
	l, err := syslog.New(struct{ syslog.Store }{s.store}, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s.mux.Handle("/plain/", http.StripPrefix("/plain", h))
	s.write(erasable()...)
	for _, route := range []string{"/erase", "/erase-preview"} {
		w := s.do("POST", "/plain"+actors+"user_1"+route, `{"mode":"anonymize"}`)
		require.Equal(t, 501, w.Code)
		require.Equal(t, "unsupported", object(t, w)["code"])
	}
	require.EqualValues(t, 3, object(t, s.do("POST", "/plain"+actors+"user_1/erase-preview", `{"mode":"delete"}`))["count"])
	require.EqualValues(t, 3, object(t, s.do("POST", "/plain"+actors+"user_1/erase", `{"mode":"delete"}`))["erasedCount"])
	require.Equal(t, false, object(t, s.do("GET", "/plain"+logs+"/health", ""))["capabilities"].(map[string]any)["anonymize"])
}

// TestEraseWaitsForWhatIsQueued, and does nothing where that cannot be stored.
func TestEraseWaitsForWhatIsQueued(t *testing.T) {
	st := syslogtest.NewStore()
	require.NoError(t, st.Write(context.Background(), erasable()))
	release := st.Block()
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	defer release()
	l.UserAction(context.Background(), "X", "user_1", "on its way")
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet, QueryTimeout: 50e6})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", actors+"user_1/erase", strings.NewReader(`{"mode":"delete"}`)))
	require.Equal(t, 503, w.Code)
	require.Equal(t, "unsettled", object(t, w)["code"])
	require.Len(t, st.Logs(), 5)
}
