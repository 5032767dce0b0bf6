package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/callastar/syslog"
)

// signedIn is a handler that knows who asks.
type signedIn func(w http.ResponseWriter, r *http.Request, who session)

// only lets sessions of one role through. Everybody else is told so, and logged.
func (a *app) only(role string, next signedIn) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, ok := a.sessions.of(r)
		switch {
		case !ok:
			a.denied(r, syslog.Guest(), "not signed in")
			w.Header().Set("WWW-Authenticate", "Bearer")
			fail(w, http.StatusUnauthorized, "sign in first")
		case who.role != role:
			a.denied(r, who.actor(), "needs role "+role)
			fail(w, http.StatusForbidden, "not allowed")
		default:
			next(w, r, who)
		}
	}
}

func (a *app) denied(r *http.Request, actor syslog.Actor, reason string) {
	path, _, _ := strings.Cut(r.RequestURI, "?") // of URL.Path the prefix may be taken away
	a.logger.Warning(r.Context(), "ACCESS_DENIED", actor, "Access to "+path+" denied", syslog.Metadata{"path": path, "reason": reason})
}

// actor is who a session belongs to, in the words of the log.
func (s session) actor() syslog.Actor {
	return syslog.Actor{Kind: syslog.LogActor(s.role), ID: s.userID}
}

// recovered answers and logs when a handler panics.
func (a *app) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler: // half an export: net/http breaks the connection off
				panic(v)
			default:
				a.logger.APIError(r.Context(), r.URL.Path, fmt.Errorf("panic: %v", v), syslog.System(),
					syslog.AtLevel(syslog.LevelCritical))
				fail(w, http.StatusInternalServerError, "internal error")
			}
		}()
		next.ServeHTTP(w, r)
	})
}
