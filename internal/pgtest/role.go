package pgtest

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
)

// Role returns the connection string of a user with no rights but those of
// everybody, in the database of dsn.
func Role(t testing.TB, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	name := "role_" + strings.ToLower(rand.Text())
	password := rand.Text()
	do(t, "CREATE ROLE "+name+" LOGIN PASSWORD '"+password+"'")
	t.Cleanup(func() {
		doIn(t, dsn, "DROP OWNED BY "+name)
		do(t, "DROP ROLE "+name)
	})
	u.User = url.UserPassword(name, password)
	return u.String()
}
