package redact

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatch(t *testing.T) {
	s := New(append(Default(), "E-mail", "日本")...)
	for _, key := range []string{
		"password", "PASSWORD", "Password", "new_password", "userPassword", "X-Password", "pass-word", "accessToken",
		"csrf.token", "apiKey", "API_KEY", "api-key", "myAPIKey", "Set-Cookie", "HTTPCookie", "authorization",
		"cardNumber", "card_number", "email", "userEmail", "日本", "の 日本", "password ", "password_", "p a s s w o r d",
	} {
		require.True(t, s.Match(key), key)
	}
	for _, key := range []string{
		"", "p", "passwordResetAt", "compassword", "tokenCount", "key", "userId", "amount", "currency", "secretary",
		"femail", "日", "🙂", "\xff\xfe", "bookingId", "id",
	} {
		require.False(t, s.Match(key), key)
	}
	require.False(t, (*Set)(nil).Match("password"))
	require.False(t, New().Match("password"))
	require.False(t, New("", "--").Match("--"))
}

func FuzzMatch(f *testing.F) {
	s := New(Default()...)
	f.Add("x-api-key")
	f.Fuzz(func(t *testing.T, key string) {
		if s.Match(key) != s.slow(key) {
			t.Fatalf("the shortcut and the comparison differ on %q", key)
		}
	})
}
