package main

import "net/http"

// routes is every address of the service.
func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.health)

	mux.HandleFunc("POST /api/auth/login", a.login)
	mux.HandleFunc("POST /api/bookings", a.only(roleUser, a.createBooking))
	mux.HandleFunc("POST /api/payments/webhook", a.stripeWebhook)
	mux.HandleFunc("POST /api/admin/payouts/{id}/approve", a.only(roleAdmin, a.approvePayout))

	a.admin.Register(mux) // the activity log, for administrators and the scheduler
	return a.recovered(mux)
}
