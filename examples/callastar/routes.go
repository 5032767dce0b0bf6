package main

import (
	"net/http"

	"github.com/callastar/syslog/requestctx"
)

// routes is every address of the service.
func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.health)

	mux.HandleFunc("POST /api/auth/login", a.login)
	mux.HandleFunc("POST /api/bookings", a.only(roleUser, a.createBooking))
	mux.HandleFunc("POST /api/payments/webhook", a.stripeWebhook)
	mux.HandleFunc("POST /api/admin/payouts/{id}/approve", a.only(roleAdmin, a.approvePayout))

	mux.Handle("GET /{$}", http.RedirectHandler(pagePath, http.StatusSeeOther))
	mux.HandleFunc("GET /login", a.loginPage)
	mux.HandleFunc("POST /login", a.loginForm)
	mux.HandleFunc("POST /logout", a.logout)
	mux.HandleFunc("GET /login/style.css", loginStyle)

	a.admin.Register(mux) // the activity log, for administrators and the scheduler
	return described(a.recovered(sameSite(a.toLogin(mux))))
}

// sameSite refuses what other sites have a browser send: with its cookie it would be
// somebody's doing who knows nothing of it.
func sameSite(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusForbidden, "the request comes from another site")
	}))
	return p.Handler(next)
}

// described has every event that is logged for a request tell of it: its id, and the
// client's address. Behind a proxy of your own, name that in TrustedProxies.
func described(next http.Handler) http.Handler {
	wrap, err := requestctx.New(nil)
	if err != nil {
		panic(err) // of options, which there are none of
	}
	return wrap(next)
}
