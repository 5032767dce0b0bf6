// Package redact decides by its name whether a field holds a secret.
//
// Names are compared without case and without separators, and a listed name
// also matches at the end of a longer one where a word begins: "password"
// matches password, PASSWORD, new_password, userPassword and X-Password, but
// neither passwordResetAt nor compassword.
package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Default lists the names that are redacted unless the host says otherwise.
func Default() []string {
	return []string{
		"password", "passwords", "passwd", "pwd", "passphrase", "passcode", "passwordHash",
		"token", "tokens", "jwt", "bearer", "otp", "totp", "mfaCode",
		"secret", "secrets", "secretKey", "privateKey", "accessKey", "signingKey", "encryptionKey",
		"apiKey", "apiKeys", "credential", "credentials",
		"authorization", "cookie", "cookies", "setCookie",
		"cardNumber", "cardNo", "cvv", "cvv2", "cvc", "ssn",
	}
}

// Set is an immutable list of names. The nil Set matches nothing.
type Set struct {
	names []string
	ends  [1296]bool // by the last two characters of a name
}

// New makes a Set. Names without a letter or digit are ignored.
func New(names ...string) *Set {
	s := &Set{}
	for _, n := range names {
		n = Normal(n)
		if n == "" {
			continue
		}
		s.names = append(s.names, n)
		if i := end(n); i >= 0 {
			s.ends[i] = true
		} else if len(n) == 1 {
			for a := range 36 {
				s.ends[a*36+class(n[0])] = true
			}
		}
	}
	return s
}

// Normal is the form in which names are compared: lower case, letters and
// digits alone.
func Normal(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// Match reports whether the field of this name is to be redacted.
func (s *Set) Match(key string) bool {
	if s == nil || len(s.names) == 0 {
		return false
	}
	if i := end(key); i >= 0 && !s.ends[i] {
		return false
	}
	return s.slow(key)
}

// Mentions reports whether one of the names stands anywhere in a text.
func (s *Set) Mentions(text string) bool {
	if s == nil {
		return false
	}
	text = Normal(text)
	for _, n := range s.names {
		if strings.Contains(text, n) {
			return true
		}
	}
	return false
}

// slow compares the ends of key that start at a word with every name.
func (s *Set) slow(key string) bool {
	if len(key) > 256 {
		key = key[len(key)-256:]
	}
	runes := []rune(key)
	for i := range runes {
		if !wordAt(runes, i) {
			continue
		}
		tail := Normal(string(runes[i:]))
		for _, n := range s.names {
			if tail == n {
				return true
			}
		}
	}
	return false
}

// wordAt reports whether a word starts at runes[i].
func wordAt(rs []rune, i int) bool {
	if i == 0 {
		return true
	}
	prev, cur := rs[i-1], rs[i]
	if !unicode.IsLetter(prev) && !unicode.IsDigit(prev) {
		return true
	}
	if !unicode.IsUpper(cur) {
		return false
	}
	return !unicode.IsUpper(prev) || i+1 < len(rs) && unicode.IsLower(rs[i+1])
}

// end maps the last two letters or digits of key to an index of Set.ends. It is
// -1 where that does not decide: a shorter key, or one that ends otherwise.
func end(key string) int {
	n := len(key)
	if n < 2 {
		return -1
	}
	a, b := class(key[n-2]), class(key[n-1])
	if a < 0 || b < 0 {
		return -1
	}
	return a*36 + b
}

func class(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case c >= 'A' && c <= 'Z':
		return int(c - 'A')
	case c >= '0' && c <= '9':
		return int(c-'0') + 26
	}
	return -1
}

// Starts reports whether one of some prefixes, which are Normal, stands in a name where a
// word begins: "ip" in ip, IPv4, ip_address and clientIP, but not in zip or recipient.
func Starts(key string, prefixes []string) bool {
	if len(prefixes) == 0 {
		return false
	}
	runes := []rune(key)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || !wordAt(runes, i) {
			continue
		}
		for _, prefix := range prefixes {
			if startsWith(runes[i:], prefix) {
				return true
			}
		}
	}
	return false
}

// startsWith passes over what Normal leaves out.
func startsWith(runes []rune, prefix string) bool {
	for _, r := range runes {
		if prefix == "" {
			break
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		want, size := utf8.DecodeRuneInString(prefix)
		if unicode.ToLower(r) != want {
			return false
		}
		prefix = prefix[size:]
	}
	return prefix == ""
}
