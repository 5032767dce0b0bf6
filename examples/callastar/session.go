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

type session struct {
	userID, role string
	ends         time.Time
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
	s.m[sha256.Sum256([]byte(token))] = session{u.ID, u.Role, s.now().Add(sessionAge)}
	return token
}

// of finds the session of a request, by "Authorization: Bearer <token>".
func (s *sessions) of(r *http.Request) (session, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return session{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.m[sha256.Sum256([]byte(token))]
	return found, ok && s.now().Before(found.ends)
}
