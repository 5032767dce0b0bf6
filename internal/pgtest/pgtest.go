// Package pgtest gives tests a real PostgreSQL server: the one that
// SYSLOG_TEST_POSTGRES names by its connection string, or else a throw-away
// cluster made from the binaries on the machine, one for each test binary. Start
// makes one for a test alone, which may take it down, and Bouncer puts a pooler
// in front of a server.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of gorm.io/driver/postgres
)

// Env names a server to use instead of a throw-away cluster. Its user must be
// allowed to create databases.
const Env = "SYSLOG_TEST_POSTGRES"

var (
	once    sync.Once
	server  string // connection string
	errBoot error
	stop    = func() {}
)

// Main runs the tests of a package that uses New, and ends the cluster. It
// returns the exit code.
func Main(m *testing.M) int {
	defer func() { stop() }()
	return m.Run()
}

// New returns the connection string of a new, empty database, which is dropped
// when the test ends. Without a server the test fails: a database that is not
// tested is not supported.
func New(t testing.TB) string {
	t.Helper()
	once.Do(boot)
	if errBoot != nil {
		t.Fatalf("PostgreSQL: %v; or set %s to a server's connection string", errBoot, Env)
	}
	name := "test_" + strings.ToLower(rand.Text())
	do(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { do(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("PostgreSQL: %s must be a URL: %v", Env, err)
	}
	u.Path = "/" + name
	return u.String()
}

func do(t testing.TB, statement string) {
	t.Helper()
	doIn(t, server, statement)
}

func doIn(t testing.TB, dsn, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err == nil {
		_, err = db.ExecContext(context.Background(), statement)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatalf("PostgreSQL: %s: %v", statement, err)
	}
}

// boot finds or starts the server.
func boot() {
	if server = os.Getenv(Env); server != "" {
		return
	}
	var c *cluster
	if c, errBoot = newCluster(); errBoot == nil {
		server, stop = c.dsn(), c.end
	}
}
