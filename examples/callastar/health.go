package main

import "net/http"

// health says whether the service can work: GET /healthz.
func (a *app) health(w http.ResponseWriter, r *http.Request) {
	pool, err := a.gorm.DB()
	if err == nil {
		err = pool.PingContext(r.Context())
	}
	if err != nil {
		fail(w, http.StatusServiceUnavailable, "no database")
		return
	}
	reply(w, http.StatusOK, map[string]any{"success": true})
}
