package admin_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

const page = "/dashboard/admin/system-logs"

// view is a page as a browser asks for it.
func (s *site) view(path string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.do("GET", path, "", headers...)
	require.Equal(s.t, "text/html; charset=utf-8", w.Header().Get("Content-Type"), path)
	require.NotContains(s.t, w.Body.String(), "%!", path)
	require.NotContains(s.t, w.Body.String(), "ZgotmplZ", path)
	return w
}

// links are the addresses that a page leads to, as they are written.
func links(w *httptest.ResponseRecorder) (out []string) {
	for _, m := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(w.Body.String(), -1) {
		if !strings.HasPrefix(m[1], "#") {
			out = append(out, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	return out
}

// TestPageHeaders: a policy that allows nothing within a page, and no copies anywhere.
func TestPageHeaders(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(3)...)
	for _, path := range []string{"/", "/rows", "/facets", "/histogram", "/logs/aa", "/logs/none", "/nothing", "/?level=X"} {
		w := s.view("/anywhere" + path)
		h := w.Header()
		require.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; "+
			"base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types syslog#html", h.Get("Content-Security-Policy"), path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Permissions-Policy": "camera=(), microphone=(), geolocation=()", "Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Content-Language": "en",
		} {
			require.Equal(t, want, h.Get(name), path)
		}
		body := w.Body.String()
		require.NotRegexp(t, `(?i)\sstyle=|\son[a-z]+=|<style|<script>|javascript:`, body, path)
		require.Equal(t, 1, strings.Count(body, "<h1"), path)
		require.Contains(t, body, `<html lang="en"`)
		require.Equal(t, 1, strings.Count(body, "<main "), path)
	}
}

// TestMounts: every link of a page leads below its own mount, whatever that is called.
func TestMounts(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(30)...)
	for path, prefix := range map[string]string{
		page: "system-logs/", page + "/": "./", "/anywhere/": "./", "/anywhere/logs/aa": "../", "/anywhere/facets": "./", page + "/histogram": "./", page + "/logs/aa": "../", "/anywhere/a/b/c": "../../",
	} {
		w := s.view(path + "?limit=25")
		for _, to := range links(w) {
			require.True(t, strings.HasPrefix(to, prefix), "%s leads to %s", path, to)
		}
		require.Contains(t, w.Body.String(), `data-base="`+prefix+`"`)
		require.Contains(t, w.Body.String(), `data-api="`+prefix+`api/admin/system-logs"`)
		at := s.do("GET", join(path, prefix)+"api/admin/system-logs", "")
		require.Equal(t, 200, at.Code, "the API, seen from %s", path)
		for _, to := range links(w) {
			if strings.Contains(to, "assets/") {
				require.Equal(t, 200, s.do("GET", join(path, to), "").Code, to)
			}
		}
	}
	part := s.view("/anywhere/rows", "X-Fragment", "1", "X-Base", "system-logs/")
	require.Equal(t, "1", part.Header().Get("X-Fragment"))
	for _, to := range links(part) {
		require.True(t, strings.HasPrefix(to, "system-logs/"), to)
	}
	for _, evil := range []string{"//evil.example/", "https://evil.example/", "/", "javascript:", "system-logs/../", strings.Repeat("../", 9)} {
		for _, to := range links(s.view("/anywhere/rows", "X-Fragment", "1", "X-Base", evil)) {
			require.True(t, strings.HasPrefix(to, "./"), to)
		}
		require.NotContains(t, s.view("/anywhere/", "X-Base", "../").Body.String(), `href="../`)
	}
}

// join resolves a relative address of plain segments.
func join(path, to string) string {
	dir := path[:strings.LastIndexByte(path, '/')+1]
	to = strings.TrimPrefix(to, "./")
	for strings.HasPrefix(to, "../") {
		to, dir = to[3:], dir[:strings.LastIndexByte(strings.TrimSuffix(dir, "/"), '/')+1]
	}
	return dir + to
}

// TestMissingSlash leads to the mount, without knowing where it is.
func TestMissingSlash(t *testing.T) {
	h, err := admin.New(open(t, admin.Options{}).logger, &admin.Options{Authorize: boss})
	require.NoError(t, err)
	bare := http.StripPrefix("/a/b:c", h)
	for path, to := range map[string]string{"/a/b:c": "./b:c/", "/a/b:c?level=ERROR&lang=fr": "./b:c/?level=ERROR&lang=fr"} {
		w := httptest.NewRecorder()
		bare.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		require.Equal(t, 308, w.Code)
		require.Equal(t, to, w.Header().Get("Location"))
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.URL.Path = ""
	h.ServeHTTP(w, r)
	require.Equal(t, 404, w.Code)
}

// TestAssets are for whoever gets in, for ever, below the hash of all of them.
func TestAssets(t *testing.T) {
	s := open(t, admin.Options{})
	found := regexp.MustCompile(`\./(assets/([0-9a-f]{16})/)page\.css`).FindStringSubmatch(s.view("/anywhere/").Body.String())
	require.NotNil(t, found)
	for file, kind := range map[string]string{"page.css": "text/css; charset=utf-8", "main.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		w := s.do("GET", "/anywhere/"+found[1]+file, "")
		require.Equal(t, 200, w.Code)
		require.Equal(t, kind, w.Header().Get("Content-Type"))
		require.Equal(t, "private, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
		require.Empty(t, w.Header().Get("Vary"))
	}
	for _, path := range []string{found[1] + "none.js", found[1] + "..%2Fpage.css", found[1], "assets/0000000000000000/page.css", "assets/page.css"} {
		require.Equal(t, 404, s.do("GET", "/anywhere/"+path, "").Code, path)
	}
	out := open(t, admin.Options{Authorize: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, admin.ErrUnauthenticated }})
	require.Equal(t, 401, out.do("GET", "/anywhere/"+found[1]+"page.css", "").Code)
	blind := open(t, admin.Options{Authorize: func(*http.Request) (admin.Principal, error) { return admin.Principal{}, nil }})
	require.Equal(t, 200, blind.do("GET", "/anywhere/"+found[1]+"page.css", "").Code)
	require.Contains(t, blind.view("/anywhere/").Body.String(), "page.css", "who may see nothing reads so on a page like the others")
}

// TestProblemPages: people get a page with the status, programs an object.
func TestProblemPages(t *testing.T) {
	refuse := func(err error, perms admin.Perm) func(*http.Request) (admin.Principal, error) {
		return func(*http.Request) (admin.Principal, error) { return admin.Principal{Perms: perms}, err }
	}
	for _, c := range []struct {
		authorize func(*http.Request) (admin.Principal, error)
		path      string
		status    int
		say       string
		bare      bool
	}{
		{refuse(admin.ErrUnauthenticated, 0), "/", 401, "Non authentifié", true},
		{refuse(fmt.Errorf("secret of the host"), 0), "/logs/x", 403, "Accès réservé aux administrateurs", true},
		{refuse(nil, 0), "/", 403, "Vous n’avez pas la permission nécessaire", false},
		{boss, "/nothing", 404, "Introuvable", false},
		{boss, "/logs/nothing", 404, "Ce log n’existe pas", false},
		{boss, "/facets?level=X", 400, "Niveau\u00a0: valeurs possibles", false},
		{boss, "/logs/nothing?view=x", 400, "view\u00a0: valeurs possibles", false},
	} {
		s := open(t, admin.Options{Authorize: c.authorize})
		w := s.view("/anywhere"+c.path, "Accept-Language", "fr")
		require.Equal(t, c.status, w.Code, c.path)
		require.Contains(t, w.Body.String(), c.say)
		require.NotContains(t, w.Body.String(), "secret")
		require.Equal(t, c.bare, !strings.Contains(w.Body.String(), "page.css"), "who is not let in gets no assets")
		require.Equal(t, "application/json; charset=utf-8", s.do("GET", "/anywhere/api/admin/nothing", "").Header().Get("Content-Type"))
	}
	s := open(t, admin.Options{})
	w := s.view("/anywhere/logs/x", "X-Fragment", "1")
	require.NotContains(t, w.Body.String(), "<html")
	post := s.do("POST", "/anywhere/", "")
	require.Equal(t, 405, post.Code)
	require.Equal(t, "GET, HEAD", post.Header().Get("Allow"))
	require.Empty(t, s.do("GET", "/anywhere/api/admin/system-logs/nothing", "").Header().Get("Permissions-Policy"))
}

// TestLanguagesOfThePage: what is asked for is kept by the links.
func TestLanguagesOfThePage(t *testing.T) {
	s := open(t, admin.Options{DefaultLang: "fr"})
	s.write(some(1500)...)
	w := s.view("/anywhere/")
	require.Contains(t, w.Body.String(), `<html lang="fr"`)
	require.Contains(t, w.Body.String(), "1\u202f500 résultats")
	w = s.view("/anywhere/?lang=en&tz=Asia/Tokyo")
	require.Contains(t, w.Body.String(), "1,500 results")
	require.Contains(t, w.Body.String(), "Asia/Tokyo (UTC&#43;9)")
	require.Contains(t, w.Body.String(), `datetime="2024-01-16T11:29:00.000Z" title="2024-01-16T11:29:00.000Z">20:29:00.000`)
	for _, to := range links(w) {
		if strings.HasPrefix(to, "./?") || strings.HasPrefix(to, "./logs/") {
			require.Regexp(t, `lang=(en|fr)`, to)
			require.Contains(t, to, "tz=")
		}
	}
}

// TestBudgets: what the page weighs.
func TestBudgets(t *testing.T) {
	zipped := func(texts ...[]byte) int {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
		require.NoError(t, err)
		for _, text := range texts {
			_, err = z.Write(text)
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		return b.Len()
	}
	s := open(t, admin.Options{})
	var events []syslog.Log
	for i, l := range some(600) {
		l.Type = []string{"PAYMENT_FAILED", "AUTH_LOGIN", "WEBHOOK_STRIPE", "BOOKING_CREATED"}[i%4]
		l.Message = fmt.Sprintf("Payment pi_%x of user usr_%05d over %d.%02d EUR: the card was declined by its bank", i*7919*7919, i*31%997, i*13%400, i%100)
		l.ActorID = fmt.Sprintf("usr_%05d", i*31%997)
		events = append(events, l)
	}
	s.write(events...)
	for limit, most := range map[int]int{100: 20 << 10, 500: 60 << 10} {
		body := s.view(fmt.Sprintf("/anywhere/?limit=%d&level=INFO,ERROR,WARNING&search=card&tz=Europe/Paris&lang=fr", limit)).Body.Bytes()
		require.Less(t, zipped(body), most, "a page of %d rows", limit)
	}
	body := s.view("/anywhere/?limit=500").Body.String()
	elements := len(regexp.MustCompile(`<[a-z]`).FindAllString(body, -1))
	require.Equal(t, 500, strings.Count(body, `<tr role="row" class="r-`))
	require.Less(t, elements, 9000-4*120, "with bars of four levels to come")
}

// TestFragmentsLeadNowhere: what is led elsewhere is a login, so that a list in better order is
// answered at once, and says its query.
func TestFragmentsLeadNowhere(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(3)...)
	for query, want := range map[string]string{"?level=INFO&level=ERROR&search=": "level=INFO,ERROR", "?search=": "", "?_range=7d&startDate=2024-01-01": "range=7d"} {
		w := s.view("/anywhere/rows"+query, "X-Fragment", "1", "X-Base", "./")
		require.Equal(t, 200, w.Code, query)
		require.Equal(t, []string{want}, w.Header().Values("X-Query"), query)
		require.Equal(t, 303, s.do("GET", "/anywhere/"+query, "").Code)
	}
	require.Empty(t, s.view("/anywhere/rows?level=INFO", "X-Fragment", "1").Header().Values("X-Query"))
}
