package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// person is somebody with a browser.
type person struct {
	s    service
	http *http.Client
}

func (s service) person() person {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	c := *s.c.http
	c.Jar = jar
	return person{s, &c}
}

// seen is what they get to see, at the end of all redirects.
type seen struct {
	status  int
	at      *url.URL
	header  http.Header
	cookies []*http.Cookie // that were set on the way
	text    string
}

func (p person) ask(method, path string, form url.Values) seen {
	p.s.t.Helper()
	req, err := http.NewRequestWithContext(p.s.t.Context(), method, p.s.c.base+path, strings.NewReader(form.Encode()))
	require.NoError(p.s.t, err)
	req.Header.Set("Accept", "text/html,application/xhtml+xml")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := p.http.Do(req)
	require.NoError(p.s.t, err)
	defer func() { require.NoError(p.s.t, res.Body.Close()) }()
	text, err := io.ReadAll(res.Body)
	require.NoError(p.s.t, err)
	cookies := res.Cookies()
	if redirect := res.Request.Response; redirect != nil {
		cookies = append(cookies, redirect.Cookies()...)
	}
	return seen{res.StatusCode, res.Request.URL, res.Header, cookies, string(text)}
}

func form(email, password, next string) url.Values {
	return url.Values{"email": {email}, "password": {password}, "next": {next}}
}

// TestPeopleSignIn: a page leads to the login, that back to the page, and the way out
// ends the session.
func TestPeopleSignIn(t *testing.T) {
	t.Parallel()
	s := newService(t)
	p := s.person()
	const wanted = "/dashboard/admin/system-logs/logs/x?lang=fr"
	got := p.ask("GET", wanted, nil)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "/login", got.at.Path)
	require.Equal(t, wanted, got.at.Query().Get("next"))
	require.Contains(t, got.text, `value="/dashboard/admin/system-logs/logs/x?lang=fr"`)
	require.Contains(t, got.header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'")
	require.Equal(t, "no-store", got.header.Get("Cache-Control"))
	got = p.ask("GET", "/login/style.css", nil)
	require.Equal(t, "text/css; charset=utf-8", got.header.Get("Content-Type"))

	got = p.ask("POST", "/login", form("kim@example.com", `"><script>`, wanted))
	require.Equal(t, http.StatusUnauthorized, got.status)
	require.Contains(t, got.text, `role="alert"`)
	require.Contains(t, got.text, "kim@example.com")
	require.NotContains(t, got.text, "<script>")
	require.Empty(t, got.cookies)

	got = p.ask("POST", "/login", form("kim@example.com", "kim signs payouts", "/dashboard/admin/system-logs"))
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, "/dashboard/admin/system-logs", got.at.Path)
	c := got.cookies[0]
	require.True(t, c.HttpOnly)
	require.Equal(t, http.SameSiteLaxMode, c.SameSite)
	got = p.ask("GET", "/login", nil)
	require.Contains(t, got.text, "Signed in as kim@example.com")
	got = p.ask("GET", "/", nil)
	require.Equal(t, pagePath, got.at.Path)

	got = p.ask("POST", "/logout", url.Values{})
	require.Equal(t, "/login", got.at.Path)
	p.http.Jar.SetCookies(got.at, []*http.Cookie{{Name: cookieName, Value: c.Value, Path: "/"}})
	got = p.ask("GET", pagePath, nil)
	require.Equal(t, "/login", got.at.Path, "the session has not ended")
	l, _ := s.one("AUTH_LOGOUT")
	requireLog(t, l, syslog.LevelInfo, syslog.User("adm_kim"))
}

// TestOthersAreNotLedAway: programs get their 401, and who may not see the log its 403.
func TestOthersAreNotLedAway(t *testing.T) {
	t.Parallel()
	s := newService(t)
	p := s.person()
	got := p.ask("GET", logsPath, nil)
	require.Equal(t, http.StatusUnauthorized, got.status)
	res, err := s.c.http.Get(s.c.base + pagePath)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
	got = p.ask("POST", "/login", form("ada@example.com", "correct horse", ""))
	require.Equal(t, pagePath, got.at.Path)
	require.Equal(t, http.StatusForbidden, got.status)
	_, metadata := s.one("ACCESS_DENIED")
	require.Equal(t, pagePath, metadata["path"])

	require.NoError(t, s.gorm.Migrator().DropTable(&User{}))
	got = p.ask("POST", "/login", form("ada@example.com", "correct horse", ""))
	require.Equal(t, http.StatusInternalServerError, got.status)
	require.NotContains(t, got.text, "table")
	got = p.ask("POST", "/login", url.Values{"email": {strings.Repeat("x", maxBody)}})
	require.Equal(t, http.StatusBadRequest, got.status)
}

// TestOtherSitesMayNotSend: a form elsewhere cannot use the cookie.
func TestOtherSitesMayNotSend(t *testing.T) {
	t.Parallel()
	s := newService(t)
	req, err := http.NewRequestWithContext(t.Context(), "POST", s.c.base+"/logout", nil)
	require.NoError(t, err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := s.c.http.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusForbidden, res.StatusCode)
}

func TestTheWayBackStaysHere(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"/", "/x?y=https://z", "/dashboard/admin/system-logs/?search=a%0Ab"} {
		require.Equal(t, next, local(next))
	}
	for _, next := range []string{
		"", "x", "https://evil.example", "//evil.example", `/\evil.example`, "/\t/evil.example", "\n//evil.example", "///evil.example", "http:/x", `\\evil`, "/x\x7f", "/%zz", "?x",
	} {
		require.Equal(t, pagePath, local(next), "%q", next)
	}
}
