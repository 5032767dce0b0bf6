package main

import (
	"errors"
	"net/http"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// login starts a session: POST /api/auth/login {"email":…,"password":…}.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	if err := decode(w, r, &in); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	u, token, no := a.signIn(r, in.Email, in.Password)
	if no.status != 0 {
		fail(w, no.status, no.message)
		return
	}
	reply(w, http.StatusOK, map[string]any{"success": true, "user": u, "token": token})
}

// signIn starts a session. A refusal is the same whether the address is unknown or the
// password wrong; the log says which.
func (a *app) signIn(r *http.Request, email, password string) (u User, token string, no refusal) {
	u, err := a.authenticate(r, email, password)
	if err == nil {
		a.logger.Auth(r.Context(), syslog.AuthLogin, u.ID, true, syslog.Metadata{"email": u.Email, "role": u.Role})
		return u, a.sessions.start(u), no
	}
	if _, ok := errors.AsType[refusal](err); !ok {
		a.logger.APIError(r.Context(), r.URL.Path, err, syslog.Guest())
		return u, "", refusal{http.StatusInternalServerError, "internal error"}
	}
	// Nobody is signed in, so no user ID: the actor is a guest.
	a.logger.Auth(r.Context(), syslog.AuthLogin, "", false, syslog.Metadata{"email": email, "reason": err.Error()})
	return u, "", refusal{http.StatusUnauthorized, "authentication failed"}
}

func (a *app) authenticate(r *http.Request, email, password string) (User, error) {
	var u User
	err := a.gorm.WithContext(r.Context()).Take(&u, "email = ?", email).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		_, _ = hashPassword(password, a.iterations) // as slow as for a known address
		return u, refusal{http.StatusUnauthorized, "unknown email"}
	case err != nil:
		return u, err
	case !checkPassword(u.PasswordHash, password):
		return u, refusal{http.StatusUnauthorized, "wrong password"}
	}
	return u, nil
}
