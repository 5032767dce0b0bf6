package main

import (
	"net/http"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.user()
	l, metadata := s.one("AUTH_LOGIN")
	requireLog(t, l, syslog.LevelInfo, syslog.User("usr_ada"))
	require.Equal(t, true, metadata["success"])
	require.Equal(t, "ada@example.com", metadata["email"])
	require.Equal(t, "USER", metadata["role"])
	require.Equal(t, "127.0.0.1", metadata["ip"])
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	for reason, in := range map[string][2]string{
		"wrong password": {"ada@example.com", "hunter2"},
		"unknown email":  {"nobody@example.com", "correct horse"},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			a, token, err := s.c.login(t.Context(), in[0], in[1])
			s.status(http.StatusUnauthorized)(a, err)
			require.Empty(t, token)
			require.Equal(t, "authentication failed", a.body["error"], "the answer tells which addresses exist")
			l, metadata := s.one("AUTH_LOGIN")
			requireLog(t, l, syslog.LevelWarning, syslog.Guest())
			require.Equal(t, reason, metadata["reason"])
			require.NotContains(t, string(l.Metadata), in[1])
		})
	}
}

func TestLoginWithoutDatabase(t *testing.T) {
	t.Parallel()
	s := newService(t)
	require.NoError(t, s.gorm.Migrator().DropTable(&User{}))
	a, _, err := s.c.login(t.Context(), "ada@example.com", "correct horse")
	s.status(http.StatusInternalServerError)(a, err)
	l, metadata := s.one("API_ERROR")
	requireLog(t, l, syslog.LevelError, syslog.Guest())
	require.Contains(t, metadata["errorMessage"], "no such table")
	require.NotContains(t, a.body["error"], "table")
}

func TestPassword(t *testing.T) {
	t.Parallel()
	hash, err := hashPassword("secret", 10)
	require.NoError(t, err)
	require.True(t, checkPassword(hash, "secret"))
	require.False(t, checkPassword(hash, "secrets"))
	for _, broken := range []string{"", "$$", "10$!$!", "x$YQ$YQ", "10$YQ$YQ", "10$YQ$"} {
		require.False(t, checkPassword(broken, ""), broken)
	}
}
