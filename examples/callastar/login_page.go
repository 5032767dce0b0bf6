package main

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// pagePath is the activity log for people.
const pagePath = "/dashboard/admin/system-logs/"

//go:embed web/login.html
var loginHTML string

//go:embed web/style.css
var loginCSS []byte

var loginTemplate = template.Must(template.New("login").Parse(loginHTML))

type loginView struct{ Who, Email, Error, Next string }

// loginPage is for people: GET /login?next=….
func (a *app) loginPage(w http.ResponseWriter, r *http.Request) {
	v := loginView{Next: local(r.URL.Query().Get("next"))}
	if who, ok := a.sessions.of(r); ok {
		v.Who = who.email
	}
	show(w, http.StatusOK, v)
}

// loginForm is what they send: POST /login.
func (a *app) loginForm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		show(w, http.StatusBadRequest, loginView{Error: "The form could not be read.", Next: pagePath})
		return
	}
	v := loginView{Email: r.PostForm.Get("email"), Next: local(r.PostForm.Get("next"))}
	_, token, no := a.signIn(r, v.Email, r.PostForm.Get("password"))
	switch no.status {
	case 0:
		http.SetCookie(w, cookie(r, token))
		http.Redirect(w, r, v.Next, http.StatusSeeOther)
		return
	case http.StatusUnauthorized:
		v.Error = "This address and password do not belong together."
	default:
		v.Error = "Signing in does not work at the moment. Try again later."
	}
	show(w, no.status, v)
}

// logout ends a session: POST /logout.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	if who, ok := a.sessions.of(r); ok {
		a.logger.Auth(r.Context(), "LOGOUT", who.userID, true)
	}
	a.sessions.end(r)
	http.SetCookie(w, cookie(r, ""))
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func show(w http.ResponseWriter, status int, v loginView) {
	set := w.Header().Set
	set("Content-Type", "text/html; charset=utf-8")
	set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	set("Cache-Control", "no-store")
	set("Referrer-Policy", "same-origin")
	set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = loginTemplate.Execute(w, v) // who has gone away does not see it
}

func loginStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(loginCSS)
}

// local is an address of this service, or the page: a link to the login must not lead
// to somebody else's site behind it. Browsers read \ as /, and skip line breaks.
func local(next string) string {
	u, err := url.Parse(next)
	elsewhere := err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//")
	if elsewhere || strings.ContainsFunc(next, func(c rune) bool { return c == '\\' || c < ' ' || c == 0x7f }) {
		return pagePath
	}
	return next
}

// toLogin leads people who are not signed in to the login, and then back to the page that
// they asked for. Programs, and the scripts of the page, get the 401 of the handler.
func (a *app) toLogin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, in := a.sessions.of(r)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if in || !reads || !strings.HasPrefix(r.URL.Path, "/dashboard/") || !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, "/login?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
	})
}
