package main

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"strings"
	"sync"
	"time"
)

// sessionAge is how long somebody stays signed in.
const sessionAge = 12 * time.Hour

// cookieName is the cookie that a browser has its token in.
const cookieName = "callastar_session"

type session struct {
	userID, email, role string
	ends                time.Time
}

// sessions are kept in memory, under the hash of their token: who reads the
// memory of the service cannot sign in with it.
type sessions struct {
	mu  sync.Mutex
	m   map[[sha256.Size]byte]session
	now func() time.Time
}

func newSessions(now func() time.Time) *sessions {
	return &sessions{m: map[[sha256.Size]byte]session{}, now: now}
}

// start returns the token of a new session.
func (s *sessions) start(u User) string {
	token := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, old := range s.m {
		if s.now().After(old.ends) {
			delete(s.m, k)
		}
	}
	s.m[sha256.Sum256([]byte(token))] = session{u.ID, u.Email, u.Role, s.now().Add(sessionAge)}
	return token
}

// of finds the session of a request.
func (s *sessions) of(r *http.Request) (session, bool) {
	token := tokenOf(r)
	if token == "" {
		return session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.m[sha256.Sum256([]byte(token))]
	return found, ok && s.now().Before(found.ends)
}

// end ends the session of a request, if it has one.
func (s *sessions) end(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.m, sha256.Sum256([]byte(tokenOf(r))))
}

// tokenOf is what a program sends as "Authorization: Bearer <token>", and a browser as
// its cookie.
func tokenOf(r *http.Request) string {
	if given := r.Header.Get("Authorization"); given != "" {
		if scheme, token, _ := strings.Cut(given, " "); strings.EqualFold(scheme, "Bearer") {
			return token
		}
		return ""
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie keeps a token from scripts, and from requests that other sites have somebody
// send. An empty token takes it away.
func cookie(r *http.Request, token string) *http.Cookie {
	c := &http.Cookie{
		Name: cookieName, Value: token, Path: "/", MaxAge: int(sessionAge / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}
