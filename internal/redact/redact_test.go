package redact

import (
	"strings"
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

// TestStarts: where a word begins, whatever stands between.
func TestStarts(t *testing.T) {
	prefixes := []string{"ip", "useragent", "é"}
	for _, key := range []string{"ip", "IP", "IPv4", "ip_address", "ip-", "clientIp", "clientIP", "client.ip.v6", "i_p", "userAgentRaw", "x-user-agent", "user agent", "État", "__ip"} {
		require.True(t, Starts(key, prefixes), key)
	}
	for _, key := range []string{"", "i", "zip", "recipient", "Zip", "chip", "user", "agentUser", "i", "_", "\xff"} {
		require.False(t, Starts(key, prefixes), key)
	}
	require.False(t, Starts("ip", nil))
	for _, filler := range []string{"_", "i", "i_", "A"} { // in time that grows with the name
		require.False(t, Starts(strings.Repeat(filler, 1<<16), []string{"ip", strings.Repeat("i", 40) + "x"}))
	}
}
