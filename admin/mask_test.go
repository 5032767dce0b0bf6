package admin_test

import (
	"context"
	"errors"
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

// may is somebody with some permissions.
func may(perms admin.Perm) func(*http.Request) (admin.Principal, error) {
	return func(*http.Request) (admin.Principal, error) {
		return admin.Principal{ID: "adm_2", Perms: perms}, nil
	}
}

// secretive are events whose metadata has a value that nobody is to see.
func secretive(n int) []syslog.Log {
	events := some(n)
	for i := range events {
		events[i].Metadata = []byte(`{"z":1,"in":[{"userPassword":"s3cret"}],"email":"s3cret@x.com","amount":12345678901234567890.1230,"a":{"b":true}}`)
	}
	return events
}

// TestNothingMaskedIsShown by any route, not even to those who may reveal.
func TestNothingMaskedIsShown(t *testing.T) {
	s := open(t, admin.Options{Mask: admin.MaskKeys("password", "email", "stats")})
	s.write(secretive(6)...)
	s.write(syslog.Log{ID: "zz", Type: "SYSTEM_LOG_CLEANUP", Actor: syslog.ActorSystem, Metadata: []byte(`{"stats":"s3cret"}`), CreatedAt: at})
	const shown = `{"z":1,"in":[{"userPassword":"••••••"}],"email":"••••••","amount":12345678901234567890.1230,"a":{"b":true}}`
	for path, times := range map[string]int{
		"": 6, "?limit=2&orderBy=asc": 1, "/ac": 1, "/ac/context": 6, "/stats": 0, "/facets": 0, "/histogram": 0, "/suggest?field=type&q=s3": 0, "/health": 0,
	} {
		w := s.do("GET", logs+path, "")
		require.Equal(t, 200, w.Code, w.Body.String())
		require.NotContains(t, w.Body.String(), "s3cret", path)
		require.Equal(t, times, strings.Count(w.Body.String(), shown), path)
	}
	require.Contains(t, s.do("GET", logs+"/health", "").Body.String(), `"metadata":{"stats":"••••••"}`)
	first := s.get("?limit=2")["pagination"].(map[string]any)["nextCursor"].(string)
	second := s.get("?limit=2&cursor=" + first)["pagination"].(map[string]any)["prevCursor"].(string)
	require.NotContains(t, s.do("GET", logs+"?limit=2&cursor="+second, "").Body.String(), "s3cret")
	for _, w := range []string{
		s.do("POST", logs+"/delete-preview", `{"deleteType":"filters","type":"API"}`).Body.String(),
		s.do("POST", logs+"/actors/user_1/erase-preview", `{"mode":"delete"}`).Body.String(),
	} {
		require.NotContains(t, w, "s3cret")
		require.Equal(t, 5, strings.Count(w, shown), w)
	}
	open := open(t, admin.Options{Mask: admin.MaskKeys()})
	open.write(secretive(1)...)
	require.Contains(t, open.do("GET", logs, "").Body.String(), `"userPassword":"s3cret"`)
	standard := openSite(t)
	standard.write(secretive(1)...)
	w := standard.do("GET", logs, "").Body.String()
	require.Contains(t, w, `"userPassword":"••••••"`)
	require.Contains(t, w, "s3cret@x.com", "an address is no secret of the program")

	_, err := admin.New(standard.logger, &admin.Options{Authorize: boss, Mask: admin.MaskKeys("a", "--"), Erase: admin.MaskKeys("")})
	require.ErrorContains(t, err, `Mask has the name "--"`)
	require.ErrorContains(t, err, `Erase has the name ""`)
}

func openSite(t *testing.T) *site { return open(t, admin.Options{}) }

// TestMaskedValuesAreNotGuessed by filters, for which it takes the permission to reveal.
func TestMaskedValuesAreNotGuessed(t *testing.T) {
	mask := admin.MaskKeys("password", "ip*")
	s := open(t, admin.Options{Mask: mask, Authorize: may(admin.PermAll &^ admin.PermReveal)})
	s.write(secretive(3)...)
	trusted := open(t, admin.Options{Mask: mask})
	for _, path := range []string{"", "/count", "/stats", "/histogram", "/facets", "/aa"} {
		for _, name := range []string{"meta.password", "notMeta.password", "meta.a.userPassword", "meta.password.hint", `meta.x\.PASS_WORD`, `notMeta.a.client\.ip`, "meta.IPv4", "meta.pass\x00word"} {
			w := s.do("GET", logs+path+"?"+url.Values{name: {"s3cret"}}.Encode(), "")
			require.Equal(t, 403, w.Code, "%s %s", path, name)
			require.Equal(t, "permission", object(t, w)["code"])
			if !strings.Contains(name, `\`) && !strings.Contains(name, "\x00") {
				require.Contains(t, w.Body.String(), `"details":[{"field":"`+name+`","message":"`+name+`: is masked`)
			}
		}
		require.Equal(t, 200, s.do("GET", logs+path+"?meta.z=1&notMeta.passwordless=x", "").Code)
		if path != "/aa" {
			require.Equal(t, 200, trusted.do("GET", logs+path+"?meta.password=s3cret", "").Code)
		}
	}
	require.Contains(t, s.do("GET", logs+"?lang=fr&meta.password=x", "").Body.String(), "est masqué")
	require.Equal(t, 400, s.do("GET", logs+"/health?meta.z=x", "").Code)
	for _, rt := range [][2]string{{"DELETE", ""}, {"POST", "/delete-preview"}} {
		for _, body := range []string{`"meta":{"password":"x"}`, `"notMeta":{"a.ip":["x","y"]}`, `"level":"INFO","meta":{"z":1,"Pass-Word.a":true}`} {
			w := s.do(rt[0], logs+rt[1], `{"deleteType":"filters",`+body+`}`)
			require.Equal(t, 403, w.Code, body)
			require.Contains(t, w.Body.String(), "is masked")
			require.Equal(t, 200, trusted.do(rt[0], logs+rt[1], `{"deleteType":"filters",`+body+`}`).Code)
		}
	}
	require.Equal(t, 3, s.total())

	trusted.write(syslog.Log{ID: "x", Type: "T", ActorID: "u", Metadata: []byte(`{"ip":"10.0.0.1"}`), CreatedAt: at})
	require.Equal(t, 200, trusted.do("DELETE", logs, `{"deleteType":"filters","meta":{"ip":"10.0.0.1"},"notMeta":{"z":"1"}}`).Code)
	require.NoError(t, trusted.logger.Flush(context.Background()))
	records := trusted.do("GET", logs+"?type=ADMIN_LOGS_DELETED", "").Body.String()
	require.Contains(t, records, `["ip=••••••"]`, "the record is no way around the mask")
	require.Contains(t, records, `["z=1"]`)
	require.NotContains(t, records, "10.0.0.1")
}

// TestReveal shows one event as it is, and says who saw it.
func TestReveal(t *testing.T) {
	opts := admin.Options{Mask: admin.MaskKeys("password", "email"), ReadOnly: true}
	s := open(t, opts)
	s.write(secretive(2)...)
	s.write(event("x/y", "PLAIN", 1))
	w := s.do("POST", logs+"/aa/reveal", "")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Contains(t, w.Body.String(), `"metadata":{"z":1,"in":[{"userPassword":"s3cret"}],"email":"s3cret@x.com","amount":12345678901234567890.1230,"a":{"b":true}}`)
	require.Equal(t, 200, s.do("POST", logs+"/x%2Fy/reveal", "").Code)
	records, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_REVEALED"}, Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, records.Logs, 2, "stored before the answer, also where nothing was masked")
	require.Equal(t, syslog.ActorAdmin, records.Logs[0].Actor)
	require.Equal(t, "adm_1", records.Logs[0].ActorID)
	require.JSONEq(t, `{"adminName":"Ada","logId":"aa","paths":["in.userPassword","email"]}`, string(records.Logs[0].Metadata))
	require.JSONEq(t, `{"adminName":"Ada","logId":"x/y","paths":[]}`, string(records.Logs[1].Metadata))

	require.Equal(t, 404, s.do("POST", logs+"/none/reveal", "").Code)
	require.Equal(t, 400, s.do("POST", logs+"/aa/reveal?why=x", "").Code)
	require.Equal(t, 405, s.do("GET", logs+"/aa/reveal", "").Code)
	require.Equal(t, 403, s.do("POST", logs+"/aa/reveal", "", "Sec-Fetch-Site", "cross-site").Code)
	opts.Authorize = may(admin.PermAll &^ admin.PermReveal)
	not := open(t, opts)
	not.write(secretive(1)...)
	require.Equal(t, 403, not.do("POST", logs+"/aa/reveal", "").Code)
	page, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "REVEALED"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 2)
}

// TestRevealOnThePage: by a form, one value or all, with a record of what was seen. What was
// revealed leads nowhere: an address would keep it.
func TestRevealOnThePage(t *testing.T) {
	opts := admin.Options{Mask: admin.MaskKeys("password", "email"), ReadOnly: true}
	s := open(t, opts)
	s.write(secretive(2)...)
	s.write(event("x/y", "PLAIN", 1))
	const page = "/anywhere/logs/aa?level=INFO&tz=UTC"
	form := func(path, body string, headers ...string) *httptest.ResponseRecorder {
		return s.do("POST", path, body, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
	}
	body := s.view(page).Body.String()
	require.NotContains(t, body, "s3cret")
	require.Contains(t, body, `<form method="post" action="../logs/aa?level=INFO&amp;tz=UTC" id="reveal"><button data-reveal>`)
	require.Contains(t, body, `<button form="reveal" name="_path" value="in.userPassword">Reveal<span class="vh"> in.userPassword</span></button>`)
	require.NotContains(t, body, "notMeta.email", "a mask is no value of an event")

	w := form(page, "_path=email")
	require.Equal(t, 200, w.Code, w.Body.String())
	require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	body = w.Body.String()
	require.Contains(t, body, `data-revealed`)
	require.Contains(t, body, `s3cret@x.com`)
	require.NotContains(t, body, `>s3cret<`, "the other one")
	require.Contains(t, body, `value="in.userPassword"`)
	require.NotContains(t, body, `value="email"`)
	for _, to := range links(w) {
		require.NotContains(t, to, "s3cret")
	}
	w = form(page, "", "X-Fragment", "1", "X-Base", "./")
	require.True(t, strings.HasPrefix(w.Body.String(), `<article class="entry"`))
	require.Contains(t, w.Body.String(), `>s3cret<`)
	require.NotContains(t, w.Body.String(), "data-reveal>")
	require.Equal(t, 200, form("/anywhere/logs/x%2Fy", "").Code, "nothing is masked")

	for body, want := range map[string]string{"_path=amount": "_path: want", "_path=a&_path=b": "_path: is given more than once", "path=email": "path: is not a parameter here", "_path=%zz": "body"} {
		w := form(page, body)
		require.Equal(t, 400, w.Code, body)
		require.Contains(t, w.Body.String(), want, body)
	}
	require.Equal(t, 404, form("/anywhere/logs/none", "").Code)
	require.Equal(t, 415, s.do("POST", page, "{}", "Content-Type", "application/json").Code)
	require.Equal(t, 403, form(page, "", "Sec-Fetch-Site", "cross-site").Code)
	records, err := s.logger.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_REVEALED"}, Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, records.Logs, 3, "what was refused is not recorded")
	require.JSONEq(t, `{"adminName":"Ada","logId":"aa","paths":["email"]}`, string(records.Logs[0].Metadata))
	require.JSONEq(t, `{"adminName":"Ada","logId":"aa","paths":["in.userPassword","email"]}`, string(records.Logs[1].Metadata))

	opts.Authorize = may(admin.PermAll &^ admin.PermReveal)
	s = open(t, opts)
	s.write(secretive(1)...)
	require.NotContains(t, s.view(page).Body.String(), `"reveal"`)
	require.Equal(t, 403, form(page, "_path=email").Code)
}

// TestNothingIsRevealedWithoutARecord: where the store takes none, and where the log leaves
// out what is only information.
func TestNothingIsRevealedWithoutARecord(t *testing.T) {
	st := syslogtest.NewStore()
	require.NoError(t, st.Write(context.Background(), secretive(1)))
	l, err := syslog.New(st, &syslog.Config{Logger: quiet, MinLevel: syslog.LevelError})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet, QueryTimeout: 200 * time.Millisecond})
	require.NoError(t, err)
	s := &site{t: t, logger: l, mux: http.NewServeMux()}
	h.Register(s.mux)
	require.Equal(t, 200, s.do("POST", logs+"/aa/reveal", "").Code)
	records := st.Logs()
	require.Equal(t, "ADMIN_LOGS_REVEALED", records[len(records)-1].Type)
	require.Equal(t, syslog.LevelError, records[len(records)-1].Level, "the lowest that is kept")

	st.FailWrites(errors.New("down"), -1)
	defer st.FailWrites(nil, 0) // before it is closed
	w := s.do("POST", logs+"/aa/reveal?lang=fr", "")
	require.Equal(t, 503, w.Code)
	require.Contains(t, w.Body.String(), "rien n’est donc révélé")
	require.NotContains(t, w.Body.String(), "s3cret")
	w = s.do("POST", "/dashboard/admin/system-logs/logs/aa?lang=fr", "_path=", "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, 503, w.Code)
	require.Contains(t, w.Body.String(), "rien n’est donc révélé")
	require.NotContains(t, w.Body.String(), "s3cret")
}

// TestFormsOfFragmentsGuessNothing: what a form sends becomes a filter by a masked key for who
// may see its values only, whether it is led there or answered as a fragment.
func TestFormsOfFragmentsGuessNothing(t *testing.T) {
	for _, perms := range []admin.Perm{admin.PermView, admin.PermView | admin.PermReveal} {
		s := open(t, admin.Options{Authorize: may(perms)})
		s.write(some(4)...)
		for _, field := range []string{"meta", "notMeta"} {
			w := s.view("/anywhere/rows?_field="+field+"&_key=password&_value=x", "X-Fragment", "1")
			require.Equal(t, perms.Has(admin.PermReveal), w.Code == 200, "%s: %d", field, w.Code)
			require.Equal(t, perms.Has(admin.PermReveal), w.Code != 403, field)
		}
		require.Equal(t, 200, s.view("/anywhere/rows?_field=meta&_key=amount&_value=x", "X-Fragment", "1").Code)
	}
	w := open(t, admin.Options{Authorize: may(admin.PermReveal)}).post("/logs/aa", "")
	require.Equal(t, 403, w.Code, "the page shows more than the event")
}
