package admin_test

import (
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// listed are the ids of the rows of a page.
func listed(body string) (out []string) {
	for _, m := range regexp.MustCompile(`<tr role="row" class="r-[a-z]+" data-id="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

// TestPageShowsWhatTheAPILists for the same query, whatever it is.
func TestPageShowsWhatTheAPILists(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(120)...)
	odd := event("odd/id?", "ODD_TYPE", 200)
	odd.Level, odd.Actor, odd.ActorID = syslog.LevelCritical, "AUDITOR", "a&b"
	s.write(odd)
	for _, q := range []string{
		"", "?level=ERROR", "?level=ERROR,CRITICAL&limit=25", "?minLevel=WARNING", "?actor=AUDITOR", "?type=odd", "?actorId=a%26b", "?search=BOOKING&limit=25&page=3",
		"?notLevel=INFO&notLevel=ERROR", "?notType=odd&notSearch=x", "?meta.price=50&orderBy=asc", "?startDate=2024-01-15T10:40&endDate=2024-01-15T11:00&tz=UTC", "?range=24h", "?offset=30&limit=25", "?notMeta.price=50",
	} {
		want := ids(object(t, s.do("GET", logs+q, ""))["logs"])
		w := s.view("/anywhere/" + q)
		require.Equal(t, 200, w.Code, q)
		require.Equal(t, want, listed(w.Body.String()), q)
		require.Equal(t, want, listed(s.view("/anywhere/rows"+q, "X-Fragment", "1").Body.String()), q)
	}
	body := s.view("/anywhere/?actor=AUDITOR&search=odd").Body.String()
	require.Contains(t, body, `href="./logs/odd%2Fid%3F?actor=AUDITOR&amp;search=odd"`)
	require.Contains(t, body, `href="./?actor=AUDITOR&amp;search=odd&amp;type=ODD_TYPE"`)
	require.Contains(t, body, `href="./?actor=AUDITOR&amp;actorId=a%26b&amp;search=odd"`)
	require.Contains(t, body, "<mark>ODD</mark>_TYPE")
	require.Contains(t, body, `<input type="checkbox" name="actor" value="AUDITOR" checked>`)
}

// TestFormsWithoutAScript lead to the query that they mean.
func TestFormsWithoutAScript(t *testing.T) {
	s := open(t, admin.Options{})
	for sent, want := range map[string]string{
		"level=INFO&level=ERROR&search=&type=&actor=":                                      "level=INFO,ERROR",
		"level=INFO&level=WARNING&level=ERROR&level=CRITICAL&search=x":                     "search=x",
		"range=7d&_range=24h&startDate=2024-01-01&endDate=":                                "range=24h",
		"range=7d&_range=all":                                                              "",
		"range=7d&startDate=2024-01-01T10:00":                                              "startDate=2024-01-01T10:00",
		"startDate=2024-01-01T00:00&_start=2024-01-01T00:00&_startWas=2024-01-01&endDate=": "startDate=2024-01-01",
		"startDate=2024-01-02T00:00&_start=2024-01-01T00:00&_startWas=2024-01-01":          "startDate=2024-01-02T00:00",
		"endDate=&_end=2024-01-01T00:00&_endWas=2024-01-01":                                "",
		"notType=a&_field=notType&_value=b":                                                "notType=a&notType=b",
		"notType=a&_field=notType&_value=a":                                                "notType=a",
		"_field=meta&_key=a.b&_value=c+d":                                                  "meta.a.b=c+d",
		"_field=notMeta&_key=a&_value=c":                                                   "notMeta.a=c",
		"_field=minLevel&_value=ERROR":                                                     "minLevel=ERROR",
		"_field=&_key=a&_value=":                                                           "",
		"actor=user,+Admin,USER&level=error":                                               "actor=USER,ADMIN&level=ERROR",
		"_col=requestId":                                                                   "cols=time,level,actor,type,message,meta.requestId",
		"_col=meta.a&cols=time,message":                                                    "cols=time,message,meta.a",
		"_col=a&cols=time,meta.a":                                                          "cols=time,meta.a",
		"search=a%26b&level=":                                                              "search=a%26b",
		"meta.x=&lang=fr":                                                                  "lang=fr",
	} {
		for path, base := range map[string]string{page: "system-logs/", "/anywhere/": "./"} {
			w := s.do("GET", path+"?"+sent, "")
			require.Equal(t, 303, w.Code, sent)
			if want != "" {
				want = strings.TrimPrefix(want, "?")
				require.Equal(t, base+"?"+want, w.Header().Get("Location"), sent)
				require.Equal(t, 200, s.view("/anywhere/?"+want).Code, "and there it ends")
			} else {
				require.Equal(t, base, w.Header().Get("Location"), sent)
			}
		}
	}
	require.Equal(t, 400, s.view("/anywhere/?type=a&type=b").Code, "twice is no form")
	require.Equal(t, 400, s.view("/anywhere/?search=%zz&level=").Code)
}

// TestWhatIsWrongStandsInTheForm, with what was typed.
func TestWhatIsWrongStandsInTheForm(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(3)...)
	long := strings.Repeat("x", 2<<10)
	for query, want := range map[string][]string{
		"level=FATAL&search=kept":           {"<li data-field=\"level\" data-why=\"want INFO, WARNING, ERROR or CRITICAL, several with a comma between\">Level: want INFO", `value="kept"`, `<fieldset class="levels" aria-invalid="true" aria-describedby="why-level"`, `<em class="err" id="why-level">want INFO`},
		"startDate=yesterday&type=AB":       {"From: want a date", `type="text" step="any" name="startDate" value="yesterday" aria-invalid="true" aria-describedby="why-startDate"`, `value="AB"`},
		"levl=ERROR":                        {"levl: is not a parameter here"},
		"cols=time,size":                    {"Columns: want time"},
		"cols=":                             nil,
		"wrap=yes":                          {"Wrap long lines: want 1"},
		"page=502":                          {"Page: want at most 501; further back, choose a date"},
		"offset=50001":                      {"offset: want at most 50,000"},
		"tz=Mars/Base":                      {"Time zone: want a time zone", "UTC"},
		"actor=!&actorId=x":                 {"Actor: want USER", `<input type="checkbox" name="actor" value="!" checked>`, `value="x"`},
		"cursor=rubbish":                    {"cursor: want a nextCursor"},
		"search=%22%3E%3Cscript%3E&limit=0": {`value="&#34;&gt;&lt;script&gt;"`, "Rows: want a whole number"},
		"search=" + long:                    {"Search: is longer than 1024 bytes", `aria-invalid="true" aria-describedby="why-search"`, `<em class="err" id="why-search">is longer`},
		"meta.a.b.c.d.e.f.g.h.i=1":          {"Metadata field is a.b.c.d.e.f.g.h.i: want"},
		"lang=fr&startDate=hier":            {"Du\u00a0: ", `id="why-startDate"`},
		`%3Cb%3E=1`:                         {"&lt;b&gt;: is not a parameter here"},
	} {
		w := s.do("GET", "/anywhere/?"+query, "")
		if want == nil {
			require.Equal(t, 303, w.Code)
			continue
		}
		require.Equal(t, 400, w.Code, query)
		for _, text := range want {
			require.Contains(t, w.Body.String(), text, query)
		}
		require.Empty(t, listed(w.Body.String()))
		require.NotContains(t, w.Body.String(), "<script>")
	}
}

// TestChips take one filter away, or turn it around, and leave the others.
func TestChips(t *testing.T) {
	s := open(t, admin.Options{})
	w := s.view("/anywhere/?level=ERROR,CRITICAL&notType=a&notType=b&meta.x=1&range=24h&search=q&lang=en&page=2&limit=25")
	to := links(w)
	for _, want := range []string{
		"./?lang=en&limit=25&meta.x=1&notType=a&notType=b&range=24h&search=q",                         // without levels
		"./?lang=en&limit=25&meta.x=1&notLevel=ERROR,CRITICAL&notType=a&notType=b&range=24h&search=q", // all but these
		"./?lang=en&level=ERROR,CRITICAL&limit=25&meta.x=1&notType=b&range=24h&search=q",              // one of two
		"./?lang=en&level=ERROR,CRITICAL&limit=25&meta.x=1&notType=b&range=24h&search=q&type=a",       //
		"./?lang=en&level=ERROR,CRITICAL&limit=25&notMeta.x=1&notType=a&notType=b&range=24h&search=q", //
		"./?lang=en&level=ERROR,CRITICAL&limit=25&meta.x=1&notSearch=q&notType=a&notType=b&range=24h", //
		"./?lang=en&level=ERROR,CRITICAL&limit=25&meta.x=1&notType=a&notType=b&search=q",              // of any time
		"./?lang=en&limit=25", // clear all
	} {
		require.Contains(t, to, want)
	}
	require.Contains(t, w.Body.String(), "6 active")
	require.Contains(t, s.view("/anywhere/?notSearch=q&lang=fr").Body.String(), "1 actif")
}

// TestPager: to the next page by a cursor, to others by number, at the moment of the first.
func TestPager(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(300)...)
	body := s.view("/anywhere/?limit=25").Body.String()
	require.Contains(t, body, "page 1 of 12")
	require.Contains(t, body, "300 results")
	follow := func(body, rel string) string {
		m := regexp.MustCompile(`rel="` + rel + `" href="\./([^"]*)"`).FindStringSubmatch(body)
		require.NotNil(t, m, rel)
		w := s.view("/anywhere/" + html.UnescapeString(m[1]))
		require.Equal(t, 200, w.Code)
		return w.Body.String()
	}
	second := follow(body, "next")
	require.Contains(t, second, "page 2 of 12")
	s.write(event("later", "T", 24*60*365*20)) // in the future
	third := follow(second, "next")
	require.Contains(t, third, "page 3 of 12")
	require.Contains(t, third, "Show the newest")
	require.Equal(t, listed(second), listed(follow(third, "prev")))
	require.Contains(t, third, `<input type="hidden" name="asOf" value="20`)
	require.Contains(t, third, `name="page" min="1" max="12"`)
	to := regexp.MustCompile(`href="\./(\?asOf=[^"]*page=12)"`).FindStringSubmatch(third)
	require.NotNil(t, to, "the last one, by its number")
	require.Len(t, listed(s.view("/anywhere/"+html.UnescapeString(to[1])).Body.String()), 25)

	many := open(t, admin.Options{})
	var events []syslog.Log
	for i := range 10_100 {
		events = append(events, event(fmt.Sprintf("e%05d", i), "T", i))
	}
	many.write(events...)
	body = many.view("/anywhere/?lang=fr").Body.String()
	require.Contains(t, body, "Plus de 10\u202f000 résultats")
	require.Contains(t, body, "Pour remonter plus loin, choisissez une date")
	require.Contains(t, body, `max="501"`)
	require.Contains(t, many.view("/anywhere/?count=exact").Body.String(), "10,100 results")
	require.Contains(t, many.view("/anywhere/?count=none").Body.String(), "100 logs")
	require.Contains(t, many.view("/anywhere/?page=101").Body.String(), "page 101")
}

// TestStates: nothing logged yet, nothing that matches, something older, a failure.
func TestStates(t *testing.T) {
	s := open(t, admin.Options{})
	body := s.view("/anywhere/").Body.String()
	require.Contains(t, body, "No logs yet")
	require.Contains(t, body, "logger.Info(ctx,")
	require.NotContains(t, body, "data-load", "there is nothing to count")
	require.Contains(t, s.view("/anywhere/?search=x").Body.String(), "No log matches")
	s.write(some(3)...)
	body = s.view("/anywhere/?range=24h&level=INFO").Body.String()
	require.Contains(t, body, "No log matches")
	require.Contains(t, body, "The nearest one is older: ")
	to := regexp.MustCompile(`<a href="\./([^"]*)">Show it</a>`).FindStringSubmatch(body)
	require.NotNil(t, to)
	require.Equal(t, []string{"aa"}, listed(s.view("/anywhere/"+html.UnescapeString(to[1])).Body.String()))
	require.Contains(t, links(s.view("/anywhere/?range=24h&level=INFO")), "./?level=INFO&range=7d")
	require.Contains(t, s.view("/anywhere/?asOf=2020-01-01").Body.String(), "No log matches", "there were none then")
	require.Contains(t, s.view("/anywhere/?page=3").Body.String(), "No log matches")

	for _, c := range []struct {
		err    error
		status int
		say    string
	}{{syslog.ErrClosed, 503, "The log cannot be read at the moment"}, {errors.New("dial tcp: password=x"), 500, "Internal error"}} {
		l, err := syslog.New(failing{syslogtest.NewStore(), c.err}, &syslog.Config{Logger: quiet})
		require.NoError(t, err)
		h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
		require.NoError(t, err)
		broken := &site{t: t, logger: l, mux: http.NewServeMux()}
		broken.mux.Handle("/", h)
		w := broken.view("/?search=kept&level=ERROR")
		require.Equal(t, c.status, w.Code)
		require.Contains(t, w.Body.String(), c.say)
		require.Contains(t, w.Body.String(), `value="kept"`, "the form is there to try again")
		require.Contains(t, links(w), "./?level=ERROR&search=kept")
		require.NotContains(t, w.Body.String(), "password")
		require.Equal(t, c.status, broken.view("/facets").Code)
		require.NoError(t, l.Close())
	}
}

// failing is a store that cannot be read.
type failing struct {
	syslog.Store
	err error
}

func (f failing) Query(context.Context, syslog.Query) (syslog.Page, error) {
	return syslog.Page{}, f.err
}
func (f failing) Facets(context.Context, syslog.Filter, syslog.FacetQuery) (syslog.Facet, error) {
	return syslog.Facet{}, f.err
}
func (f failing) Histogram(context.Context, syslog.Filter, []time.Time) ([]syslog.LevelCounts, error) {
	return nil, f.err
}

// TestStoreThatCannotCount has a page without a breakdown.
func TestStoreThatCannotCount(t *testing.T) {
	l, err := syslog.New(plain{syslogtest.NewStore()}, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	defer l.Close()
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s := &site{t: t, logger: l, mux: http.NewServeMux()}
	s.mux.Handle("/", h)
	require.NotContains(t, s.view("/").Body.String(), "data-load")
	require.Equal(t, 501, s.view("/facets").Code)
	require.Equal(t, 501, s.view("/logs/x").Code)
}

// TestLostEventsAreSaid on top of the list.
func TestLostEventsAreSaid(t *testing.T) {
	l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	s := &site{t: t, logger: l, mux: http.NewServeMux()}
	s.mux.Handle("/", h)
	require.NotContains(t, s.view("/").Body.String(), "banner warn\" role=\"alert\">1")
	require.NoError(t, l.Close())
	l.Info(context.Background(), "LATE", syslog.System(), "after the end")
	require.Regexp(t, `1 log lost since (\d+ \w+ \d{4} )?\d\d:\d\d:\d\d: the queue`, s.view("/").Body.String())
	require.Regexp(t, `1 log perdu depuis (le \d+ \pL+\.? \d{4} )?\d\d:\d\d:\d\d\x{a0}: la file`, s.view("/?lang=fr").Body.String())
	maintenance := s.view("/maintenance?tz=Asia/Tokyo").Body.String()
	require.Regexp(t, `<td class="r">1 <span class="muted">since (\d+ \w+ \d{4} )?\d\d:\d\d:\d\d</span>`, maintenance)
	require.Regexp(t, `<th scope="col" class="r">Written/s over \d+ s</th>`, maintenance)
}

// TestFacetsAndHistogramOfThePage lead to what they count.
func TestFacetsAndHistogramOfThePage(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	w := s.view("/anywhere/facets?level=ERROR&limit=25", "X-Fragment", "1")
	require.NotContains(t, w.Body.String(), "<html")
	require.Contains(t, w.Body.String(), `data-region="facets"`)
	require.Contains(t, links(w), "./?level=ERROR,INFO&limit=25", "a level more")
	require.Contains(t, links(w), "./?limit=25", "and this one off")
	require.Contains(t, links(w), "./?level=ERROR&limit=25&type=API_ERROR")
	require.Contains(t, s.view("/anywhere/facets?level=ERROR").Body.String(), "<html")
	require.NotContains(t, links(w), "./?actorId=user_1&level=ERROR&limit=25", "takes long: it has a fragment of its own")
	require.Contains(t, links(s.view("/anywhere/facets?level=ERROR&limit=25")), "./?actorId=user_1&level=ERROR&limit=25")
	require.Contains(t, links(s.view("/anywhere/facets/actors?level=ERROR&limit=25", "X-Fragment", "1")), "../?actorId=user_1&level=ERROR&limit=25")

	w = s.view("/anywhere/histogram?tz=Europe/Paris")
	bars := 0
	for _, to := range links(w) {
		if u, err := url.Parse(to); err == nil && u.Query().Has("startDate") {
			bars++
			require.NotEmpty(t, listed(s.view("/anywhere/?"+u.RawQuery).Body.String()), "a bar leads to its events: %s", to)
		}
	}
	require.Positive(t, bars)
	require.Contains(t, w.Body.String(), `<details class="astable" open>`)
	require.NotContains(t, w.Body.String(), `="NaN`)
}

// TestLongMessages: a row has as much of one as it can show, and where it was found.
func TestLongMessages(t *testing.T) {
	s := open(t, admin.Options{})
	l := event("long", "T", 0)
	l.Message = strings.Repeat("word ", 300) + "needle" + strings.Repeat(" word", 2000)
	s.write(l)
	for query, most := range map[string]int{"": 300, "?search=needle": 400, "?wrap=1": 2100} {
		text := regexp.MustCompile(`<a class="msg"[^>]*>(.*?)</a>`).FindStringSubmatch(s.view("/anywhere/" + query).Body.String())
		require.NotNil(t, text)
		require.Less(t, len(text[1]), most)
		require.Equal(t, query != "", strings.Contains(text[1], "needle"), query)
	}
}

// TestActorsOfOtherPrograms are text as all else is, in rows and on the page of the event. A
// filter that nobody can have is no link.
func TestActorsOfOtherPrograms(t *testing.T) {
	s := open(t, admin.Options{})
	for i, evil := range []string{"<b onclick=x>\u202eX", "A,B\x1b", "admin\u2066", "' onmouseover='alert(1)"} {
		l := event(fmt.Sprintf("evil%d", i), "T", i)
		l.Actor = syslog.LogActor(evil)
		s.write(l)
	}
	for _, path := range []string{"/", "/rows", "/facets", "/logs/evil0", "/logs/evil1", "/logs/evil2", "/logs/evil3?view=type"} {
		w := s.view("/anywhere" + path)
		require.Equal(t, 200, w.Code, path)
		for _, bad := range []string{"<b onclick", "\u202e", "\u2066", "\x1b", "' onmouseover"} {
			require.NotContains(t, w.Body.String(), bad, path)
		}
		for _, to := range links(w) {
			require.NotRegexp(t, `[?&](actor|notActor)=|view=actor`, to, path)
		}
	}
	require.Contains(t, s.view("/anywhere/rows").Body.String(), `<td role="cell" class="c-actor">&lt;b onclick=x&gt;<span class="ctl">\u202e</span>X <a class="id"`)
}

// TestHostileRows: what is in a log is text, whatever it looks like.
func TestHostileRows(t *testing.T) {
	s := open(t, admin.Options{})
	for i, evil := range []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, "' onmouseover='alert(1)", "javascript:alert(1)", "\u202egnp.exe", "{{.}}", "</td></tr></table>", "a\nb\r\x1b[31m", "%3Cscript%3E&amp;",
	} {
		l := event(fmt.Sprintf("evil%d", i), evil, i)
		l.Message, l.ActorID = evil, evil
		l.Metadata = []byte(fmt.Sprintf(`{%q:%q,"list":[%q]}`, "k<b>"+strings.ToValidUTF8(strings.Trim(fmt.Sprintf("%+q", evil), `"`), ""), "v<i>", "x"))
		s.write(l)
	}
	for _, path := range []string{"/?cols=time,message,type,actor,meta.list", "/rows", "/facets", "/logs/evil0", "/logs/evil1", "/logs/evil4", "/logs/evil7", "/?search=%3Cscript%3E"} {
		body := s.view("/anywhere" + path).Body.String()
		for _, bad := range []string{"<script>alert", "<img src=x", "onmouseover='alert", `href="javascript:`, "\u202e", "</table>\n</td>", "<b>k", "\x1b"} {
			require.NotContains(t, body, bad, path)
		}
	}
	require.Contains(t, s.view("/anywhere/rows?search=gnp").Body.String(), `<span class="ctl">\u202e</span>`)
}

// TestSeveralActors are boxes of a form, a list of the query, and a chip each.
func TestSeveralActors(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...)
	w := s.do("GET", "/anywhere/?actor=USER&actor=ADMIN&level=INFO", "")
	require.Equal(t, 303, w.Code)
	require.Equal(t, "./?actor=USER,ADMIN&level=INFO", w.Header().Get("Location"))
	w = s.view("/anywhere/?actor=USER,ADMIN&level=INFO")
	for _, name := range []string{"USER", "ADMIN"} {
		require.Contains(t, w.Body.String(), `name="actor" value="`+name+`" checked>`)
	}
	require.NotContains(t, w.Body.String(), `name="actor" value="GUEST" checked>`)
	require.Equal(t, 2, strings.Count(w.Body.String(), `data-name="actor"`))
	for _, to := range []string{"./?actor=USER&level=INFO", "./?actor=ADMIN&level=INFO", "./?actor=USER&level=INFO&notActor=ADMIN", "./?actor=ADMIN&level=INFO&notActor=USER"} {
		require.Contains(t, links(w), to)
	}
	require.Contains(t, links(s.view("/anywhere/?actor=USER&level=INFO")), "./?level=INFO&notActor=USER")
}
