package main

import (
	"errors"
	"net/http"

	"github.com/callastar/syslog/admin"
)

// newAdmin serves the activity log to administrators, by the sessions of this service.
func (a *app) newAdmin() (*admin.Handler, error) {
	return admin.New(a.logger, &admin.Options{
		Authorize: func(r *http.Request) (admin.Principal, error) {
			who, ok := a.sessions.of(r)
			switch {
			case !ok:
				return admin.Principal{}, admin.ErrUnauthenticated
			case who.role != roleAdmin:
				a.denied(r, who.actor(), "needs role "+roleAdmin)
				return admin.Principal{}, errors.New("not an administrator")
			}
			return admin.Principal{ID: who.userID, Name: who.email, Perms: admin.PermAll}, nil
		},
		CronSecret:   a.cronSecret,
		QueryTimeout: a.queryTimeout,
		// Shown of one event at a time, to who asks for it, and that is recorded.
		Mask: admin.DefaultMask().With("email", "ip*"),
	})
}
