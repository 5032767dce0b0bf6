package pgtest

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// asked is the one user of a throw-away cluster who is asked for a password.
const asked = "syslog_asked"

// askForPassword puts that into the cluster's rules.
func askForPassword(data string) error {
	path := filepath.Join(data, "pg_hba.conf")
	rules, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return os.WriteFile(path, append([]byte("host all "+asked+" all scram-sha-256\n"), rules...), 0o600)
}

// WithPassword returns the connection string of a user whose password is another
// one than this. A server that [Env] names must ask its users for passwords.
func WithPassword(t testing.TB, password string) string {
	t.Helper()
	u, err := url.Parse(New(t))
	if err != nil {
		t.Fatal(err)
	}
	do(t, "DROP ROLE IF EXISTS "+asked)
	do(t, "CREATE ROLE "+asked+" LOGIN PASSWORD 'the right one'")
	t.Cleanup(func() { do(t, "DROP ROLE "+asked) })
	u.User = url.UserPassword(asked, password)
	return u.String()
}
